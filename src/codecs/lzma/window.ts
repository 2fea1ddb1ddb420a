import type { Bytes } from "../../types.ts";

/** Pieces of output are no longer. */
const PIECE = 1 << 17;
const FIRST = 1 << 16;

/**
 * The last bytes a decoder made, which are what it may point back to: a ring, that only grows to its full size if so much
 * is made. Its size is a multiple of 16, because positions in it count for the model, too.
 */
export class Window {
  bytes: Bytes;
  /** Where the next byte goes. */
  pos = 0;
  /** Where the decoder has to stop for now. */
  limit = 0;
  /** How far back the bytes behind `pos` go that were made the last time around. */
  reach = 0;
  /** What is left of a match that did not fit before the limit. */
  pending = 0;
  pendingDistance = 0;
  readonly #size: number;
  #flushed = 0;

  constructor(size: number) {
    this.#size = Math.max(4096, Math.ceil(size / 16) * 16);
    this.bytes = new Uint8Array(Math.min(this.#size, FIRST));
  }

  /** The byte before the first in memory: what stands before it in the ring, or 0. */
  get lastByte(): number {
    return this.reach > 0 ? this.bytes[this.bytes.length - 1]! : 0;
  }

  /** Nothing before this can be pointed at. */
  reset(): void {
    this.pos =
      this.#flushed =
      this.reach =
      this.pending =
        0;
  }

  /** Makes room for up to `count` bytes, fewer if there is less memory to the end of the ring or of a piece. */
  open(count: number): void {
    if (this.pos === this.bytes.length) this.#growOrTurn();
    this.limit = Math.min(this.bytes.length, this.pos + Math.min(count, PIECE));
    if (this.pending > 0) this.#repeat();
  }

  #growOrTurn(): void {
    const { length } = this.bytes;
    if (length < this.#size) {
      const larger = new Uint8Array(Math.min(this.#size, 4 * length));
      larger.set(this.bytes);
      this.bytes = larger;
    } else {
      this.reach = length;
      this.pos = this.#flushed = 0;
    }
  }

  #repeat(): void {
    const { bytes, limit } = this;
    let { pos } = this;
    let from = pos - this.pendingDistance - 1;
    if (from < 0) from += bytes.length;
    const stop = Math.min(limit, pos + this.pending);
    this.pending -= stop - pos;
    while (pos < stop) {
      bytes[pos++] = bytes[from++]!;
      if (from === bytes.length) from = 0;
    }
    this.pos = pos;
  }

  /** Puts bytes in that were not compressed; there must be room for them. */
  put(source: Bytes): void {
    this.bytes.set(source, this.pos);
    this.pos += source.length;
  }

  /** Bytes made since the last flush. */
  get made(): number {
    return this.pos - this.#flushed;
  }

  /** A copy of them. */
  flush(): Bytes {
    const piece = this.bytes.slice(this.#flushed, this.pos);
    this.#flushed = this.pos;
    return piece;
  }
}
