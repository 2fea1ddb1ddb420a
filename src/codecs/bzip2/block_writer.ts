import { inParts, type Part } from "../input.ts";
import type { BitWriter } from "./bit_writer.ts";
import { codeLengths, codesOf } from "./huffman.ts";
import { GROUP } from "./tables.ts";
import { transform } from "./transform.ts";

const PASSES = 4;
const RUN_A = 0;
const RUN_B = 1;
/** So many groups are looked at between the turns of others. */
const GROUPS = 1 << 10;

/** Writes a block: what stands before its symbols, and the symbols. */
export function* writeBlock(
  writer: BitWriter,
  block: Uint8Array,
  crc: number,
): Part<void> {
  const { last, start } = yield* transform(block);
  const used = usedBytes(block);
  const symbols = yield* toFront(last, used);
  const count = used.length + 2;
  const { codes, selectors } = yield* choose(symbols, count);
  writer.bits(24, 0x314159);
  writer.bits(24, 0x265359);
  writer.bits(16, crc >>> 16);
  writer.bits(16, crc & 0xffff);
  writer.bits(1, 0);
  writer.bits(24, start);
  writeUsed(writer, used);
  writer.bits(3, codes.length);
  writer.bits(15, selectors.length);
  writeSelectors(writer, selectors);
  for (const lengths of codes) writeLengths(writer, lengths);
  const tables = codes.map(codesOf);
  yield* inParts(selectors.length, GROUPS, (from, to) => {
    for (let group = from; group < to; group++) {
      const lengths = codes[selectors[group]!]!;
      const table = tables[selectors[group]!]!;
      const end = Math.min(symbols.length, group * GROUP + GROUP);
      for (let i = group * GROUP; i < end; i++) {
        const symbol = symbols[i]!;
        writer.bits(lengths[symbol]!, table[symbol]!);
      }
    }
  });
}

function usedBytes(block: Uint8Array): number[] {
  const seen = new Uint8Array(256);
  for (let i = 0; i < block.length; i++) seen[block[i]!] = 1;
  const used: number[] = [];
  seen.forEach((is, byte) => is && used.push(byte));
  return used;
}

/** Each byte as how many others came since it was last seen; runs of the same as their length, in digits 1 and 2. */
function* toFront(
  bytes: Uint8Array,
  used: readonly number[],
): Part<Uint16Array> {
  const front = new Front(bytes, used);
  yield* inParts(
    bytes.length,
    GROUPS * GROUP,
    (from, to) => front.move(from, to),
  );
  return front.end(used.length + 1);
}

class Front {
  readonly #bytes: Uint8Array;
  readonly #order: Uint8Array;
  readonly #symbols: Uint16Array;
  #length = 0;
  #run = 0;

  constructor(bytes: Uint8Array, used: readonly number[]) {
    this.#bytes = bytes;
    this.#order = Uint8Array.from(used);
    this.#symbols = new Uint16Array(bytes.length + 1);
  }

  move(from: number, to: number): void {
    const bytes = this.#bytes;
    const order = this.#order;
    const symbols = this.#symbols;
    let length = this.#length;
    let run = this.#run;
    for (let i = from; i < to; i++) {
      const byte = bytes[i]!;
      if (order[0] === byte) {
        run++;
        continue;
      }
      for (; run > 0; run = run - 1 >> 1) {
        symbols[length++] = run & 1 ? RUN_A : RUN_B;
      }
      let place = 1;
      let moved = order[0]!;
      for (;; place++) {
        const here = order[place]!;
        order[place] = moved;
        if (here === byte) break;
        moved = here;
      }
      order[0] = byte;
      symbols[length++] = place + 1;
    }
    this.#length = length;
    this.#run = run;
  }

  /** All symbols, and one that says so. */
  end(last: number): Uint16Array {
    for (let run = this.#run; run > 0; run = run - 1 >> 1) {
      this.#symbols[this.#length++] = run & 1 ? RUN_A : RUN_B;
    }
    this.#symbols[this.#length++] = last;
    return this.#symbols.subarray(0, this.#length);
  }
}

/** Two to six codes, and which is the best for each group of symbols: guessed first, then fitted to each other. */
function* choose(
  symbols: Uint16Array,
  count: number,
): Part<{ codes: Uint8Array[]; selectors: Uint8Array }> {
  const selectors = new Uint8Array(Math.ceil(symbols.length / GROUP));
  const n = symbols.length;
  const tables = n < 200 ? 2 : n < 600 ? 3 : n < 1200 ? 4 : n < 2400 ? 5 : 6;
  let codes = firstGuess(symbols, count, tables);
  for (let pass = 0; pass < PASSES; pass++) {
    const seen = codes.map(() => new Int32Array(count));
    yield* inParts(
      selectors.length,
      GROUPS,
      (from, to) => select(symbols, codes, selectors, seen, from, to),
    );
    codes = seen.map((counts) => codeLengths(counts));
  }
  return { codes, selectors };
}

/** The cheapest code for each of some groups, and how often it then has each symbol. */
function select(
  symbols: Uint16Array,
  codes: readonly Uint8Array[],
  selectors: Uint8Array,
  seen: readonly Int32Array[],
  from: number,
  to: number,
): void {
  for (let group = from; group < to; group++) {
    const start = group * GROUP;
    const end = Math.min(symbols.length, start + GROUP);
    let least = Infinity;
    let best = 0;
    for (let table = 0; table < codes.length; table++) {
      const lengths = codes[table]!;
      let cost = 0;
      for (let i = start; i < end; i++) cost += lengths[symbols[i]!]!;
      if (cost < least) {
        least = cost;
        best = table;
      }
    }
    selectors[group] = best;
    const counts = seen[best]!;
    for (let i = start; i < end; i++) counts[symbols[i]!]!++;
  }
}

/** Each code good for a range of symbols, so that all ranges together have as many. */
function firstGuess(
  symbols: Uint16Array,
  count: number,
  tables: number,
): Uint8Array[] {
  const frequencies = new Int32Array(count);
  for (let i = 0; i < symbols.length; i++) frequencies[symbols[i]!]!++;
  const codes: Uint8Array[] = [];
  let left = symbols.length;
  let from = 0;
  for (let part = tables; part > 0; part--) {
    const share = left / part;
    let end = from;
    let sum = 0;
    while (end < count && (sum < share || end === from)) {
      sum += frequencies[end++]!;
    }
    codes.push(
      Uint8Array.from(
        { length: count },
        (_, i) => i >= from && i < end ? 1 : 15,
      ),
    );
    left -= sum;
    from = end;
  }
  return codes;
}

function writeUsed(writer: BitWriter, used: readonly number[]): void {
  const rows = new Uint16Array(16);
  for (const byte of used) rows[byte >> 4]! |= 0x8000 >> (byte & 15);
  let which = 0;
  rows.forEach((row, i) => which |= row ? 0x8000 >> i : 0);
  writer.bits(16, which);
  for (const row of rows) if (row) writer.bits(16, row);
}

function writeSelectors(writer: BitWriter, selectors: Uint8Array): void {
  const order = [0, 1, 2, 3, 4, 5];
  for (const selector of selectors) {
    const place = order.indexOf(selector);
    order.copyWithin(1, 0, place);
    order[0] = selector;
    // As many ones as the place, and a zero.
    writer.bits(place + 1, (1 << place + 1) - 2);
  }
}

function writeLengths(writer: BitWriter, lengths: Uint8Array): void {
  let current = lengths[0]!;
  writer.bits(5, current);
  for (const length of lengths) {
    for (; current < length; current++) writer.bits(2, 2);
    for (; current > length; current--) writer.bits(2, 3);
    writer.bits(1, 0);
  }
}
