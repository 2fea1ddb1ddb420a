import type { Part } from "../input.ts";
import type { BitReader } from "./bit_reader.ts";

export const MAX_CODE = 20;
export const GROUP = 50;
const FAST_BITS = 10;

/** A Huffman code, ready to decode. */
export interface Decoding {
  /** By the next 10 bits: a symbol and the length of its code, if that is no longer; else 0. */
  readonly fast: Uint16Array;
  /** By length: the first code that is longer, at the left of 20 bits. */
  readonly limits: Int32Array;
  /** By length: from a code to its place among the symbols. */
  readonly offsets: Int32Array;
  /** Symbols by code. */
  readonly symbols: Uint16Array;
}

/** What stands before the symbols of a block. */
export interface BlockTables {
  /** Which bytes occur. */
  readonly used: Uint8Array;
  /** Which code is for which group of 50 symbols. */
  readonly selectors: Uint8Array;
  readonly codes: readonly Decoding[];
}

export function* readTables(reader: BitReader): Part<BlockTables> {
  const used = yield* readUsed(reader);
  const refuse = () => reader.input.refusal("a table of a block is damaged");
  const groups = yield* reader.read(3);
  const count = yield* reader.read(15);
  if (used.length === 0 || groups < 2 || groups > 6 || count === 0) {
    throw refuse();
  }
  const selectors = new Uint8Array(count);
  const order = [0, 1, 2, 3, 4, 5];
  for (let i = 0; i < count; i++) {
    // All that follows is longer than this, so nothing is waited for in vain.
    yield* reader.want(6);
    let place = 0;
    while (reader.bits(1) === 1) {
      if (++place >= groups) throw refuse();
    }
    const selector = order[place]!;
    order.copyWithin(1, 0, place);
    selectors[i] = order[0] = selector;
  }
  const codes: Decoding[] = [];
  for (let i = 0; i < groups; i++) {
    codes.push(yield* readCode(reader, used.length + 2));
  }
  return { used, selectors, codes };
}

function* readUsed(reader: BitReader): Part<Uint8Array> {
  const rows = yield* reader.read(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows >> 15 - row & 1) === 0) continue;
    const bits = yield* reader.read(16);
    for (let i = 0; i < 16; i++) {
      if (bits >> 15 - i & 1) used.push(16 * row + i);
    }
  }
  return Uint8Array.from(used);
}

function* readCode(reader: BitReader, count: number): Part<Decoding> {
  const lengths = new Uint8Array(count);
  let length = yield* reader.read(5);
  for (let i = 0; i < count; i++) {
    for (;;) {
      if (length < 1 || length > MAX_CODE) {
        throw reader.input.refusal("the length of a code is wrong");
      }
      yield* reader.want(2);
      if (reader.bits(1) === 0) break;
      length += reader.bits(1) === 0 ? 1 : -1;
    }
    lengths[i] = length;
  }
  return decodingOf(lengths);
}

function decodingOf(lengths: Uint8Array): Decoding {
  const fast = new Uint16Array(1 << FAST_BITS);
  const limits = new Int32Array(MAX_CODE + 2);
  const offsets = new Int32Array(MAX_CODE + 1);
  const symbols = new Uint16Array(lengths.length);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= MAX_CODE; length++) {
    offsets[length] = place - code;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      symbols[place++] = symbol;
      if (length <= FAST_BITS) {
        const from = code << FAST_BITS - length;
        fast.fill(symbol << 5 | length, from, from + (1 << FAST_BITS - length));
      }
      code++;
    }
    limits[length] = code << MAX_CODE - length;
    code <<= 1;
  }
  return { fast, limits, offsets, symbols };
}
