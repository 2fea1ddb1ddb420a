/**
 * Long frames in pieces.
 *
 * @module
 */
import { concat } from "../src/bytes.ts";
import { FormatError } from "../src/errors.ts";
import type { Bytes, Message } from "../src/types.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode split}. */
export interface SplitOptions {
  /** Bytes of the longest piece. @default {67_108_864} */
  readonly maxBytes?: number;
}

/**
 * Frames longer than a limit as several, as Dask cuts them (`frame_split_size`, `merge_frames`), so that each is
 * compressed and moved on its own. Pieces are views of the frame; they are joined again without a copy where they still
 * lie side by side.
 *
 * @param options The length of a piece.
 * @returns A stage named `split`; it belongs before {@linkcode compress}.
 * @throws {RangeError} If the length is no positive integer.
 * @throws {FormatError} From the decoder, if the header's lists do not fit the frames.
 *
 * @example
 * ```ts
 * import { defaultRegistry, split } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const message = defaultRegistry.serialize(new Uint8Array(2500));
 * const { writable, readable } = split({ maxBytes: 1000 }).encoder();
 * const writer = writable.getWriter();
 * writer.write(message);
 * writer.close();
 *
 * for await (const { header, frames } of readable) {
 *   deepEqual(header["split-num-sub-frames"], [1, 3]);
 *   deepEqual(frames.map((frame) => frame.length).slice(1), [1000, 1000, 500]);
 * }
 * ```
 */
export function split(
  { maxBytes = 2 ** 26 }: SplitOptions = {},
): Stage<Message, Message> {
  if (!Number.isInteger(maxBytes) || maxBytes < 1) {
    throw new RangeError(`Cannot cut frames into ${maxBytes} bytes`);
  }
  return {
    name: "split",
    encoder: () =>
      new TransformStream({
        transform: (message, controller) =>
          controller.enqueue(splitMessage(message, maxBytes)),
      }),
    decoder: () =>
      new TransformStream({
        transform: (message, controller) =>
          controller.enqueue(mergeMessage(message)),
      }),
  };
}

function splitMessage(message: Message, maxBytes: number): Message {
  const { header, frames } = message;
  if (frames.every((frame) => frame.length <= maxBytes)) return message;
  const { compression } = header;
  const pieces: Bytes[] = [];
  const counts: number[] = [];
  const offsets: number[] = [];
  const names: (string | null | false)[] = [];
  frames.forEach((frame, i) => {
    const name = compression?.[i] ?? null;
    offsets.push(pieces.length);
    // A frame that is compressed already makes no sense in parts.
    const step = name ? Infinity : maxBytes;
    let start = 0;
    do {
      pieces.push(frame.subarray(start, start + step));
      names.push(name);
      start += step;
    } while (start < frame.length);
    counts.push(pieces.length - offsets[i]!);
  });
  return {
    header: {
      ...header,
      "split-num-sub-frames": counts,
      "split-offsets": offsets,
      compression: names,
    },
    frames: pieces,
  };
}

function mergeMessage(message: Message): Message {
  const {
    "split-num-sub-frames": counts,
    "split-offsets": offsets,
    ...header
  } = message.header;
  if (counts === undefined && offsets === undefined) return message;
  checkLists(counts, offsets, message.frames.length);
  const { compression } = header;
  return {
    // What the pieces of a frame went through, the frame did.
    header: {
      ...header,
      ...compression && {
        compression: offsets!.map((offset) => compression[offset] ?? null),
      },
    },
    frames: counts!.map((count, i) =>
      join(message.frames.slice(offsets![i]!, offsets![i]! + count))
    ),
  };
}

/** The lists must use every piece once and in order: others could make a great deal out of little. */
function checkLists(
  counts: unknown,
  offsets: unknown,
  pieces: number,
): void {
  let next = 0;
  const fits = Array.isArray(counts) && Array.isArray(offsets) &&
    counts.length === offsets.length &&
    counts.every((count: unknown, i) => {
      if (offsets[i] !== next) return false;
      if (!Number.isInteger(count) || (count as number) < 0) return false;
      next += count as number;
      return true;
    });
  if (!fits || next !== pieces) {
    throw new FormatError("split", "the lists of pieces do not fit the frames");
  }
}

/** Neighbours in one buffer are one view of it. */
function join(pieces: readonly Bytes[]): Bytes {
  const [first] = pieces;
  if (!first) return new Uint8Array(0);
  let end = first.byteOffset;
  const adjoin = pieces.every((piece) => {
    const begins = piece.buffer === first.buffer && piece.byteOffset === end;
    end += piece.length;
    return begins;
  });
  return adjoin
    ? new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset)
    : concat(pieces);
}
