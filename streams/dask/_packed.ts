import { FormatError, LimitError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { readU64s } from "../../src/wire/u64.ts";

/** The most that a reader of Dask's frames accepts. */
export interface DaskLimits {
  /** Frames of one message or blob. @default {1_048_576} */
  readonly maxFrames?: number | undefined;
  /** Bytes of one message or blob. @default {4_294_967_296} */
  readonly maxMessageBytes?: number | undefined;
}

/** Frames, and how long all of it was, in bytes, with their count and lengths. */
export interface PackedFrames {
  readonly frames: Bytes[];
  readonly byteLength: number;
}

const STAGE = "dask";

/**
 * The grammar of frames behind their count and lengths: yields how many bytes it wants next. Only bytes that have come take
 * memory, whatever the lengths say.
 *
 * @param head The first eight bytes, with the count.
 * @param offset Where these begin in the input.
 * @param limits The most to accept.
 */
export function* packedFrames(
  head: Bytes,
  offset: number,
  limits: DaskLimits,
): Generator<number, PackedFrames, Bytes> {
  const { maxFrames = 2 ** 20, maxMessageBytes = 2 ** 32 } = limits;
  const check = (what: string, actual: number, limit: number) => {
    if (actual <= limit) return;
    throw new LimitError(STAGE, what, actual, limit, { offset });
  };
  const [count] = readU64s(head);
  // What these bytes are read as when they are text, or anything else.
  if (count! > 2 ** 32) {
    throw new FormatError(STAGE, "no message begins like this", { offset });
  }
  check("frames", count!, maxFrames);
  const lengths = count === 0 ? [] : readU64s(yield 8 * count!);
  const byteLength = lengths.reduce(
    (sum, length) => sum + length,
    8 * (1 + count!),
  );
  check("message bytes", byteLength, maxMessageBytes);
  const frames: Bytes[] = [];
  for (const length of lengths) frames.push(yield length);
  return { frames, byteLength };
}
