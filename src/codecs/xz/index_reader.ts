import { crc32 } from "../../crc32.ts";
import type { Bytes } from "../../types.ts";
import { type Input, type Part, u32 } from "../input.ts";
import { BlockRecords, FOOTER_MAGIC } from "./index.ts";
import { readVli } from "./vli.ts";

/** The index and the footer. */
export function* readEnd(
  input: Input,
  records: BlockRecords,
  flags: Bytes,
): Part<void> {
  const begin = input.offset - 1;
  const refuse = () => input.refusal("the index does not fit", begin);
  // The index is read number by number, so that one of any size takes no memory.
  const crc = new RunningCrc(input);
  const seen = new BlockRecords();
  const count = yield* crc.read(readVli(input));
  if (count !== records.count) throw refuse();
  for (let i = 0; i < count; i++) {
    const packed = yield* crc.read(readVli(input));
    const plain = yield* crc.read(readVli(input));
    seen.add(packed, plain);
  }
  if (!seen.equals(records)) throw refuse();
  yield* crc.read(skipZeros(input, -(input.offset - begin) & 3));
  const sum = u32(yield* input.take(4), 0);
  if (sum !== crc.value) throw refuse();
  const size = input.offset - begin;
  const footer = (yield* input.take(12)).slice();
  const isRight = u32(footer, 0) === crc32(footer.subarray(4, 10)) &&
    (u32(footer, 4) + 1) * 4 === size &&
    footer[8] === flags[0] && footer[9] === flags[1] &&
    footer[10] === FOOTER_MAGIC[0] && footer[11] === FOOTER_MAGIC[1];
  if (!isRight) throw input.refusal("the footer does not fit", begin + size);
}

/** The CRC-32 of what is read in parts, each of which stays in the input until the next. */
class RunningCrc {
  readonly #input: Input;
  value = crc32(Uint8Array.of(0));

  constructor(input: Input) {
    this.#input = input;
  }

  *read<T>(part: Part<T>): Part<T> {
    // Bytes may move while more are waited for, so each is added before that.
    const input = this.#input;
    let from = input.at;
    const note = () => {
      this.value = crc32(input.bytes.subarray(from, input.at), this.value);
    };
    for (;;) {
      const step = part.next();
      note();
      if (step.done) return step.value;
      yield step.value;
      from = input.at;
    }
  }
}

/** Padding. */
export function* skipZeros(input: Input, count: number): Part<void> {
  for (let i = 0; i < count; i++) {
    if ((yield* input.byte()) !== 0) {
      throw input.refusal("padding is not zero", input.offset - 1);
    }
  }
}
