import type { Bytes } from "../../types.ts";
import { repeat } from "../copy.ts";

/** Pieces of output are no longer. */
const PIECE = 1 << 16;

/** What was decoded last, in a ring that grows only as it is filled: a header alone may ask for 16 MB. */
export class Ring {
  bytes: Bytes = new Uint8Array(PIECE);
  /** Where the next byte goes, and up to where bytes may be put for now. */
  to = 0;
  limit: number = PIECE;
  readonly #size: number;
  #from = 0;
  #isFull = false;

  constructor(size: number) {
    this.#size = Math.max(size, PIECE);
  }

  /** How many bytes there are to point back to. */
  get reach(): number {
    return this.#isFull ? this.#size : this.to;
  }

  /** How many bytes were put since the last flush. */
  get pending(): number {
    return this.to - this.#from;
  }

  /** The last byte but so many; 0 before the first. */
  before(count: number): number {
    return this.bytes[this.to - 1 - count & this.bytes.length - 1]!;
  }

  /** A copy of what was put since the last time; makes room for more. */
  flush(): Bytes {
    const piece = this.bytes.slice(this.#from, this.to);
    const { length } = this.bytes;
    if (this.to === length) {
      if (length < this.#size) {
        const larger = new Uint8Array(2 * length);
        larger.set(this.bytes);
        this.bytes = larger;
      } else {
        this.#isFull = true;
        this.to = 0;
      }
    }
    this.#from = this.to;
    this.limit = Math.min(this.bytes.length, this.to + PIECE);
    return piece;
  }

  /** Repeats up to so many bytes, as there is room; says how many. */
  copy(distance: number, count: number): number {
    const { bytes, to } = this;
    count = Math.min(count, this.limit - to);
    if (distance <= to) repeat(bytes, to, distance, count);
    else {
      const from = to - distance + bytes.length;
      count = Math.min(count, bytes.length - from);
      bytes.copyWithin(to, from, from + count);
    }
    this.to += count;
    return count;
  }
}
