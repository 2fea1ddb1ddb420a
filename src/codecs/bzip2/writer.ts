import type { Input, Part, Steps } from "../input.ts";
import { BitWriter } from "./bit_writer.ts";
import { writeBlock } from "./block_writer.ts";
import { combine, crcHighFirst } from "./crc.ts";

/** Runs longer than 3 are 4 bytes and how many more, up to this. */
const MOST_MORE = 251;
/** Left free at the end of a block, as the command does. */
const MARGIN = 19;

/** Writes one stream. */
export function* writeBzip2(input: Input, level: number): Steps {
  const writer = new BitWriter();
  writer.bits(24, 0x425a68);
  writer.bits(8, 0x30 + level);
  const runs = new RunBlock(100_000 * level - MARGIN);
  let whole = 0;
  while (!(yield* input.isOver())) {
    input.at += runs.add(input.bytes.subarray(input.at, input.end));
    if (!runs.isFull) continue;
    whole = combine(whole, yield* endBlock(writer, runs));
    yield writer.take();
  }
  if (!runs.isEmpty) whole = combine(whole, yield* endBlock(writer, runs));
  writer.bits(24, 0x177245);
  writer.bits(24, 0x385090);
  writer.bits(16, whole >>> 16);
  writer.bits(16, whole & 0xffff);
  writer.align();
  yield writer.take();
}

function* endBlock(writer: BitWriter, runs: RunBlock): Part<number> {
  const { block, crc } = runs.take();
  yield* writeBlock(writer, block, crc);
  return crc;
}

/** A block as it fills, with its runs made short. */
class RunBlock {
  readonly #bytes: Uint8Array;
  readonly #size: number;
  #length = 0;
  #crc = -1;
  #last = -1;
  #run = 0;

  constructor(size: number) {
    this.#size = size;
    this.#bytes = new Uint8Array(size + 8);
  }

  get isFull(): boolean {
    return this.#length >= this.#size;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Takes what there is room for; says how much. */
  add(source: Uint8Array): number {
    const bytes = this.#bytes;
    const size = this.#size;
    let length = this.#length;
    let last = this.#last;
    let run = this.#run;
    let i = 0;
    for (; i < source.length && length < size; i++) {
      const byte = source[i]!;
      if (byte !== last || run === 4 + MOST_MORE) {
        last = byte;
        run = 1;
        bytes[length++] = byte;
      } else if (++run < 4) bytes[length++] = byte;
      else if (run === 4) {
        // The count behind is there at once, and grows in place.
        bytes[length] = byte;
        bytes[length + 1] = 0;
        length += 2;
      } else bytes[length - 1]!++;
    }
    this.#crc = crcHighFirst(source.subarray(0, i), this.#crc);
    this.#length = length;
    this.#last = last;
    this.#run = run;
    return i;
  }

  take(): { block: Uint8Array; crc: number } {
    const taken = {
      block: this.#bytes.subarray(0, this.#length),
      crc: ~this.#crc,
    };
    this.#length = this.#run = 0;
    this.#crc = this.#last = -1;
    return taken;
  }
}
