import { LimitError, TruncatedError } from "../errors.ts";
import type { Bytes } from "../types.ts";
import { readU64s, writeU64 } from "../wire/u64.ts";
import { uncleared } from "./_memory.ts";

const STAGE = "dask";

/**
 * What stands before the frames of a packed message: how many there are, and how long each is.
 *
 * @param frames The frames.
 * @returns The bytes before them.
 *
 * @example
 * ```ts
 * import { packFramesPrelude } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual([...packFramesPrelude([new Uint8Array(5)])].filter(Boolean), [1, 5]);
 * ```
 */
export function packFramesPrelude(frames: readonly Bytes[]): Bytes {
  const prelude = new Uint8Array(8 * (1 + frames.length));
  const view = new DataView(prelude.buffer);
  writeU64(view, 0, frames.length);
  frames.forEach(({ length }, i) => writeU64(view, 8 * (1 + i), length));
  return prelude;
}

/**
 * Frames as one run of bytes, as Dask's `pack_frames` does it.
 *
 * @param frames The frames.
 * @returns The bytes: a copy. To send them one after the other without, see {@linkcode packFramesPrelude}.
 *
 * @example
 * ```ts
 * import { packFrames, unpackFrames } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const frames = [new Uint8Array([1]), new Uint8Array([2, 3])];
 * deepEqual(unpackFrames(packFrames(frames)), frames);
 * ```
 */
export function packFrames(frames: readonly Bytes[]): Bytes {
  const prelude = packFramesPrelude(frames);
  let length = prelude.length;
  for (const frame of frames) length += frame.length;
  const packed = uncleared(length);
  packed.set(prelude);
  let at = prelude.length;
  for (const frame of frames) {
    packed.set(frame, at);
    at += frame.length;
  }
  return packed;
}

/** Options for {@linkcode unpackFrames}. */
export interface UnpackFramesOptions {
  /** Whether the bytes after the frames are given, too, as one more. @default {false} */
  readonly remainder?: boolean | undefined;
  /** Frames that are accepted. @default {16_777_216} */
  readonly maxFrames?: number | undefined;
}

/** What there is of frames that are not all there yet. */
export interface PartialFrames {
  /** The frames that are there. */
  readonly frames: Bytes[];
  /** The lengths of those that are not, in order. */
  readonly missing: number[];
}

/**
 * The frames that {@linkcode packFrames}, or Dask, put together.
 *
 * @param packed The bytes; what follows the frames is left alone.
 * @param options Whether that is given as well.
 * @returns The frames, which are views.
 * @throws {TruncatedError} If they are not all there.
 * @throws {LimitError} If there are more than is accepted.
 *
 * @example Messages that follow each other
 * ```ts
 * import { packFrames, unpackFrames } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const packed = packFrames([new Uint8Array([1])]);
 * const both = new Uint8Array([...packed, ...packed]);
 * const [frame, rest] = unpackFrames(both, { remainder: true });
 * deepEqual([frame, rest], [new Uint8Array([1]), packed]);
 * ```
 */
export function unpackFrames(
  packed: Bytes,
  options: UnpackFramesOptions = {},
): Bytes[] {
  const { frames, missing, end } = unpack(packed, options);
  if (missing.length > 0) {
    throw new TruncatedError(STAGE, "the bytes end within a frame", {
      offset: packed.length,
    });
  }
  if (options.remainder) frames.push(packed.subarray(end));
  return frames;
}

/**
 * The frames that are there of those that {@linkcode packFrames}, or Dask, put together: Dask's `partial`.
 *
 * @param packed The first of the bytes, with all lengths at least.
 * @param options What is accepted.
 * @returns The frames that are whole, and the lengths of the others.
 * @throws {TruncatedError} If not even the lengths are all there.
 *
 * @example
 * ```ts
 * import { packFrames, unpackPartialFrames } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const packed = packFrames([new Uint8Array([1]), new Uint8Array(9)]);
 * const { frames, missing } = unpackPartialFrames(packed.subarray(0, -9));
 * deepEqual([frames, missing], [[new Uint8Array([1])], [9]]);
 * ```
 */
export function unpackPartialFrames(
  packed: Bytes,
  options: Pick<UnpackFramesOptions, "maxFrames"> = {},
): PartialFrames {
  const { frames, missing } = unpack(packed, options);
  return { frames, missing };
}

function unpack(
  packed: Bytes,
  { maxFrames = 2 ** 24 }: UnpackFramesOptions,
): PartialFrames & { end: number } {
  const cut = () =>
    new TruncatedError(STAGE, "the bytes end within the lengths of frames", {
      offset: packed.length,
    });
  if (packed.length < 8) throw cut();
  const [count] = readU64s(packed.subarray(0, 8));
  if (count! > maxFrames) {
    throw new LimitError(STAGE, "frames", count!, maxFrames, { offset: 0 });
  }
  let end = 8 * (1 + count!);
  if (end > packed.length) throw cut();
  const lengths = readU64s(packed.subarray(8, end));
  const frames: Bytes[] = [];
  for (const length of lengths) {
    if (end + length > packed.length) break;
    frames.push(packed.subarray(end, end += length));
  }
  return { frames, missing: lengths.slice(frames.length), end };
}
