import { describe, test } from "bun:test";
import { deepEqual } from "node:assert/strict";
import { dumps, formatOf, loads } from "../../mod.ts";
import { isMissing, peer } from "./_python.ts";

const missing = isMissing("json");
const noMsgpack = isMissing("msgpack");

const values: readonly unknown[] = [
  ...Array.from({ length: 5_000 }, (_, id) => ({
    id,
    name: `Ångström 🧂 \u2028 "${id}"\n\\`,
    tags: ["\u0000", "\ud7ff", "é", "\x7f"],
    numbers: [id / 3, -1 - id, 1e300 / (id + 1), 5e-324, 2 ** 53 - 1],
    nested: { "": {}, a: [[], [null, true, false]] },
  })),
  "a string",
  12.5,
  null,
];

for (const name of ["ndjson", "json-seq", "json-array", "msgpack"]) {
  const stage = formatOf(name).batches();
  const command = name === "msgpack" ? "read_msgpack" : "read_json";
  const skip = name === "msgpack" ? noMsgpack : missing;

  describe(`${name} and Python`, () => {
    test.skipIf(skip)(
      "it reads what is written here, and the other way round",
      async () => {
        const theirs = peer(command, await dumps(values, stage), name);
        const back: unknown[] = [];
        const stream = new Blob([theirs]).stream() as ReadableStream<
          typeof theirs
        >;
        for await (const batch of stream.pipeThrough(stage.decoder())) {
          back.push(...batch);
        }
        deepEqual(back, values);
      },
    );
  });
}

test.skipIf(missing)("json and Python: a document, both ways", async () => {
  const stage = formatOf("json").batches();
  const theirs = peer("read_json", await dumps([{ values }], stage), "json");
  deepEqual(await loads(theirs, stage), [{ values }]);
});
