import { describe, test } from "bun:test";
import { deepEqual, ok, throws } from "node:assert/strict";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { readBrotli } from "../../src/codecs/brotli/reader.ts";
import { readGzip } from "../../src/codecs/deflate/reader.ts";
import { Input, type NewCoder } from "../../src/codecs/input.ts";
import { FormatError, TruncatedError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { noise } from "./_runtime.ts";

const utf8 = new TextEncoder();
const text = utf8.encode(
  Array.from({ length: 900 }, (_, i) => `{"id":${i},"at":${i * 7919}}\n`)
    .join(""),
);
const own = (bytes: Uint8Array): Bytes => new Uint8Array(bytes);

const codecs: readonly [string, NewCoder, Bytes, Bytes][] = [
  ["gzip", readGzip, own(gzipSync(text)), text],
  ["brotli", readBrotli, own(brotliCompressSync(text)), text],
  ["gzip, stored", readGzip, own(gzipSync(text, { level: 0 })), text],
  [
    "brotli, stored",
    readBrotli,
    own(brotliCompressSync(noise(30_000))),
    noise(30_000),
  ],
];

/** All that comes before more input is wanted, or before a fault. */
function given(coder: NewCoder, bytes: Bytes, ended: boolean): number[] {
  const input = new Input("test");
  input.push(bytes);
  input.ended = ended;
  const all: number[] = [];
  const run = () => {
    for (const part of coder(input)) {
      if (!part) return;
      for (const byte of part) all.push(byte);
    }
  };
  if (ended) throws(run, FormatError);
  else run();
  return all;
}

describe("what is decoded in JavaScript is given", () => {
  for (const [name, coder, coded, plain] of codecs) {
    const half = coded.subarray(0, coded.length / 2);
    const begin = (bytes: number[]) => {
      ok(bytes.length > plain.length / 4, `${bytes.length} bytes`);
      deepEqual(Uint8Array.from(bytes), plain.slice(0, bytes.length));
    };

    test(`before more is waited for: ${name}`, () => {
      begin(given(coder, half, false));
    });

    test(`before it is said that the rest is missing: ${name}`, () => {
      begin(given(coder, half, true));
      throws(() => {
        const input = new Input("test");
        input.push(half);
        input.ended = true;
        for (const _ of coder(input));
      }, TruncatedError);
    });
  }

  test("before damage is told of: gzip", () => {
    const damaged = own(gzipSync(text));
    damaged.fill(0xff, damaged.length / 2);
    const bytes = given(readGzip, damaged, true);
    ok(bytes.length > text.length / 4, `${bytes.length} bytes`);
  });
});
