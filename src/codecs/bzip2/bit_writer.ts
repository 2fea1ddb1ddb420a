import type { Bytes } from "../../types.ts";

/** Bits, the highest first. */
export class BitWriter {
  #bytes: Bytes = new Uint8Array(1 << 16);
  #length = 0;
  #held = 0;
  #count = 0;

  /** Up to 24 bits. */
  bits(count: number, value: number): void {
    this.#held = this.#held << count | value;
    this.#count += count;
    while (this.#count >= 8) {
      this.#count -= 8;
      if (this.#length === this.#bytes.length) this.#grow();
      this.#bytes[this.#length++] = this.#held >>> this.#count;
    }
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  /** Fills the last byte. */
  align(): void {
    if (this.#count > 0) this.bits(8 - this.#count, 0);
  }

  /** A copy of all whole bytes since the last time. */
  take(): Bytes {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }
}
