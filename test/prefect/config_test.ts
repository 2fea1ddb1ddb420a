import { describe, test } from "bun:test";
import { deepEqual, equal, throws } from "node:assert/strict";
import { FormatError } from "../../src/errors.ts";
import {
  prefectLibraries,
  serializer,
  type SerializerConfig,
} from "../../streams/prefect/mod.ts";

const JSON_CONFIG = {
  type: "json",
  jsonlib: "json",
  object_encoder: "prefect.serializers.prefect_json_object_encoder",
  object_decoder: "prefect.serializers.prefect_json_object_decoder",
  dumps_kwargs: {},
  loads_kwargs: {},
};
const PICKLE_CONFIG = {
  type: "pickle",
  picklelib: "cloudpickle",
  picklelib_version: null,
};

/** What is given, and what Prefect 3.8.8 stores. */
const kept: readonly (readonly [SerializerConfig, object])[] = [
  [{ type: "json" }, JSON_CONFIG],
  [{ type: "json", jsonlib: "orjson", object_encoder: null }, {
    ...JSON_CONFIG,
    jsonlib: "orjson",
    object_encoder: null,
  }],
  [{ loads_kwargs: { strict: false }, type: "json", dumps_kwargs: { a: 1 } }, {
    ...JSON_CONFIG,
    dumps_kwargs: { a: 1 },
    loads_kwargs: { strict: false },
  }],
  [{ picklelib_version: "2.2.0", type: "pickle" }, {
    ...PICKLE_CONFIG,
    picklelib_version: "2.2.0",
  }],
  [{ type: "compressed", serializer: "json" }, {
    type: "compressed",
    serializer: JSON_CONFIG,
    compressionlib: "lzma",
  }],
  [{ type: "compressed/json", serializer: "pickle" }, {
    type: "compressed/json",
    serializer: PICKLE_CONFIG,
    compressionlib: "lzma",
  }],
  [
    {
      type: "compressed",
      serializer: { type: "compressed/json", compressionlib: "zlib" },
      compressionlib: "bz2",
    },
    {
      type: "compressed",
      serializer: {
        type: "compressed/json",
        serializer: JSON_CONFIG,
        compressionlib: "zlib",
      },
      compressionlib: "bz2",
    },
  ],
  [{ type: "__unknown__", of: [1] }, { type: "__unknown__", of: [1] }],
];

/** What is given, where Prefect 3.8.8 finds a fault, and its words. */
const refused: readonly (readonly [unknown, string, string])[] = [
  [{ type: null }, "$.type", "Input should be a valid string"],
  [
    { type: "x" },
    "$.type",
    "No class found for dispatch key 'x' in registry for type 'Serializer'.",
  ],
  [
    { type: 3 },
    "$.type",
    "No class found for dispatch key 3 in registry for type 'Serializer'.",
  ],
  [{ type: "json", x: 1 }, "$.x", "Extra inputs are not permitted"],
  [
    { type: "json", jsonlib: 3 },
    "$.jsonlib",
    "Input should be a valid string",
  ],
  [
    { type: "json", dumps_kwargs: [] },
    "$.dumps_kwargs",
    "Input should be a valid dictionary",
  ],
  [
    { type: "json", dumps_kwargs: { default: null } },
    "$.dumps_kwargs",
    "`default` cannot be provided. Use `object_encoder` instead.",
  ],
  [
    { type: "json", loads_kwargs: { object_hook: null } },
    "$.loads_kwargs",
    "`object_hook` cannot be provided. Use `object_decoder` instead.",
  ],
  [
    { type: "pickle", picklelib: "nope" },
    "$.picklelib",
    "Failed to import requested pickle library: 'nope'.",
  ],
  [
    { type: "pickle", picklelib: "zlib" },
    "$.picklelib",
    "Pickle library at 'zlib' does not have a 'dumps' method.",
  ],
  [{ type: "pickle", picklelib: "" }, "$.picklelib", "Empty module name"],
  [
    { type: "compressed/json", compressionlib: "json" },
    "$.compressionlib",
    "Compression library at 'json' does not have a 'compress' method.",
  ],
  [
    { type: "compressed/json", compressionlib: "lz4" },
    "$.compressionlib",
    "Compression library at 'lz4' does not have a 'compress' method.",
  ],
  [
    { type: "compressed/json", level: 3 },
    "$.level",
    "Extra inputs are not permitted",
  ],
  [{ type: "compressed" }, "$.serializer", "Field required"],
  [
    { type: "compressed/pickle", serializer: null },
    "$.serializer",
    "Input should be a valid dictionary or instance of Serializer",
  ],
  [
    { type: "compressed", serializer: { type: "compressed", serializer: "x" } },
    "$.serializer.serializer.type",
    "No class found for dispatch key 'x' in registry for type 'Serializer'.",
  ],
];

describe("settings", () => {
  for (const [given, stored] of kept) {
    test(`${JSON.stringify(given)} are kept`, () => {
      const of = serializer(given);
      equal(JSON.stringify(of), JSON.stringify(stored));
      equal(JSON.stringify(serializer(of.toJSON())), JSON.stringify(stored));
    });
  }
  for (const [given, path, message] of refused) {
    test(`${JSON.stringify(given)} are refused`, () => {
      throws(() => serializer(given as SerializerConfig), (error) => {
        if (!(error instanceof FormatError)) return false;
        equal(error.path, path);
        return error.message.includes(message);
      });
    });
  }

  test("are those of each, and are not changed by whoever gave them", () => {
    const given = { type: "json", dumps_kwargs: { indent: 1 } };
    const of = serializer(given);
    given.dumps_kwargs.indent = 2;
    (of.toJSON().dumps_kwargs as { indent: number }).indent = 3;
    deepEqual(of.toJSON().dumps_kwargs, { indent: 1 });
    equal(serializer(of), of);
  });

  test("name every library that Prefect's users name", () => {
    deepEqual([...prefectLibraries.compressions()], [
      "lzma",
      "zlib",
      "gzip",
      "bz2",
      "zstandard",
      "lz4.frame",
      "lz4.block",
      "snappy",
      "brotli",
    ]);
  });
});
