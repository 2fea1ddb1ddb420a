import type { Input, Part } from "../input.ts";

/** Bits, the highest first, from the input; bytes are taken one by one, so that none is taken too many. */
export class BitReader {
  readonly input: Input;
  /** The last bits that were taken from the input, of which `count` are still to be read. */
  held = 0;
  count = 0;

  constructor(input: Input) {
    this.input = input;
  }

  /** Waits until so many bits are there. */
  *want(bits: number): Part<void> {
    if (this.count < bits) yield* this.input.need(bits - this.count + 7 >> 3);
  }

  /** Up to 24 bits, which are there. */
  bits(bits: number): number {
    const { input } = this;
    while (this.count < bits) {
      this.held = this.held << 8 | input.bytes[input.at++]!;
      this.count += 8;
    }
    this.count -= bits;
    return this.held >>> this.count & (1 << bits) - 1;
  }

  *read(bits: number): Part<number> {
    yield* this.want(bits);
    return this.bits(bits);
  }

  /** Passes over what is left of the byte at hand. */
  align(): void {
    this.count = 0;
  }
}
