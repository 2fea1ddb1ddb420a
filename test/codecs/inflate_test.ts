import { describe, test } from "bun:test";
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { deflateSync, gzipSync } from "node:zlib";
import { concat } from "../../src/bytes.ts";
import { inflateZlib, readGzip } from "../../src/codecs/deflate/reader.ts";
import { Input } from "../../src/codecs/input.ts";
import { FormatError, LimitError, TruncatedError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { noise } from "./_runtime.ts";

const utf8 = new TextEncoder();
const text = utf8.encode(
  Array.from({ length: 4_000 }, (_, i) => `{"id":${i},"at":${i * 7919}}\n`)
    .join(""),
);
const plain: readonly Bytes[] = [
  new Uint8Array(0),
  Uint8Array.of(7),
  noise(70_000),
  noise(200_000).map((byte) => byte & 3),
  new Uint8Array(300_000),
  text,
];
/** Node's own, as bytes of ours. */
const own = (bytes: Uint8Array): Bytes => new Uint8Array(bytes);

function gunzip(coded: Bytes, size: number): Bytes {
  const input = new Input("gzip");
  const parts: Bytes[] = [];
  let at = 0;
  for (const part of readGzip(input)) {
    if (part) parts.push(part);
    else if (at === coded.length) input.ended = true;
    else input.push(coded.subarray(at, at = Math.min(at + size, coded.length)));
  }
  return concat(parts);
}

describe("inflate", () => {
  // Stored, with fixed codes, with codes of their own, of runs only, and of letters only.
  for (const level of [0, 1, 9]) {
    for (const strategy of [0, 2, 3, 4]) {
      test(`reads level ${level} of strategy ${strategy}`, () => {
        for (const bytes of plain) {
          const coded = own(deflateSync(bytes, { level, strategy }));
          equal(compare(inflateZlib(coded, 1e6), bytes), 0);
        }
      });
    }
  }

  test("reads members of gzip however they are cut, with zeros behind", () => {
    const members = plain.map((bytes) => own(gzipSync(bytes)));
    const coded = concat([...members, new Uint8Array(5)]);
    for (const size of [1, 7, 65_536]) {
      equal(compare(gunzip(coded, size), concat(plain)), 0);
    }
    throws(() => gunzip(concat([coded, Uint8Array.of(1)]), 9), FormatError);
  });

  test("sees every cut", () => {
    const coded = own(deflateSync(text.subarray(0, 2_000)));
    for (let end = 0; end < coded.length; end++) {
      throws(() => inflateZlib(coded.subarray(0, end), 1e6), TruncatedError);
    }
  });

  test("sees every flipped bit that says something, by the checksum at last", () => {
    const bytes = text.subarray(0, 500);
    const coded = own(deflateSync(bytes));
    let passed = 0;
    for (let bit = 0; bit < 8 * coded.length; bit++) {
      const damaged = coded.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      try {
        deepEqual(inflateZlib(damaged, 1e6), bytes);
        passed++;
      } catch (error) {
        ok(error instanceof FormatError, String(error));
      }
    }
    ok(passed < 8, `${passed} bits behind the end of the data`);
  });

  test("stops at the limit", () => {
    const bomb = own(deflateSync(new Uint8Array(1e7)));
    throws(() => inflateZlib(bomb, 1e6), LimitError);
  });
});

function compare(a: Bytes, b: Bytes): number {
  if (a.length !== b.length) return a.length - b.length;
  return a.findIndex((byte, i) => byte !== b[i]) + 1;
}
