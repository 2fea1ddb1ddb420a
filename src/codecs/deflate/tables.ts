/** Codes of DEFLATE (RFC 1951, section 3.2) as tables: what the next bits say, and how many of them. */

/** No code is longer. */
export const MAX_BITS = 15;

/** By the next `bits` bits, a symbol above four bits that say how long its code is; 0 where no code begins so. */
export interface Table {
  readonly entries: Uint16Array;
  readonly bits: number;
}

/** The table for codes of these lengths; `undefined` if there are no such codes. */
export function tableOf(lengths: Uint8Array): Table | undefined {
  const counts = new Int32Array(MAX_BITS + 1);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  const next = new Int32Array(MAX_BITS + 2);
  let bits = 0;
  let left = 1;
  for (let length = 1; length <= MAX_BITS; length++) {
    left = 2 * left - counts[length]!;
    if (left < 0) return undefined;
    if (counts[length]! > 0) bits = length;
    next[length + 1] = next[length]! + counts[length]! << 1;
  }
  // Not all sequences of bits may be codes only where there is just one code, or none.
  if (left > 0 && bits > 1) return undefined;
  const entries = new Uint16Array(1 << bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    const first = reversed(next[length]!++, length);
    for (let i = first; i < entries.length; i += 1 << length) {
      entries[i] = symbol << 4 | length;
    }
  }
  return { entries, bits };
}

function reversed(code: number, length: number): number {
  let back = 0;
  for (let i = 0; i < length; i++) back |= (code >>> i & 1) << length - 1 - i;
  return back;
}

/** Lengths or distances: the first of each symbol, and how many bits more there are. */
export interface Ranges {
  readonly base: Uint16Array;
  readonly extra: Uint8Array;
}

function ranges(
  start: number,
  count: number,
  extraOf: (symbol: number) => number,
): Ranges {
  const base = new Uint16Array(count);
  const extra = new Uint8Array(count);
  for (let symbol = 0, at = start; symbol < count; symbol++) {
    base[symbol] = at;
    extra[symbol] = extraOf(symbol);
    at += 1 << extra[symbol]!;
  }
  return { base, extra };
}

export const lengthRanges: Ranges = ranges(
  3,
  29,
  (symbol) => symbol < 4 ? 0 : (symbol >> 2) - 1,
);
// The last one stands apart: it is what the one before it could say, too.
lengthRanges.base[28] = 258;
lengthRanges.extra[28] = 0;
export const distanceRanges: Ranges = ranges(
  1,
  30,
  (symbol) => symbol < 2 ? 0 : (symbol >> 1) - 1,
);

function fixed(): Table {
  const lengths = new Uint8Array(288).fill(8);
  lengths.fill(9, 144, 256);
  lengths.fill(7, 256, 280);
  return tableOf(lengths)!;
}

/** The codes of blocks that bring none. */
export const fixedLiterals: Table = fixed();
export const fixedDistances: Table = tableOf(new Uint8Array(32).fill(5))!;

/** In which order a block tells the lengths of the codes for lengths. */
export const ORDER: readonly number[] = [
  ...[16, 17, 18, 0, 8, 7, 9, 6, 10, 5],
  ...[11, 4, 12, 3, 13, 2, 14, 1, 15],
];
