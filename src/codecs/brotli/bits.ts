import type { FormatError } from "../../errors.ts";
import type { Input, Part } from "../input.ts";
import { entryOf, type Table } from "./prefix_codes.ts";

/** Input by bits, the lowest of each byte first. Between calls it holds less than a byte. */
export class Bits {
  readonly input: Input;
  /** Bits that were taken from the input, the next of them lowest. */
  held = 0;
  count = 0;

  constructor(input: Input) {
    this.input = input;
  }

  /** The next bits, up to 24. */
  *take(bits: number): Part<number> {
    while (this.count < bits) {
      this.held |= (yield* this.input.byte()) << this.count;
      this.count += 8;
    }
    const value = this.held & (1 << bits) - 1;
    this.held >>>= bits;
    this.count -= bits;
    return value;
  }

  *symbol(table: Table): Part<number> {
    for (;;) {
      const entry = entryOf(table, this.held);
      const length = entry & 31;
      if (length <= this.count) {
        this.held >>>= length;
        this.count -= length;
        return entry >> 5;
      }
      this.held |= (yield* this.input.byte()) << this.count;
      this.count += 8;
    }
  }

  /** A number from 1 to 256, of which small ones are short. */
  *small(): Part<number> {
    if ((yield* this.take(1)) === 0) return 1;
    const bits = yield* this.take(3);
    return 1 + (1 << bits) + (yield* this.take(bits));
  }

  /** Goes on to the next whole byte; the bits before it have to be zero. */
  align(): void {
    if (this.held !== 0) {
      throw this.refusal("there are bits where none should be");
    }
    this.count = 0;
  }

  /** What was read ahead is not counted. */
  refusal(message: string): FormatError {
    const { input, count } = this;
    return input.refusal(message, input.offset - (count >> 3));
  }

  damagedCodes(): FormatError {
    return this.refusal("the codes are damaged");
  }
}
