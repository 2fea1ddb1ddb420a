import type { Bytes } from "../../types.ts";
import { WINDOW_GAP } from "./ranges.ts";

/** As far back as the encoder looks: 1 MiB. */
export const WINDOW_BITS = 20;
/** So much is encoded at a time. */
export const BLOCK: number = 1 << 17;

const WINDOW = 1 << WINDOW_BITS;
const HASH_BITS = 16;
/** Shorter ones are not looked for. */
const LEAST = 4;
/** Shorter ones from very far cost more than their letters. */
const FAR = 1 << 16;
/** A match of this length is taken without a look for a better one. */
const NICE = 128;

/** Literals, and what they are followed by again: `copy` is 0 only at the end of a block. */
export interface Command {
  readonly insert: number;
  readonly copy: number;
  readonly distance: number;
}

/** Finds what was there before, by chains of places that begin with the same four bytes. */
export class Matches {
  /** What was there before, and from `start` to `end` the block at hand. */
  bytes: Bytes = new Uint8Array(BLOCK);
  start = 0;
  end = 0;
  readonly #depth: number;
  /** Places count from 1, so that 0 is none. */
  readonly #heads = new Int32Array(1 << HASH_BITS);
  #links = new Int32Array(BLOCK);
  #length = 0;
  #distance = 0;
  #lastDistance = 0;

  /** @param depth How many places are looked at. */
  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Takes as many bytes as the block has room for; says how many. */
  fill(source: Bytes): number {
    const count = Math.min(source.length, this.start + BLOCK - this.end);
    const needed = this.end + count;
    if (needed > this.bytes.length) this.#grow(needed);
    this.bytes.set(source.subarray(0, count), this.end);
    this.end += count;
    return count;
  }

  get isFull(): boolean {
    return this.end - this.start === BLOCK;
  }

  /** Up to three windows, so that what is kept is seldom moved. */
  #grow(needed: number): void {
    const size = Math.min(3 * WINDOW, Math.max(needed, 2 * this.bytes.length));
    const bytes = new Uint8Array(size);
    const links = new Int32Array(size);
    bytes.set(this.bytes);
    links.set(this.#links);
    [this.bytes, this.#links] = [bytes, links];
  }

  /** The block is done: it becomes what was there before. */
  next(): void {
    this.start = this.end;
    if (this.end + BLOCK <= 3 * WINDOW) return;
    const gone = this.end - WINDOW;
    this.bytes.copyWithin(0, gone, this.end);
    this.#links.copyWithin(0, gone, this.end);
    for (const table of [this.#heads, this.#links]) {
      for (let i = 0; i < table.length; i++) {
        table[i] = Math.max(0, table[i]! - gone);
      }
    }
    this.start = this.end = WINDOW;
  }

  /** The block as commands. */
  commands(): Command[] {
    const commands: Command[] = [];
    let from = this.start;
    let missed = 0;
    for (let at = from; at + LEAST <= this.end;) {
      this.#find(at);
      if (this.#length === 0) {
        // Faster, the longer there was nothing.
        at += 1 + (missed++ >> 6);
        continue;
      }
      missed = 0;
      let length = this.#length;
      let distance = this.#distance;
      if (this.#depth >= 16 && length < NICE && at + 1 + LEAST <= this.end) {
        this.#find(at + 1);
        if (this.#length > length + 1) {
          at++;
          length = this.#length;
          distance = this.#distance;
        }
      }
      commands.push({ insert: at - from, copy: length, distance });
      this.#lastDistance = distance;
      this.#note(at + 1, at + length);
      from = at += length;
    }
    if (from < this.end) {
      commands.push({ insert: this.end - from, copy: 0, distance: 0 });
    }
    return commands;
  }

  #hash(at: number): number {
    const { bytes } = this;
    const four = bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 |
      bytes[at + 3]! << 24;
    return Math.imul(four, 0x1e35a7bd) >>> 32 - HASH_BITS;
  }

  /** Looks for the longest, and notes the place. */
  #find(at: number): void {
    const { bytes } = this;
    const heads = this.#heads;
    const links = this.#links;
    const most = this.end - at;
    let best = 0;
    let distance = 0;
    let isRepeat = false;
    const last = this.#lastDistance;
    if (last > 0 && last <= at) {
      const length = this.#same(at, at - last, most);
      isRepeat = length >= LEAST;
      // It is told in hardly any bits.
      if (isRepeat) [best, distance] = [length + 1, last];
    }
    const hash = this.#hash(at);
    let place = heads[hash]! - 1;
    if (place !== at) {
      links[at] = place + 1;
      heads[hash] = at + 1;
    } else place = links[at]! - 1;
    const least = Math.max(0, at - (WINDOW - WINDOW_GAP));
    let depth = best < NICE ? this.#depth : 0;
    for (; depth > 0 && place >= least; depth--) {
      if (best === 0 || bytes[place + best] === bytes[at + best]) {
        const length = this.#same(at, place, most);
        const isWorth = length > LEAST || at - place < FAR;
        if (length > best && length >= LEAST && isWorth) {
          best = length;
          distance = at - place;
          isRepeat = false;
          if (length >= NICE) break;
        }
      }
      place = links[place]! - 1;
    }
    // Which was counted longer than it is, if nothing longer was found.
    this.#length = isRepeat ? best - 1 : best;
    this.#distance = distance;
  }

  #same(at: number, place: number, most: number): number {
    const { bytes } = this;
    let length = 0;
    while (length < most && bytes[place + length] === bytes[at + length]) {
      length++;
    }
    return length;
  }

  /** Notes places in a match, of a long one not all. */
  #note(from: number, to: number): void {
    const step = to - from > 512 ? 8 : 1;
    const heads = this.#heads;
    const end = Math.min(to, this.end - LEAST + 1);
    for (let at = from; at < end; at += step) {
      const hash = this.#hash(at);
      if (heads[hash] === at + 1) continue;
      this.#links[at] = heads[hash]!;
      heads[hash] = at + 1;
    }
  }
}
