import type { Bytes } from "../../types.ts";

/** Writes bits, the lowest of each byte first, into memory that grows. */
export class BitWriter {
  #bytes: Bytes;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  /** Up to 24 bits. */
  put(value: number, bits: number): void {
    this.#held |= value << this.#count;
    this.#count += bits;
    while (this.#count >= 8) {
      if (this.#at === this.#bytes.length) this.#grow(1);
      this.#bytes[this.#at++] = this.#held;
      this.#held >>>= 8;
      this.#count -= 8;
    }
  }

  /** Zeros, up to the next whole byte. */
  align(): void {
    if (this.#count > 0) this.put(0, 8 - this.#count);
  }

  putBytes(bytes: Bytes): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** All whole bytes, which it forgets. */
  take(): Bytes {
    const taken = this.#bytes.slice(0, this.#at);
    this.#at = 0;
    return taken;
  }

  /** Where it stands, and back to there: what was written since was for nothing. */
  mark(): () => void {
    const [at, held, count] = [this.#at, this.#held, this.#count];
    return () => {
      this.#at = at;
      this.#held = held;
      this.#count = count;
    };
  }

  get length(): number {
    return this.#at;
  }

  #grow(count: number): void {
    const { length } = this.#bytes;
    if (this.#at + count <= length) return;
    const larger = new Uint8Array(Math.max(2 * length, this.#at + count));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}
