import { inParts, type Part, PAUSE } from "../input.ts";
import type { BitReader } from "./bit_reader.ts";
import { GROUP, MAX_CODE, readTables } from "./tables.ts";

/** Bytes that a group of symbols can take, and a few. */
const MOST_PER_GROUP = GROUP * MAX_CODE / 8 + 4;
const RUN_A = 0;
const RUN_B = 1;
/** After so many groups others have their turn. */
const GROUPS = 1 << 9;
const LINKS = 1 << 16;

/** Reads the symbols of blocks, and turns the Burrows-Wheeler transform around. */
export class BlockReader {
  readonly #reader: BitReader;
  /** Of each place: a byte, and above it the place of the next. */
  readonly links: Uint32Array;
  readonly #order = new Uint8Array(256);
  readonly #counts = new Int32Array(256);
  #length = 0;
  /** The run at hand, and what the next digit of its length counts. */
  #run = 0;
  #weight = 1;

  constructor(reader: BitReader, size: number) {
    this.#reader = reader;
    this.links = new Uint32Array(size);
  }

  /** Reads a block, and gives its length; `links` then lead through it. */
  *read(): Part<number> {
    const { input } = this.#reader;
    const { used, selectors, codes } = yield* readTables(this.#reader);
    this.#order.set(used);
    this.#counts.fill(0);
    this.#length = this.#run = 0;
    this.#weight = 1;
    for (let group = 0; group < selectors.length; group++) {
      if (group % GROUPS === 0) yield PAUSE;
      const code = codes[selectors[group]!];
      if (!code) throw input.refusal("a table of a block is damaged");
      while (!input.ended && input.length < MOST_PER_GROUP) yield undefined;
      const isLast = this.#group(code, used.length + 1);
      if (input.at > input.end) {
        input.at = input.end;
        throw input.truncated();
      }
      if (isLast === undefined) throw input.refusal("a block is damaged");
      if (isLast) {
        this.#startAt();
        yield* inParts(
          this.#length,
          LINKS,
          (from, to) => this.#link(from, to),
        );
        return this.#length;
      }
    }
    throw input.refusal("a block has no end");
  }

  /** Up to 50 symbols; says whether the last of the block was among them, or nothing if something is wrong. */
  #group(
    code: {
      fast: Uint16Array;
      limits: Int32Array;
      offsets: Int32Array;
      symbols: Uint16Array;
    },
    last: number,
  ): boolean | undefined {
    const reader = this.#reader;
    const { input } = reader;
    const { bytes } = input;
    const { fast, limits, offsets, symbols } = code;
    const order = this.#order;
    const links = this.links;
    let { held, count } = reader;
    let { at } = input;
    let length = this.#length;
    let isLast: boolean | undefined = false;
    for (let i = 0; i < GROUP; i++) {
      while (count < MAX_CODE) {
        held = held << 8 | bytes[at++]!;
        count += 8;
      }
      const next = held >>> count - MAX_CODE & (1 << MAX_CODE) - 1;
      let symbol = fast[next >> 10]!;
      if (symbol !== 0) {
        count -= symbol & 31;
        symbol >>= 5;
      } else {
        let bits = 11;
        while (bits <= MAX_CODE && next >= limits[bits]!) bits++;
        if (bits > MAX_CODE) {
          isLast = undefined;
          break;
        }
        count -= bits;
        symbol = symbols[(next >> MAX_CODE - bits) + offsets[bits]!]!;
      }
      if (symbol <= RUN_B) {
        this.#run += symbol === RUN_A ? this.#weight : 2 * this.#weight;
        this.#weight *= 2;
        if (this.#run <= links.length) continue;
        isLast = undefined;
        break;
      }
      if (this.#run > 0) {
        length = this.#endRun(length);
        if (length < 0) {
          isLast = undefined;
          break;
        }
      }
      if (symbol === last) {
        isLast = true;
        break;
      }
      if (length === links.length) {
        isLast = undefined;
        break;
      }
      const place = symbol - 1;
      const byte = order[place]!;
      if (place < 16) {
        for (let j = place; j > 0; j--) order[j] = order[j - 1]!;
      } else order.copyWithin(1, 0, place);
      order[0] = byte;
      links[length++] = byte;
      this.#counts[byte]!++;
    }
    this.#length = length;
    // What made no sense may be what stands behind a cut.
    if (isLast === undefined && at > input.end) {
      input.at = at;
      return undefined;
    }
    // What was read ahead is given back.
    const back = count >> 3;
    reader.held = held >>> 8 * back;
    reader.count = count - 8 * back;
    input.at = at - back;
    return isLast;
  }

  /** The first byte of the order, so many times; gives the new length, or -1 if that is too much. */
  #endRun(length: number): number {
    const end = length + this.#run;
    if (end > this.links.length) return -1;
    const byte = this.#order[0]!;
    this.links.fill(byte, length, end);
    this.#counts[byte]! += this.#run;
    this.#run = 0;
    this.#weight = 1;
    return end;
  }

  /** Where in sorted order each byte begins. */
  #startAt(): void {
    const starts = this.#counts;
    for (let byte = 0, sum = 0; byte < 256; byte++) {
      const count = starts[byte]!;
      starts[byte] = sum;
      sum += count;
    }
  }

  /** From each byte in sorted order to the place where it stands. */
  #link(from: number, to: number): void {
    const { links } = this;
    const starts = this.#counts;
    for (let i = from; i < to; i++) {
      const byte = links[i]! & 255;
      const at = starts[byte]!++;
      links[at] = links[at]! | i << 8;
    }
  }
}
