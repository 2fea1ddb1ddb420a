import { repeat } from "../copy.ts";

const MIN_MATCH = 4;
/** The last bytes are always literals, and no match begins in the last 12. */
const LAST_LITERALS = 5;
const LAST_MATCH = 12;
const MAX_DISTANCE = 65535;
const HASH_BITS = 14;
/** After so many misses in a row (as a power of 2), it looks at every second byte, and so on. */
const SKIP = 6;

/** More than a block of so many bytes ever takes. */
export function lz4Bound(length: number): number {
  return length + Math.ceil(length / 255) + 16;
}

/** Places by hash of four bytes, plus one; 0 for none. */
export function newTable(): Int32Array {
  return new Int32Array(1 << HASH_BITS);
}

function hashAt(b: Uint8Array, at: number): number {
  const word = b[at]! | b[at + 1]! << 8 | b[at + 2]! << 16 | b[at + 3]! << 24;
  return Math.imul(word, 0x9e3779b1) >>> 32 - HASH_BITS;
}

/**
 * Compresses the bytes from `from` to `end` to a block at the beginning of `out`, and gives its length. Matches may reach
 * back before `from`, to places that are in the table.
 */
export function compressBlock(
  source: Uint8Array,
  from: number,
  end: number,
  table: Int32Array,
  out: Uint8Array,
): number {
  const matchEnd = end - LAST_MATCH;
  let to = 0;
  let anchor = from;
  let at = from;
  let misses = 1 << SKIP;
  while (at < matchEnd) {
    const hash = hashAt(source, at);
    let match = table[hash]! - 1;
    table[hash] = at + 1;
    if (
      match < 0 || at - match > MAX_DISTANCE ||
      source[match] !== source[at] || source[match + 1] !== source[at + 1] ||
      source[match + 2] !== source[at + 2] ||
      source[match + 3] !== source[at + 3]
    ) {
      at += misses++ >> SKIP;
      continue;
    }
    misses = 1 << SKIP;
    while (at > anchor && match > 0 && source[at - 1] === source[match - 1]) {
      at--;
      match--;
    }
    const distance = at - match;
    let length = MIN_MATCH;
    const most = end - LAST_LITERALS - at;
    while (length < most && source[match + length] === source[at + length]) {
      length++;
    }
    to = putSequence(source, anchor, at, length, out, to);
    out[to++] = distance;
    out[to++] = distance >> 8;
    to = putMore(out, to, length - MIN_MATCH);
    at += length;
    anchor = at;
    if (at < matchEnd) table[hashAt(source, at - 2)] = at - 1;
  }
  return putSequence(source, anchor, end, MIN_MATCH, out, to);
}

/** The token, and the literals. */
function putSequence(
  source: Uint8Array,
  anchor: number,
  at: number,
  length: number,
  out: Uint8Array,
  to: number,
): number {
  const literals = at - anchor;
  out[to++] = Math.min(literals, 15) << 4 | Math.min(length - MIN_MATCH, 15);
  to = putMore(out, to, literals);
  if (literals <= 32) {
    while (anchor < at) out[to++] = source[anchor++]!;
    return to;
  }
  out.set(source.subarray(anchor, at), to);
  return to + literals;
}

/** What of a length does not fit the token. */
function putMore(out: Uint8Array, to: number, length: number): number {
  if (length < 15) return to;
  for (length -= 15; length >= 255; length -= 255) out[to++] = 255;
  out[to++] = length;
  return to;
}

/** Why a block cannot be decoded, and where in it. */
export interface Fault {
  readonly at: number;
  readonly isCut: boolean;
  readonly message: string;
}

/**
 * Decompresses a block to `out` from `to` on, behind what it may point back to. Gives where it ended, or what is wrong.
 */
export function decompressBlock(
  block: Uint8Array,
  out: Uint8Array,
  to: number,
): number | Fault {
  const end = block.length;
  const outEnd = out.length;
  let at = 0;
  const cut = (): Fault => ({ at: end, isCut: true, message: "it is cut" });
  const wrong = (message: string): Fault => ({ at, isCut: false, message });
  for (;;) {
    if (at >= end) return cut();
    const token = block[at++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (at >= end) return cut();
        more = block[at++]!;
        literals += more;
      }
    }
    if (literals > outEnd - to) return wrong("it holds too much");
    if (literals > end - at) return cut();
    if (literals <= 16) {
      for (let i = 0; i < literals; i++) out[to++] = block[at++]!;
    } else {
      out.set(block.subarray(at, at + literals), to);
      at += literals;
      to += literals;
    }
    if (at === end) return to;
    if (to === outEnd) return wrong("there are bytes after the end");
    if (at + 2 > end) return cut();
    const distance = block[at]! | block[at + 1]! << 8;
    if (distance === 0 || distance > to) {
      return wrong("a distance is too large");
    }
    at += 2;
    let length = (token & 15) + MIN_MATCH;
    if (length === 15 + MIN_MATCH) {
      let more = 255;
      while (more === 255) {
        if (at >= end) return cut();
        more = block[at++]!;
        length += more;
      }
    }
    if (length > outEnd - to) return wrong("it holds too much");
    repeat(out, to, distance, length);
    to += length;
  }
}
