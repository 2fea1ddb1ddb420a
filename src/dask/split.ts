import { concat } from "../bytes.ts";
import { FormatError } from "../errors.ts";
import type { Bytes, Message } from "../types.ts";
import { type Group, inRoom } from "./_decompress.ts";
import { countOf, listOf } from "./_header.ts";
import type { DaskHeader } from "./values.ts";

/** Dask's own setting, `distributed.comm.shard`. */
export const SHARD: number = 64 * 2 ** 20;
const STAGE = "dask";

/**
 * Cuts a frame into pieces of a size that connections like.
 *
 * @param frame The frame.
 * @param size Bytes of a piece at most. @default 64 MiB
 * @param itemSize No piece ends within an item of so many bytes. @default 1
 * @returns The pieces, which are views; of a frame that is short enough, itself.
 * @throws {RangeError} If not even one item fits.
 *
 * @example
 * ```ts
 * import { frameSplitSize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const pieces = frameSplitSize(new Uint8Array(10), 4);
 * deepEqual(pieces.map((piece) => piece.length), [4, 4, 2]);
 * ```
 */
export function frameSplitSize(
  frame: Bytes,
  size: number = SHARD,
  itemSize = 1,
): Bytes[] {
  const step = Math.floor((size || SHARD) / itemSize) * itemSize;
  if (frame.length <= (size || SHARD)) return [frame];
  if (!(step > 0)) {
    throw new RangeError(`Cannot cut items of ${itemSize} into ${size} bytes`);
  }
  const pieces: Bytes[] = [];
  for (let at = 0; at < frame.length; at += step) {
    pieces.push(frame.subarray(at, at + step));
  }
  return pieces;
}

/** The frames cut, except what is compressed already; and where the pieces of each are. */
export function splitFrames(
  { header, frames }: Message,
  size: number | undefined,
): { header: DaskHeader; frames: Bytes[]; compression: unknown[] } {
  const before = header.compression;
  const pieces: Bytes[] = [];
  const counts: number[] = [];
  const offsets: number[] = [];
  const compression: unknown[] = [];
  for (let i = 0; i < frames.length; i++) {
    const frame = frames[i]!;
    const name = before?.[i] ?? null;
    offsets.push(pieces.length);
    if (name !== null || frame.length <= (size || SHARD)) {
      counts.push(1);
      pieces.push(frame);
      compression.push(name);
      continue;
    }
    const own = frameSplitSize(frame, size);
    counts.push(own.length);
    for (const piece of own) {
      pieces.push(piece);
      compression.push(null);
    }
  }
  return {
    header: {
      ...header,
      "split-num-sub-frames": counts,
      "split-offsets": offsets,
    },
    frames: pieces,
    compression,
  };
}

/** Where the pieces of each frame are, if any was cut. */
export function groupsOf(
  header: DaskHeader,
  frames: readonly Bytes[],
): readonly Group[] | undefined {
  if (header["split-num-sub-frames"] === undefined) return undefined;
  const counts = listOf(header["split-num-sub-frames"], "split-num-sub-frames");
  const offsets = listOf(header["split-offsets"], "split-offsets");
  if (counts.length !== offsets.length) {
    throw new FormatError(STAGE, "split-offsets do not fit");
  }
  if (areWhole(counts, offsets, frames.length)) return undefined;
  // Pieces that are used twice would let few bytes stand for many.
  let total = 0;
  return counts.map((each, i) => {
    const at = countOf(offsets[i]);
    const count = countOf(each);
    total += count;
    if (at + count > frames.length || total > frames.length) {
      throw new FormatError(STAGE, "split-num-sub-frames asks for more frames");
    }
    return [at, count];
  });
}

/** Whether each frame is one piece, and all are in order: then there is nothing to put together. */
function areWhole(
  counts: readonly unknown[],
  offsets: readonly unknown[],
  length: number,
): boolean {
  if (counts.length !== length) return false;
  for (let i = 0; i < length; i++) {
    if (counts[i] !== 1 || offsets[i] !== i) return false;
  }
  return true;
}

/** The frames as they were before they were cut. */
export function mergeFrames(
  groups: readonly Group[] | undefined,
  frames: readonly Bytes[],
): readonly Bytes[] {
  return groups
    ? groups.map(([at, count]) => joined(frames.slice(at, at + count)))
    : frames;
}

/** Pieces end to end; those that are neighbours in one buffer are not copied. */
export function joined(pieces: readonly Bytes[]): Bytes {
  const [first] = pieces;
  if (!first) return new Uint8Array(0);
  if (pieces.length === 1) return first;
  let end = first.byteOffset;
  for (const { buffer, byteOffset, length } of pieces) {
    if (buffer !== first.buffer || byteOffset !== end) {
      return inRoom(pieces) ?? concat(pieces);
    }
    end += length;
  }
  return new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset);
}
