import type { Bytes } from "../../types.ts";
import { type Input, type Part, type Steps, u32 } from "../input.ts";
import { decompressBlock } from "./block.ts";
import { Xxh32, xxh32 } from "./xxh32.ts";

const MAGIC = 0x184d2204;
const SKIPPABLE = 0x184d2a50;
const HISTORY = 1 << 16;
/** Pieces of output are no longer. */
const PIECE = 1 << 18;

/** Reads all frames there are; passes over skippable ones. */
export function* readLz4(input: Input, ignoresRest: boolean): Steps {
  let frames = 0;
  for (;;) {
    if (frames > 0 && (yield* input.isOver())) return;
    const magic = yield* readMagic(input);
    if (magic === undefined && frames > 0 && ignoresRest) {
      return yield* input.skipRest();
    }
    if (magic === undefined) {
      throw input.refusal(
        frames > 0 ? "there are bytes after the end" : "it is not lz4",
      );
    }
    if (magic === MAGIC) yield* readFrame(input);
    else yield* skip(input);
    frames++;
  }
}

/** Each byte at once, so that what is none is refused where it begins. */
function* readMagic(input: Input): Part<number | undefined> {
  for (let i = 0; i < 4; i++) {
    yield* input.need(i + 1);
    const byte = input.bytes[input.at + i]!;
    const isSkippable = i === 0
      ? byte >> 4 === 5
      : byte === (SKIPPABLE >>> 8 * i & 255) &&
        input.bytes[input.at]! >> 4 === 5;
    const isFrame = byte === (MAGIC >>> 8 * i & 255) &&
      (i === 0 || input.bytes[input.at] === (MAGIC & 255));
    if (!isSkippable && !isFrame) return undefined;
  }
  input.at += 4;
  return u32(input.bytes, input.at - 4);
}

function* skip(input: Input): Part<void> {
  let left = u32(yield* input.take(4), 0);
  while (left > 0) {
    yield* input.need(1);
    const step = Math.min(left, input.length);
    input.at += step;
    left -= step;
  }
}

interface FrameHeader {
  readonly isLinked: boolean;
  readonly hasBlockSums: boolean;
  readonly hasSum: boolean;
  readonly size: number | undefined;
  readonly maxBlock: number;
}

function* readHeader(input: Input): Part<FrameHeader> {
  const begin = input.offset;
  const refuse = (message: string) => input.refusal(message, begin);
  yield* input.need(2);
  const flags = input.bytes[input.at]!;
  const sizes = input.bytes[input.at + 1]!;
  const isKnown = flags >> 6 === 1 && (flags & 2) === 0 &&
    (sizes & 0x8f) === 0 && sizes >> 4 >= 4;
  if (!isKnown) throw refuse("the header is damaged");
  const length = 2 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
  const header = (yield* input.take(length)).slice();
  if ((yield* input.byte()) !== (xxh32(header) >>> 8 & 255)) {
    throw refuse("the checksum of the header is wrong");
  }
  if (flags & 1 && u32(header, length - 4) !== 0) {
    throw refuse("it needs a dictionary");
  }
  return {
    isLinked: (flags & 32) === 0,
    hasBlockSums: (flags & 16) !== 0,
    hasSum: (flags & 4) !== 0,
    size: flags & 8 ? u32(header, 2) + u32(header, 6) * 2 ** 32 : undefined,
    maxBlock: 1 << 8 + 2 * (sizes >> 4),
  };
}

function* readFrame(input: Input): Part<void> {
  const header = yield* readHeader(input);
  const sum = new Xxh32();
  let length = 0;
  let out: Bytes = new Uint8Array(0);
  let kept = 0;
  for (;;) {
    const { offset } = input;
    const head = u32(yield* input.take(4), 0);
    if (head === 0) break;
    const size = head & 0x7fffffff;
    if (size > header.maxBlock) {
      throw input.refusal("a block is too large", offset);
    }
    yield* input.need(size + (header.hasBlockSums ? 4 : 0));
    const block = input.bytes.subarray(input.at, input.at + size);
    if (
      header.hasBlockSums && u32(input.bytes, input.at + size) !== xxh32(block)
    ) throw input.refusal("the checksum of a block is wrong", offset);
    // Memory comes with the first block, which says nothing of the size it will have.
    if (out.length === 0) {
      out = new Uint8Array((header.isLinked ? HISTORY : 0) + header.maxBlock);
    }
    const end = fill(input, out, kept, block, head >>> 31 === 1, header);
    input.at += size + (header.hasBlockSums ? 4 : 0);
    if (header.hasSum) sum.update(out.subarray(kept, end));
    length += end - kept;
    for (let at = kept; at < end; at += PIECE) {
      yield out.slice(at, Math.min(end, at + PIECE));
    }
    if (!header.isLinked) continue;
    const from = Math.max(0, end - HISTORY);
    out.copyWithin(0, from, end);
    kept = end - from;
  }
  if ((header.size ?? length) !== length) {
    throw input.refusal("the length does not match");
  }
  const sumAt = input.offset;
  if (header.hasSum && u32(yield* input.take(4), 0) !== sum.digest()) {
    throw input.refusal("the checksum is wrong", sumAt);
  }
}

/** Puts what is in a block behind what is kept of those before it; gives where it ends. */
function fill(
  input: Input,
  out: Bytes,
  kept: number,
  block: Bytes,
  isStored: boolean,
  { maxBlock }: FrameHeader,
): number {
  if (isStored) {
    out.set(block, kept);
    return kept + block.length;
  }
  const end = decompressBlock(block, out.subarray(0, kept + maxBlock), kept);
  if (typeof end === "number") return end;
  throw input.refusal(
    `a block is damaged: ${end.message}`,
    input.offset + end.at,
  );
}
