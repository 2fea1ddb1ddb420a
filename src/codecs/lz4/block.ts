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

function hashOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> 32 - HASH_BITS;
}

/** Bytes, of which four are read or written at a time: an engine makes one instruction of it. */
function wordsOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/**
 * Compresses the bytes from `from` to `end` to a block at the beginning of `out`, and gives its length. Matches may reach
 * back before `from`, to places that are in the table. There has to be room for as much as `lz4Bound` says.
 */
export function compressBlock(
  source: Uint8Array,
  from: number,
  end: number,
  table: Int32Array,
  out: Uint8Array,
): number {
  const words = wordsOf(source);
  const target = wordsOf(out);
  const matchEnd = end - LAST_MATCH;
  let to = 0;
  let anchor = from;
  let at = from;
  let misses = 1 << SKIP;
  while (at < matchEnd) {
    const word = words.getInt32(at, true);
    const hash = hashOf(word);
    let match = table[hash]! - 1;
    table[hash] = at + 1;
    if (
      match < 0 || at - match > MAX_DISTANCE ||
      words.getInt32(match, true) !== word
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
    const next = sameUntil(source, words, at, distance, end - LAST_LITERALS);
    const more = next - at - MIN_MATCH;
    const literals = at - anchor;
    out[to++] = Math.min(literals, 15) << 4 | Math.min(more, 15);
    if (literals <= 8) {
      // There are bytes behind them to read, and there is room to write those.
      target.setInt32(to, words.getInt32(anchor, true), true);
      target.setInt32(to + 4, words.getInt32(anchor + 4, true), true);
      to += literals;
    } else to = putLiterals(source, anchor, literals, out, to);
    target.setUint16(to, distance, true);
    to += 2;
    if (more >= 15) to = putMore(out, to, more);
    at = next;
    anchor = at;
    if (at < matchEnd) table[hashOf(words.getInt32(at - 2, true))] = at - 1;
  }
  out[to++] = Math.min(end - anchor, 15) << 4;
  return putLiterals(source, anchor, end - anchor, out, to);
}

/** How far the bytes go on to be those so far back; the first four do. */
function sameUntil(
  source: Uint8Array,
  words: DataView,
  at: number,
  distance: number,
  end: number,
): number {
  const wide = end - 8;
  at += MIN_MATCH;
  while (at <= wide) {
    const back = at - distance;
    const differs = words.getInt32(at, true) ^ words.getInt32(back, true) |
      words.getInt32(at + 4, true) ^ words.getInt32(back + 4, true);
    if (differs !== 0) break;
    at += 8;
  }
  while (at < end && source[at] === source[at - distance]) at++;
  return at;
}

/** Literals that are many, with the rest of their length. */
function putLiterals(
  source: Uint8Array,
  anchor: number,
  literals: number,
  out: Uint8Array,
  to: number,
): number {
  to = putMore(out, to, literals);
  if (literals > 64) out.set(source.subarray(anchor, anchor + literals), to);
  else for (let i = 0; i < literals; i++) out[to + i] = source[anchor + i]!;
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

// Functions of their own: what a closure sees is no local variable to the engine, and slow.
function cut(end: number): Fault {
  return { at: end, isCut: true, message: "it is cut" };
}

function wrong(at: number, message: string): Fault {
  return { at, isCut: false, message };
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
  const source = wordsOf(block);
  const target = wordsOf(out);
  // Up to these, more may be read and written than is wanted.
  const wide = end - 16;
  const wideOut = outEnd - 20;
  let at = 0;
  for (;;) {
    if (at >= end) return cut(end);
    const token = block[at++]!;
    let literals = token >> 4;
    if (literals < 15 && at <= wide && to <= wideOut) {
      target.setInt32(to, source.getInt32(at, true), true);
      target.setInt32(to + 4, source.getInt32(at + 4, true), true);
      if (literals > 8) {
        target.setInt32(to + 8, source.getInt32(at + 8, true), true);
        target.setInt32(to + 12, source.getInt32(at + 12, true), true);
      }
    } else {
      if (literals === 15) {
        let more = 255;
        while (more === 255) {
          if (at >= end) return cut(end);
          more = block[at++]!;
          literals += more;
        }
      }
      if (literals > outEnd - to) return wrong(at, "it holds too much");
      if (literals > end - at) return cut(end);
      out.set(block.subarray(at, at + literals), to);
    }
    at += literals;
    to += literals;
    if (at === end) return to;
    if (to === outEnd) return wrong(at, "there are bytes after the end");
    if (at + 2 > end) return cut(end);
    const distance = source.getUint16(at, true);
    if (distance === 0 || distance > to) {
      return wrong(at, "a distance is too large");
    }
    at += 2;
    let length = (token & 15) + MIN_MATCH;
    if (length === 15 + MIN_MATCH) {
      let more = 255;
      while (more === 255) {
        if (at >= end) return cut(end);
        more = block[at++]!;
        length += more;
      }
    } else if (distance >= 8 && to <= wideOut) {
      // What is copied may be what was just written, but not within eight bytes.
      const from = to - distance;
      target.setInt32(to, target.getInt32(from, true), true);
      target.setInt32(to + 4, target.getInt32(from + 4, true), true);
      if (length > 8) {
        target.setInt32(to + 8, target.getInt32(from + 8, true), true);
        target.setInt32(to + 12, target.getInt32(from + 12, true), true);
        target.setInt32(to + 16, target.getInt32(from + 16, true), true);
      }
      to += length;
      continue;
    }
    if (length > outEnd - to) return wrong(at, "it holds too much");
    repeat(out, to, distance, length);
    to += length;
  }
}
