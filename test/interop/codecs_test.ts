import { describe, test } from "bun:test";
import { deepEqual, rejects } from "node:assert/strict";
import { TruncatedError } from "../../src/errors.ts";
import { noise } from "../codecs/_runtime.ts";
import {
  blocks,
  decode,
  encode,
  ours,
  packers,
  sample,
} from "../codecs/_table.ts";
import { snappyFramed } from "../../streams/snappy.ts";
import { isMissing, peer } from "./_python.ts";

const modules = new Map([
  ["zstd", "zstandard"],
  ["brotli", "brotli"],
  ["xz", "lzma"],
  ["lzma", "lzma"],
  ["bzip2", "bz2"],
  ["lz4", "lz4.frame"],
  ["lz4-block", "lz4.block"],
  ["snappy", "snappy"],
  ["snappy-framed", "snappy"],
]);
const all = [
  ...packers,
  ...ours,
  ...blocks,
  { name: "snappy-framed", codec: snappyFramed() },
];
const inputs = [new Uint8Array(0), sample, noise(300_000)];

for (const row of all) {
  const { name } = row.codec;
  const module = modules.get(name) ?? "zlib";
  const missing = isMissing(module);

  describe(`${row.name} and Python's ${module}`, () => {
    test.skipIf(missing)("reads what is written here", async () => {
      for (const input of inputs) {
        deepEqual(peer("unpack", await encode(row, input), name), input);
      }
    });

    test.skipIf(missing)("writes what is read here", async () => {
      for (const input of inputs) {
        const coded = peer("pack", input, name);
        deepEqual(await decode(row, coded), input);
        await rejects(decode(row, coded.subarray(0, -1)), TruncatedError);
      }
    });
  });
}
