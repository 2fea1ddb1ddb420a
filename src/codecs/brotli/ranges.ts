/** Numbers as symbols and bits that follow (RFC 7932, sections 5 and 6). */

/** The least number of each symbol, and how many bits are added to it. */
export interface Ranges {
  readonly base: Int32Array;
  readonly extra: Uint8Array;
}

function ranges(first: number, extra: readonly number[]): Ranges {
  const base = new Int32Array(extra.length);
  extra.forEach((bits, i) => {
    base[i] = first;
    first += 1 << bits;
  });
  return { base, extra: Uint8Array.from(extra) };
}

/** How long blocks are. */
export const blockLengths: Ranges = ranges(1, [
  ...[2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5],
  ...[6, 6, 7, 8, 9, 10, 11, 12, 13, 24],
]);

/** How many literals a command has. */
export const insertLengths: Ranges = ranges(0, [
  ...[0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
  ...[6, 7, 8, 9, 10, 12, 14, 24],
]);

/** How many bytes it repeats. */
export const copyLengths: Ranges = ranges(2, [
  ...[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4],
  ...[5, 5, 6, 7, 8, 9, 10, 24],
]);

/** Symbols of commands there are. */
export const COMMANDS = 704;
/** Those below repeat from as far back as the command before, and do not say so. */
export const IMPLICIT = 128;

/** Of each 64 symbols of commands, the first symbol for literals and the first for repeated bytes. */
export const CELLS: readonly (readonly [insert: number, copy: number])[] = [
  ...[[0, 0], [0, 8], [0, 0], [0, 8], [8, 0], [8, 8]] as const,
  ...[[0, 16], [16, 0], [8, 16], [16, 8], [16, 16]] as const,
];

/** The symbol for literals and the one for repeated bytes, of each symbol of commands. */
export const insertOf: Uint8Array = Uint8Array.from(
  { length: COMMANDS },
  (_, symbol) => CELLS[symbol >> 6]![0] + (symbol >> 3 & 7),
);
export const copyOf: Uint8Array = Uint8Array.from(
  { length: COMMANDS },
  (_, symbol) => CELLS[symbol >> 6]![1] + (symbol & 7),
);

/** The distances before the first command, the last of them last. */
export const FIRST_DISTANCES: readonly number[] = [16, 15, 11, 4];
/** Bytes at the end of a window that are never pointed back to. */
export const WINDOW_GAP = 16;
