import { describe, test } from "bun:test";
import { deepEqual, equal, throws } from "node:assert/strict";
import { UnknownNameError } from "../../src/errors.ts";
import { detectBytes, detectName } from "../../streams/detect.ts";
import { codecOf } from "../../streams/formats.ts";
import { lzma } from "../../streams/xz.ts";
import { encode, sample } from "./_table.ts";

describe("codecs are known", () => {
  const known = [
    ["gzip", ".gz"],
    ["zstd", ".zst"],
    ["deflate", ".zz"],
    ["xz", ".xz"],
    ["lzma", ".lzma"],
    ["bzip2", ".bz2"],
    ["lz4", ".lz4"],
    ["snappy-framed", ".sz"],
  ] as const;
  for (const [name, extension] of known) {
    test(`${name}, by its first bytes and by ${extension}`, async () => {
      for (const input of [new Uint8Array(0), sample]) {
        const coded = await encode({ name, codec: codecOf(name) }, input);
        equal(detectBytes(coded.subarray(0, 64)).codec?.name, name);
      }
      const { codec, format } = detectName(`a.ndjson${extension}`);
      deepEqual([codec?.name, format?.name], [name, "ndjson"]);
    });
  }

  test("lzma, of any preset", async () => {
    for (const preset of [0, 3, 9]) {
      const coded = await encode({ name: "", codec: lzma({ preset }) }, sample);
      equal(detectBytes(coded).codec?.name, "lzma");
    }
  });

  test("by Python's names", () => {
    const names = ["zlib", "bz2", "zstandard", "lz4.frame", "lz4.block"];
    deepEqual(names.map((name) => codecOf(name).name), [
      "deflate",
      "bzip2",
      "zstd",
      "lz4",
      "lz4-block",
    ]);
    throws(() => codecOf("toString"), UnknownNameError);
  });
});
