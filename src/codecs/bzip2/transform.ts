import { inParts, type Part } from "../input.ts";
import { sortSuffixes } from "./suffixes.ts";

/** A block after the Burrows-Wheeler transform. */
export interface Transformed {
  /** The last byte of each rotation, in their order. */
  readonly last: Uint8Array;
  /** Where among them is the block as it was. */
  readonly start: number;
}

/** So many places are looked up at a time. */
const PART = 1 << 16;

/** The Burrows-Wheeler transform of a block that is not empty. */
export function* transform(block: Uint8Array): Part<Transformed> {
  const n = block.length;
  // Of the least rotation, suffixes have the order of rotations.
  const shift = leastRotation(block);
  const text = new Uint8Array(n);
  text.set(block.subarray(shift));
  text.set(block.subarray(0, shift), n - shift);
  const sorted = yield* sortSuffixes(text, 255);
  const last = new Uint8Array(n);
  const origin = (n - shift) % n;
  let start = 0;
  yield* inParts(n, PART, (from, to) => {
    for (let i = from; i < to; i++) {
      const at = sorted[i]!;
      if (at === origin) start = i;
      last[i] = text[at === 0 ? n - 1 : at - 1]!;
    }
  });
  return { last, start };
}

/** Where the rotation begins that comes first in order. */
function leastRotation(block: Uint8Array): number {
  const n = block.length;
  let i = 0;
  let j = 1;
  let k = 0;
  while (i < n && j < n && k < n) {
    const a = block[i + k < n ? i + k : i + k - n]!;
    const b = block[j + k < n ? j + k : j + k - n]!;
    if (a === b) {
      k++;
      continue;
    }
    if (a > b) i += k + 1;
    else j += k + 1;
    if (i === j) j++;
    k = 0;
  }
  return Math.min(i, j);
}
