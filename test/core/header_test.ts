/** Headers are packed by ourselves: byte for byte as `@msgpack/msgpack` does it, and read as it does. */
import { decode, encode, ExtData } from "@msgpack/msgpack";
import { describe, test } from "bun:test";
import { deepEqual, throws } from "node:assert/strict";
import { FormatError } from "../../mod.ts";
import { packHeader } from "../../src/msgpack/pack_header.ts";
import { unpackHeader } from "../../src/msgpack/unpack_header.ts";

const edges = [5, 7, 8, 15, 16, 31, 32, 40, 52]
  .flatMap((bits) => [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]);

const values: readonly unknown[] = [
  ...[0, ...edges, ...edges.map((value) => -value)],
  ...[2 ** 53 - 1, 1 - 2 ** 53, 2 ** 53, 0.1, -1e300, NaN, Infinity],
  ...[true, false, null],
  ...[0, 31, 32, 255, 256, 65_535, 65_536].map((n) => "a".repeat(n)),
  ...["ü", "€".repeat(100), "\u{1f9c2}", "\ufeffa", "a".repeat(100) + "ü"],
  ...[0, 15, 16, 65_536].map((n) => Array(n).fill(1)),
  ...[0, 1, 15, 16, 65_536].map((n) =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]))
  ),
  ...[0, 255, 256, 65_536].map((n) => new Uint8Array(n)),
  { a: [{ b: [null, "c"] }, 1.5], d: { e: new Uint8Array([1]) } },
];

describe("headers in msgpack", () => {
  test("are packed and read as @msgpack/msgpack does it", () => {
    for (const value of values) {
      const bytes = packHeader(value, 32);
      deepEqual(bytes, new Uint8Array(encode(value)));
      deepEqual(unpackHeader("test", bytes, 32), decode(bytes));
    }
  });

  test("hold float32, and integers beyond what a number can", () => {
    const all = [2n ** 64n - 1n, -(2n ** 63n), 1n];
    const bytes = encode(all, { useBigInt64: true });
    deepEqual(unpackHeader("test", bytes, 32), [all[0], all[1], 1]);
    const half = encode([0.5], { forceFloat32: true });
    deepEqual(unpackHeader("test", half, 32), [0.5]);
  });

  test("hold nothing else", () => {
    for (
      const value of [1n, Symbol(), new Date(), new Map(), "\ud800", "ü\udc00"]
    ) {
      throws(() => packHeader([value], 32), TypeError);
    }
    throws(() => packHeader([[[]]], 2), TypeError);
    for (const value of [new Date(0), new ExtData(5, new Uint8Array(3))]) {
      throws(() => unpackHeader("test", encode([value]), 32), FormatError);
    }
  });
});
