import type { Bytes } from "../types.ts";

const SMALL = 1024;
const LARGE = 1 << 20;

/**
 * What is left of one piece of input until the next completes it, in one buffer that doubles as it fills. Views of it are
 * good until the next call; there is always room for a bracket on either side.
 */
export class Carry {
  #buffer: Bytes = new Uint8Array(SMALL);
  #end = 1;

  get length(): number {
    return this.#end - 1;
  }

  append(bytes: Bytes): void {
    const end = this.#end + bytes.length;
    if (end >= this.#buffer.length) {
      const larger = new Uint8Array(Math.max(end + 1, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#end));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#end);
    this.#end = end;
  }

  /** Lets go of all but the first bytes. */
  cutTo(length: number): void {
    this.#end = length + 1;
  }

  view(): Bytes {
    return this.#buffer.subarray(1, this.#end);
  }

  /** What is carried, in `[` and `]`. */
  bracketed(): Bytes {
    this.#buffer[0] = 0x5b;
    this.#buffer[this.#end] = 0x5d;
    return this.#buffer.subarray(0, this.#end + 1);
  }

  clear(): void {
    this.#end = 1;
    if (this.#buffer.length > LARGE) this.#buffer = new Uint8Array(SMALL);
  }
}
