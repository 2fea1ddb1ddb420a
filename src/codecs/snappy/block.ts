import { FormatError, LimitError, TruncatedError } from "../../errors.ts";
import type { Bytes } from "../../types.ts";
import { repeat } from "../copy.ts";
import type { Input, Steps } from "../input.ts";
import { inPieces, readWhole } from "../whole.ts";

const STAGE = "snappy";
/** Compressed each by itself. */
const FRAGMENT = 1 << 16;
const HASH_BITS = 14;
const SKIP = 5;
/** A match of 64 takes three bytes. */
const BEST_RATIO = 22;

/** Bytes in raw snappy, without frames: what python-snappy's `compress` gives, and Dask calls `snappy`. */
export function compressSnappy(bytes: Uint8Array): Bytes {
  const { length } = bytes;
  const out = new Uint8Array(16 + length + Math.ceil(length / 6));
  let to = 0;
  for (let left = length;; left = Math.floor(left / 128)) {
    out[to++] = left > 127 ? left & 127 | 128 : left;
    if (left < 128) break;
  }
  const table = new Int32Array(1 << HASH_BITS);
  for (let at = 0; at < length; at += FRAGMENT) {
    const fragment = bytes.subarray(at, at + FRAGMENT);
    if (at > 0) table.fill(0);
    to = compressFragment(fragment, table, out, to);
  }
  return out.slice(0, to);
}

function hashAt(b: Uint8Array, at: number): number {
  const word = b[at]! | b[at + 1]! << 8 | b[at + 2]! << 16 | b[at + 3]! << 24;
  return Math.imul(word, 0x1e35a7bd) >>> 32 - HASH_BITS;
}

function compressFragment(
  source: Uint8Array,
  table: Int32Array,
  out: Uint8Array,
  to: number,
): number {
  const end = source.length;
  const matchEnd = end - 15;
  let anchor = 0;
  let at = 1;
  let misses = 1 << SKIP;
  while (at < matchEnd) {
    const hash = hashAt(source, at);
    const match = table[hash]!;
    table[hash] = at;
    if (
      source[match] !== source[at] || source[match + 1] !== source[at + 1] ||
      source[match + 2] !== source[at + 2] ||
      source[match + 3] !== source[at + 3]
    ) {
      at += misses++ >> SKIP;
      continue;
    }
    misses = 1 << SKIP;
    to = putLiteral(source, anchor, at, out, to);
    const distance = at - match;
    let length = 4;
    while (
      at + length < end && source[match + length] === source[at + length]
    ) length++;
    to = putCopy(out, to, distance, length);
    at += length;
    anchor = at;
    if (at < matchEnd) table[hashAt(source, at - 1)] = at - 1;
  }
  return putLiteral(source, anchor, end, out, to);
}

function putLiteral(
  source: Uint8Array,
  from: number,
  end: number,
  out: Uint8Array,
  to: number,
): number {
  const last = end - from - 1;
  if (last < 0) return to;
  if (last < 60) out[to++] = last << 2;
  else if (last < 256) {
    out[to++] = 60 << 2;
    out[to++] = last;
  } else {
    out[to++] = 61 << 2;
    out[to++] = last;
    out[to++] = last >> 8;
  }
  out.set(source.subarray(from, end), to);
  return to + last + 1;
}

function putCopy(
  out: Uint8Array,
  to: number,
  distance: number,
  length: number,
): number {
  while (length > 0) {
    // What is left must never be less than 4.
    const part = length < 68 ? Math.min(length, length > 64 ? 60 : 64) : 64;
    if (part >= 4 && part < 12 && distance < 2048) {
      out[to++] = distance >> 8 << 5 | part - 4 << 2 | 1;
      out[to++] = distance;
    } else {
      out[to++] = part - 1 << 2 | 2;
      out[to++] = distance;
      out[to++] = distance >> 8;
    }
    length -= part;
  }
  return to;
}

/**
 * The same back.
 *
 * @param limit The most bytes that may come out.
 * @param base Where the bytes stand in the input, for errors.
 */
export function decompressSnappy(
  packed: Uint8Array,
  limit: number,
  base = 0,
): Bytes {
  const end = packed.length;
  let at = 0;
  let length = 0;
  const cut = () =>
    new TruncatedError(STAGE, "the input ends too early", {
      offset: base + end,
    });
  const refuse = (message: string) =>
    new FormatError(STAGE, message, { offset: base + at });
  for (let i = 0;; i++) {
    if (at >= end) throw cut();
    const byte = packed[at++]!;
    length += (byte & 127) * 128 ** i;
    if (byte < 128) break;
    if (i === 4) throw refuse("the length is too long");
  }
  if (length > 2 ** 32 - 1) throw refuse("the length is too large");
  if (length > limit) {
    throw new LimitError(STAGE, "bytes", length, limit, { offset: base });
  }
  // No length is believed that the input cannot make true.
  const out = new Uint8Array(Math.min(length, BEST_RATIO * end));
  let to = 0;
  while (to < length) {
    if (at >= end) throw cut();
    const tag = packed[at++]!;
    const kind = tag & 3;
    let count = (tag >> 2) + 1;
    let distance = 0;
    // How many bytes of a number follow the tag.
    let more = kind === 3 ? 4 : kind;
    if (kind === 0) more = Math.max(0, count - 60);
    if (at + more > end) throw cut();
    let number = 0;
    for (let i = more - 1; i >= 0; i--) number = number * 256 + packed[at + i]!;
    if (kind === 0) {
      if (more > 0) count = number + 1;
    } else if (kind === 1) {
      count = (tag >> 2 & 7) + 4;
      distance = tag >> 5 << 8 | number;
    } else distance = number;
    if (count > length - to) throw refuse("it holds too much");
    at += more;
    if (kind === 0) {
      if (count > end - at) throw cut();
      if (count <= 16) {
        for (let i = 0; i < count; i++) out[to + i] = packed[at + i]!;
      } else out.set(packed.subarray(at, at + count), to);
      at += count;
    } else {
      if (distance === 0 || distance > to) {
        throw refuse("a distance is too large");
      }
      if (count > out.length - to) throw cut();
      repeat(out, to, distance, count);
    }
    to += count;
  }
  if (at < end) throw refuse("there are bytes after the end");
  return out;
}

export function* writeSnappy(input: Input, limit: number): Steps {
  yield* inPieces(compressSnappy(yield* readWhole(input, limit)));
}

export function* readSnappy(input: Input, limit: number): Steps {
  yield* inPieces(decompressSnappy(yield* readWhole(input, limit), limit));
}
