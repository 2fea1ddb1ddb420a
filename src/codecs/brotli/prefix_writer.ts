/** Makes prefix codes by how often each symbol occurs, and writes them down (RFC 7932, section 3). */
import { codeLengths } from "../bzip2/huffman.ts";
import type { BitWriter } from "./bit_writer.ts";
import {
  LENGTH_LENGTHS,
  LONGEST,
  ORDER,
  reversedCodes,
} from "./prefix_codes.ts";

/** Codes, the first bit of each lowest, and how many bits they have. */
export interface Codes {
  readonly codes: Uint16Array;
  readonly lengths: Uint8Array;
}

/** Codes for lengths are no longer. */
const LONGEST_OF_LENGTHS = 5;
const lengthCodes = reversedCodes(LENGTH_LENGTHS);

/** Writes the code for symbols that occur so often, and gives it. A symbol that is alone has no bits. */
export function writeCodes(writer: BitWriter, counts: Int32Array): Codes {
  const used: number[] = [];
  counts.forEach((count, symbol) => {
    if (count > 0) used.push(symbol);
  });
  const lengths = lengthsOf(counts, used, LONGEST);
  if (used.length <= 4) writeFew(writer, used, lengths);
  else writeLengths(writer, lengths);
  return { codes: reversedCodes(lengths), lengths };
}

/** Of symbols that do not occur, 0; and so of one that is alone. */
function lengthsOf(
  counts: Int32Array,
  used: readonly number[],
  longest: number,
): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  if (used.length < 2) return lengths;
  const weights = Int32Array.from(used, (symbol) => counts[symbol]!);
  codeLengths(weights, longest).forEach((length, i) => {
    lengths[used[i]!] = length;
  });
  return lengths;
}

function writeFew(
  writer: BitWriter,
  used: readonly number[],
  lengths: Uint8Array,
): void {
  const width = 32 - Math.clz32(lengths.length - 1);
  const sorted = used.length === 0
    ? [0]
    : used.toSorted((a, b) => lengths[a]! - lengths[b]! || a - b);
  writer.put(1, 2);
  writer.put(sorted.length - 1, 2);
  for (const symbol of sorted) writer.put(symbol, width);
  if (sorted.length === 4) writer.put(lengths[sorted[0]!] === 1 ? 1 : 0, 1);
}

function writeLengths(writer: BitWriter, lengths: Uint8Array): void {
  const runs = runsOf(lengths);
  const counts = new Int32Array(18);
  for (const [symbol] of runs) counts[symbol]!++;
  const used = [...counts.keys()].filter((symbol) => counts[symbol]! > 0);
  const own = lengthsOf(counts, used, LONGEST_OF_LENGTHS);
  // One alone has no bits; it is told by any length there is.
  const told = used.length === 1 ? own.with(used[0]!, 1) : own;
  writer.put(0, 2);
  let left = 32;
  for (let i = 0; i < ORDER.length && left > 0; i++) {
    const length = told[ORDER[i]!]!;
    writer.put(lengthCodes[length]!, LENGTH_LENGTHS[length]!);
    if (length > 0) left -= 32 >> length;
  }
  const codes = reversedCodes(own);
  for (const [symbol, more] of runs) {
    writer.put(codes[symbol]!, own[symbol]!);
    if (symbol >= 16) writer.put(more, symbol - 14);
  }
}

type Run = readonly [symbol: number, more: number];

/** Lengths one by one, and where the same follow each other, how often. What follows the last code is not told. */
function runsOf(lengths: Uint8Array): Run[] {
  const runs: Run[] = [];
  let end = lengths.length;
  while (lengths[end - 1] === 0) end--;
  let previous = 8;
  for (let i = 0; i < end;) {
    const length = lengths[i]!;
    let times = 1;
    while (i + times < end && lengths[i + times] === length) times++;
    i += times;
    if (length > 0 && length !== previous) {
      runs.push([previous = length, 0]);
      times--;
    }
    if (times >= 3) {
      runs.push(...digitsOf(times - 3, length > 0 ? 16 : 17));
    } else for (; times > 0; times--) runs.push([length, 0]);
  }
  return runs;
}

/** Each run that follows another multiplies it, so that they are digits; of those but the last, 0 counts as 1. */
function digitsOf(times: number, symbol: number): Run[] {
  const bits = symbol - 14;
  const digits: Run[] = [];
  for (;;) {
    digits.unshift([symbol, times & (1 << bits) - 1]);
    times >>= bits;
    if (times === 0) return digits;
    times--;
  }
}
