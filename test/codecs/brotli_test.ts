/** Brotli as it is written here, against that of the runtime. */
import { describe, test } from "bun:test";
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { concat } from "../../src/bytes.ts";
import { BitWriter } from "../../src/codecs/brotli/bit_writer.ts";
import { wordOf } from "../../src/codecs/brotli/dictionary.ts";
import { readBrotli } from "../../src/codecs/brotli/reader.ts";
import { Ring } from "../../src/codecs/brotli/ring.ts";
import { writeBrotli } from "../../src/codecs/brotli/writer.ts";
import { Input, type NewCoder } from "../../src/codecs/input.ts";
import { FormatError, TruncatedError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { brotli } from "../../streams/brotli.ts";
import { decode, encode } from "./_table.ts";
import { noise, withoutBrotliOf } from "./_runtime.ts";

const isDeno = "Deno" in globalThis;
const utf8 = new TextEncoder();
const own = (bytes: Uint8Array): Bytes => new Uint8Array(bytes);

/** All of it, in pieces of some size. */
function run(coder: NewCoder, bytes: Bytes, size = 65_536): Bytes {
  const input = new Input("brotli");
  const parts: Bytes[] = [];
  let at = 0;
  for (const part of coder(input)) {
    if (part) parts.push(part);
    else if (at === bytes.length) input.ended = true;
    else input.push(bytes.subarray(at, at = Math.min(at + size, bytes.length)));
  }
  return concat(parts);
}

const rows = Array.from(
  { length: 1_500 },
  (_, i) => `{"id":${i},"at":${i * 7919},"name":"station ${i * i % 97}"}\n`,
);
/** Half is noise, half was there before, near or far. */
const mixed = (() => {
  const bytes = noise(300_000);
  for (let i = 1; i < 15; i++) {
    const from = i * 7 % i * 20_000;
    bytes.copyWithin(i * 20_000, from, from + 10_000 + i);
  }
  return bytes;
})();
const prose = utf8.encode(
  "The information about the website, which is in the World of Music — ".repeat(
    3,
  ) + "Über das Internet, and that is not the first time of development.\n",
);
const plain: readonly (readonly [name: string, bytes: Bytes])[] = [
  ["nothing", new Uint8Array(0)],
  ["a byte", Uint8Array.of(7)],
  ["prose", prose],
  ["rows", utf8.encode(rows.join(""))],
  ["noise", noise(80_000)],
  ["few symbols", noise(30_000).map((byte) => byte & 3)],
  ["zeros", new Uint8Array(400_000)],
  ["what comes again", mixed],
];

describe("brotli in JavaScript", () => {
  for (const [name, bytes] of plain) {
    test(`reads ${name} of all qualities, windows and modes`, () => {
      for (const quality of [0, 1, 3, 5, 9, 11]) {
        for (const window of bytes.length > 2e5 ? [22] : [10, 18, 24]) {
          for (const mode of [0, 1, 2]) {
            const params = {
              [constants.BROTLI_PARAM_QUALITY]: quality,
              [constants.BROTLI_PARAM_LGWIN]: window,
              [constants.BROTLI_PARAM_MODE]: mode,
            };
            const coded = own(brotliCompressSync(bytes, { params }));
            equal(compare(run(readBrotli, coded), bytes), 0);
          }
        }
      }
    });

    test(`writes ${name} as the runtime reads it`, () => {
      for (const quality of [0, 2, 4, 8, 11]) {
        const coded = run((input) => writeBrotli(input, quality), bytes);
        equal(compare(own(brotliDecompressSync(coded)), bytes), 0);
        equal(compare(run(readBrotli, coded, 999), bytes), 0);
        ok(coded.length <= bytes.length + 40);
      }
    });
  }

  test("writes over megabytes, and looks back no farther than it says", () => {
    const far = noise(1 << 19);
    const filler = noise(5 << 20, 2);
    const bytes = concat([far, far, filler, far, filler.subarray(0, 99), far]);
    const coded = run((input) => writeBrotli(input, 1), bytes);
    ok(coded.length < bytes.length - far.length);
    equal(compare(own(brotliDecompressSync(coded)), bytes), 0);
    equal(compare(run(readBrotli, coded), bytes), 0);
  });

  test("comes to about what gzip comes to", () => {
    const [, bytes] = plain[3]!;
    const coded = run((input) => writeBrotli(input, 4), bytes);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 4 };
    ok(coded.length < 1.2 * brotliCompressSync(bytes, { params }).length);
  });

  test("has the words and the transforms that all have", () => {
    const known: (readonly [length: number, number: number])[] = [];
    for (let length = 4; length <= 24; length++) {
      let count = 0;
      while (wordOf(length, count << 1) && count < 1 << 11) count++;
      for (let number = 0; wordOf(length, number); number++) {
        // All words as they are, and one of each 61 in all ways.
        if (number < 32 || number % 61 === 0) known.push([length, number]);
      }
    }
    ok(known.length > 20_000);
    const expected = known.map(([length, number]) => wordOf(length, number)!)
      .filter((word) => word.length > 0);
    const coded = wordsAsBrotli(known);
    equal(
      compare(own(brotliDecompressSync(coded)), concat(expected)),
      0,
      "the runtime reads other words",
    );
    equal(compare(run(readBrotli, coded), concat(expected)), 0);
  });

  test("asks for no memory that is not filled", () => {
    // A window of 16 MB, and a meta-block of as much.
    const writer = new BitWriter(16);
    writer.put(15, 4);
    writer.put(0, 1);
    writer.put(2, 2);
    writer.put((1 << 24) - 1, 24);
    writer.put(1, 1);
    writer.align();
    writer.putBytes(utf8.encode("salt"));
    equal(new Ring(1 << 24).bytes.length, 1 << 16);
    const input = new Input("brotli");
    input.push(writer.take());
    const steps = readBrotli(input);
    deepEqual(steps.next().value, utf8.encode("salt"));
    equal(steps.next().value, undefined);
    equal(input.length, 0);
    input.ended = true;
    throws(() => steps.next(), TruncatedError);
  });

  test("passes over data that is none", () => {
    const writer = new BitWriter(16);
    writer.put(0, 1);
    for (const length of [0, 1, 300]) {
      writer.put(0, 1);
      writer.put(3, 2);
      writer.put(0, 1);
      const bytes = length === 0 ? 0 : length < 257 ? 1 : 2;
      writer.put(bytes, 2);
      if (bytes > 0) writer.put(length - 1, 8 * bytes);
      writer.align();
      writer.putBytes(noise(length));
    }
    writer.put(3, 2);
    writer.align();
    const coded = writer.take();
    for (const size of [1, 64]) equal(run(readBrotli, coded, size).length, 0);
    equal(brotliDecompressSync(coded).length, 0);
  });

  test("refuses what the format has no meaning for", () => {
    const bad: Readonly<Record<string, readonly number[]>> = {
      "a window beyond 16 MB": [0x11],
      "a bit for what may come": [0x1c, 0, 3],
      "bits behind the end": [0x06 | 0xf0],
    };
    for (const [name, bytes] of Object.entries(bad)) {
      const coded = Uint8Array.from(bytes);
      // What Deno decodes by takes some of it for the end.
      if (!isDeno) throws(() => brotliDecompressSync(coded), name);
      throws(() => run(readBrotli, coded), FormatError, name);
    }
  });

  test("ends on whatever comes, as the runtime does", () => {
    let read = 0;
    for (let seed = 1; seed < 3_000; seed++) {
      const coded = noise(60, seed);
      let expected: Bytes | undefined;
      try {
        // Deno's tells of memory that it leaks.
        if (!isDeno) expected = own(brotliDecompressSync(coded));
      } catch {
        // So should be ours.
      }
      let got: Bytes | undefined;
      try {
        got = run(readBrotli, coded);
      } catch (error) {
        ok(error instanceof FormatError, `${seed}: ${error}`);
        const { offset = NaN } = error;
        ok(offset >= 0 && offset <= coded.length, `${seed}: ${offset}`);
      }
      if (got) {
        read++;
        if (!isDeno) deepEqual(got, expected);
      }
    }
    ok(read < 100);
  });

  test("damaged, comes to what the runtime makes of it, or to an error", () => {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    const coded = own(brotliCompressSync(prose, { params }));
    for (let bit = 0; bit < 8 * coded.length; bit++) {
      const bad = coded.slice();
      bad[bit >> 3]! ^= 1 << (bit & 7);
      let got: Bytes | undefined;
      try {
        got = run(readBrotli, bad);
      } catch (error) {
        ok(error instanceof FormatError, `${bit}: ${error}`);
        continue;
      }
      deepEqual(got, own(brotliDecompressSync(bad)), `bit ${bit}`);
    }
  });

  test("is what the codec falls back to", async () => {
    const native = { name: "native", codec: brotli() };
    const ours = { name: "ours", codec: withoutBrotliOf(brotli()) };
    for (const [, bytes] of plain) {
      const coded = await encode(ours, bytes);
      equal(compare(await decode(native, coded), bytes), 0);
      const other = await encode(native, bytes);
      equal(compare(await decode(ours, other), bytes), 0);
    }
  });
});

/** Each word in a meta-block of its own: one command, of no literals, which repeats from before the beginning. */
function wordsAsBrotli(
  words: readonly (readonly [length: number, number: number])[],
): Bytes {
  const writer = new BitWriter(1 << 16);
  writer.put(15, 4);
  let made = 0;
  for (const [length, number] of words) {
    const { length: size } = wordOf(length, number)!;
    if (size === 0) continue;
    writer.put(0, 3);
    writer.put(size - 1, 16);
    writer.put(0, 1 + 3 + 6 + 2 + 2);
    one(writer, 0, 8);
    const [symbol, extra, bits] = copyOf(length);
    one(writer, 128 + (symbol >> 3 << 6) + (symbol & 7), 10);
    const distance = made + number + 1;
    const width = 30 - Math.clz32(distance + 3);
    one(writer, 16 + 2 * (width - 1) + (distance + 3 >> width & 1), 6);
    writer.put(extra, bits);
    writer.put(distance + 3 & (1 << width) - 1, width);
    made += size;
  }
  writer.put(3, 2);
  writer.align();
  return writer.take();
}

/** A code of one symbol. */
function one(writer: BitWriter, symbol: number, bits: number): void {
  writer.put(1, 4);
  writer.put(symbol, bits);
}

/** The symbol of a length that is repeated, up to 24. */
function copyOf(length: number): [symbol: number, extra: number, bits: number] {
  if (length < 10) return [length - 2, 0, 0];
  if (length < 14) return [8 + (length - 10 >> 1), length & 1, 1];
  if (length < 22) return [10 + (length - 14 >> 2), length - 14 & 3, 2];
  return [12, length - 22, 3];
}

function compare(a: Bytes, b: Bytes): number {
  if (a.length !== b.length) return a.length - b.length || 1;
  return a.findIndex((byte, i) => byte !== b[i]) + 1;
}
