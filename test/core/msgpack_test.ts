import { Decoder, Encoder } from "@msgpack/msgpack";
import { describe, test } from "bun:test";
import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { readMsgpack } from "../../src/msgpack/read.ts";
import { MsgpackWriter } from "../../src/msgpack/writer.ts";
import { FormatError, LimitError, TruncatedError } from "../../mod.ts";

/** Somebody else's, which ours has to agree with. */
const encoder = new Encoder({ useBigInt64: true });
const decoder = new Decoder({ useBigInt64: true });

/** A token of a graph. */
function write(token: unknown): Uint8Array {
  const out = new MsgpackWriter();
  if (typeof token === "string") out.text(token);
  else if (typeof token === "number") out.number(token);
  else if (typeof token === "bigint") out.bigint(token);
  else if (token instanceof Uint8Array) out.binary(token);
  else out.literal(token as boolean | null);
  return out.take();
}

const read = (bytes: Uint8Array) => readMsgpack("test", bytes, 1_000);

const numbers = [8, 16, 31, 32, 33, 53, 63].flatMap((bits) =>
  [-2, -1, 0, 1].flatMap((more) => [2 ** bits + more, more - 2 ** bits])
).concat([0, 1, -1, 31, -31, -32, -33, 127, 128, 0.1, 1e300, NaN, Infinity]);
const sizes = [0, 1, 15, 16, 31, 32, 47, 48, 49, 200, 201, 255, 256, 65_536];
const texts = sizes.flatMap((n) => ["a".repeat(n), "é".repeat(n)]);
const times = [0, 1, -1, 1_000, 4_294_967_295_000, 4_294_967_296_000]
  .concat([17_179_869_183_999, 17_179_869_184_000, 8.64e15, -8.64e15])
  .map((time) => new Date(time));
const tokens: unknown[] = [
  ...[null, true, false, ...numbers, ...texts],
  ...sizes.map((n) => new Uint8Array(n).fill(7)),
];
const values: unknown[] = [
  ...[...tokens, ...times],
  ...sizes.map((n) => Array.from({ length: n }, (_, i) => i)),
  ...sizes.map((n) =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, [i]]))
  ),
];

describe("msgpack, beside another's", () => {
  test("tokens are written the same", () => {
    for (const value of tokens) deepEqual(write(value), encoder.encode(value));
    fc.assert(fc.property(fc.oneof(fc.double(), fc.string()), (token) => {
      deepEqual(write(token), encoder.encode(token));
    }));
  });

  test("any plain data is read the same", () => {
    // Both refuse this key.
    const known = fc.jsonValue().filter((value) =>
      !JSON.stringify(value).includes("__proto__")
    );
    fc.assert(fc.property(known, (value) => {
      const bytes = encoder.encode(value);
      deepEqual(read(bytes), decoded(bytes));
    }));
    const hostile = encoder.encode(JSON.parse('{"__proto__":{"a":1}}'));
    throws(() => read(hostile), FormatError);
    throws(() => decoded(hostile));
  });

  test("bigints are integers of 64 bits", () => {
    for (const value of [2n ** 63n, 2n ** 64n - 1n, -(2n ** 63n), 2n ** 60n]) {
      const bytes = write(value);
      deepEqual(bytes, encoder.encode(value));
      equal(read(bytes), value);
    }
  });

  test("is read the same", () => {
    for (const value of values) {
      deepEqual(read(encoder.encode(value)), value);
    }
  });

  test("text begins with a byte order mark, if it does", () => {
    equal(read(write("\ufeffa")), "\ufeffa");
  });

  test("any bytes give the same value, or an error of ours", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(bytes, (bytes) => {
        let value: unknown;
        try {
          value = read(bytes);
        } catch (error) {
          const known = error instanceof FormatError ||
            error instanceof LimitError;
          if (!known) throw error;
          return;
        }
        deepEqual(value, decoded(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  test("cut anywhere, it is truncated", () => {
    const whole = encoder.encode([
      ...[...numbers, ...texts.slice(0, 9), ...times],
    ]);
    for (let end = 0; end < whole.length; end++) {
      throws(() => read(whole.subarray(0, end)), TruncatedError);
    }
  });

  test("half a surrogate pair is no text", () => {
    const out = new MsgpackWriter();
    for (const text of ["\ud800", "x".repeat(60) + "\udc00"]) {
      equal(out.text(text), false);
    }
    equal(out.length, 0);
  });
});

/** What the other makes of it, but integers that a number can hold are numbers. */
function decoded(bytes: Uint8Array): unknown {
  const narrow = (value: unknown): unknown => {
    if (typeof value === "bigint") {
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
    if (Array.isArray(value)) return value.map(narrow);
    if (value?.constructor !== Object) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, narrow(item)]),
    );
  };
  return narrow(decoder.decode(bytes));
}
