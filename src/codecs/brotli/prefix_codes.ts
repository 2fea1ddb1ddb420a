/** Prefix codes of brotli (RFC 7932, section 3) as tables: what the next bits say, and how many of them. */
import type { Part } from "../input.ts";
import type { Bits } from "./bits.ts";

/** No code is longer. */
export const LONGEST = 15;
/** So many bits are looked up at once; those of longer codes are in tables of their own. */
const ROOT = 8;
const ROOT_MASK = (1 << ROOT) - 1;
/** In the low bits of an entry: how many bits its code has. */
const LENGTH_MASK = 31;

/**
 * By the next 8 bits: a symbol above five bits that say how long its code is. Where that is over 8, it is no symbol but where
 * a table begins, which goes by the bits that follow.
 */
export type Table = Int32Array;

/** The entry for what the next bits are: `entry >> 5` is the symbol and `entry & 31` the length of its code. */
export function entryOf(table: Table, held: number): number {
  const entry = table[held & ROOT_MASK]!;
  const length = entry & LENGTH_MASK;
  if (length <= ROOT) return entry;
  return table[(entry >> 5) + (held >>> ROOT & (1 << length - ROOT) - 1)]!;
}

/** The table of one symbol, which takes no bits. */
export function tableOfOne(symbol: number): Table {
  return new Int32Array(1 << ROOT).fill(symbol << 5);
}

/** The table for codes of these lengths, which must leave no sequence of bits without a code. */
export function tableOf(lengths: Uint8Array): Table {
  const codes = reversedCodes(lengths);
  const longest = new Uint8Array(1 << ROOT);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    const slot = codes[symbol]! & ROOT_MASK;
    if (length > ROOT && length > longest[slot]!) longest[slot] = length;
  }
  let size = 1 << ROOT;
  for (const length of longest) if (length > 0) size += 1 << length - ROOT;
  const table = new Int32Array(size);
  let next = 1 << ROOT;
  for (let slot = 0; slot < longest.length; slot++) {
    const length = longest[slot]!;
    if (length === 0) continue;
    table[slot] = next << 5 | length;
    next += 1 << length - ROOT;
  }
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    const code = codes[symbol]!;
    const entry = symbol << 5 | length;
    if (length <= ROOT) {
      for (let i = code; i <= ROOT_MASK; i += 1 << length) table[i] = entry;
      continue;
    }
    const root = table[code & ROOT_MASK]!;
    const end = (root >> 5) + (1 << (root & LENGTH_MASK) - ROOT);
    for (
      let i = (root >> 5) + (code >>> ROOT);
      i < end;
      i += 1 << length - ROOT
    ) table[i] = entry;
  }
  return table;
}

/** The code of each symbol, its first bit lowest; shorter codes come first, and lower symbols among those of one length. */
export function reversedCodes(lengths: Uint8Array): Uint16Array {
  const next = new Int32Array(LONGEST + 2);
  for (const length of lengths) if (length > 0) next[length + 1]!++;
  for (let length = 1; length <= LONGEST; length++) {
    next[length + 1] = next[length + 1]! + next[length]! << 1;
  }
  return Uint16Array.from(lengths, (length) => {
    if (length === 0) return 0;
    const code = next[length]!++;
    let back = 0;
    for (let i = 0; i < length; i++) {
      back |= (code >>> i & 1) << length - 1 - i;
    }
    return back;
  });
}

/** In which order the lengths of the codes for lengths are told. */
export const ORDER: readonly number[] = [
  ...[1, 2, 3, 4, 0, 5, 17, 6, 16],
  ...[7, 8, 9, 10, 11, 12, 13, 14, 15],
];

/** The lengths of the codes by which those lengths are told, and the codes. */
export const LENGTH_LENGTHS: Uint8Array = Uint8Array.of(2, 4, 3, 2, 2, 4);
const lengthTable = tableOf(LENGTH_LENGTHS);

/** Reads the prefix codes of so many symbols. */
export function* readTable(bits: Bits, symbols: number): Part<Table> {
  const skipped = yield* bits.take(2);
  if (skipped === 1) return yield* readFew(bits, symbols);
  const lengths = new Uint8Array(18);
  let used = 0;
  let last = 0;
  let left = 32;
  for (let i = skipped; i < 18 && left > 0; i++) {
    const length = yield* bits.symbol(lengthTable);
    if (length === 0) continue;
    lengths[last = ORDER[i]!] = length;
    left -= 32 >> length;
    used++;
  }
  if (left !== 0 && used !== 1) throw bits.damagedCodes();
  const table = used === 1 ? tableOfOne(last) : tableOf(lengths);
  return yield* readLengths(bits, table, symbols);
}

/** Up to four symbols, by name. */
function* readFew(bits: Bits, symbols: number): Part<Table> {
  const count = 1 + (yield* bits.take(2));
  const width = 32 - Math.clz32(symbols - 1);
  const chosen: number[] = [];
  for (let i = 0; i < count; i++) {
    const symbol = yield* bits.take(width);
    if (symbol >= symbols || chosen.includes(symbol)) throw bits.damagedCodes();
    chosen.push(symbol);
  }
  if (count === 1) return tableOfOne(chosen[0]!);
  const isDeep = count === 4 && (yield* bits.take(1)) === 1;
  const shape = count === 2 ? [1, 1] : count === 3 ? [1, 2, 2] : [2, 2, 2, 2];
  const lengths = new Uint8Array(symbols);
  (isDeep ? [1, 2, 3, 3] : shape).forEach((length, i) => {
    lengths[chosen[i]!] = length;
  });
  return tableOf(lengths);
}

function* readLengths(bits: Bits, table: Table, count: number): Part<Table> {
  const lengths = new Uint8Array(count);
  let left = 1 << LONGEST;
  let used = 0;
  let last = 0;
  /** The last length that was not 0, and what is repeated, how often by now. */
  let previous = 8;
  let repeated = -1;
  let times = 0;
  for (let i = 0; i < count && left > 0;) {
    const symbol = yield* bits.symbol(table);
    if (symbol < 16) {
      lengths[i] = symbol;
      repeated = -1;
      if (symbol > 0) {
        previous = symbol;
        left -= 1 << LONGEST >> symbol;
        last = i;
        used++;
      }
      i++;
      continue;
    }
    const more = symbol - 14;
    const length = symbol === 16 ? previous : 0;
    // What is repeated once more is so a multiple of times.
    const before = repeated === length ? times : 0;
    times = (before > 0 ? before - 2 << more : 0) + 3 +
      (yield* bits.take(more));
    repeated = length;
    const end = i + times - before;
    if (end > count) throw bits.damagedCodes();
    if (length > 0) {
      lengths.fill(length, i, end);
      left -= (1 << LONGEST >> length) * (end - i);
      used += end - i;
      last = end - 1;
    }
    i = end;
  }
  // One symbol alone has no bits, so it cannot be told by its length.
  if (left !== 0) throw bits.damagedCodes();
  return used === 1 ? tableOfOne(last) : tableOf(lengths);
}
