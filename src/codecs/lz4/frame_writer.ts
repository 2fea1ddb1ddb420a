import { LimitError, TruncatedError } from "../../errors.ts";
import type { Bytes } from "../../types.ts";
import { type Input, putU32, type Steps } from "../input.ts";
import { compressBlock, lz4Bound, newTable } from "./block.ts";
import { Xxh32, xxh32 } from "./xxh32.ts";

const HISTORY = 1 << 16;
const BLOCK = 1 << 18;
/** The code of the size above. */
const BLOCK_CODE = 5;

/** Writes one frame of blocks that point back to the ones before. */
export function* writeLz4(
  input: Input,
  size: number | undefined,
  hasSum: boolean,
): Steps {
  yield frameHeader(size, hasSum);
  const sum = new Xxh32();
  const table = newTable();
  const window = new Uint8Array(HISTORY + BLOCK);
  const out = new Uint8Array(lz4Bound(BLOCK));
  let kept = 0;
  let end = 0;
  let length = 0;
  const writeBlock = (): Bytes => {
    const packed = compressBlock(window, kept, end, table, out);
    const isStored = packed >= end - kept;
    const body = isStored
      ? window.subarray(kept, end)
      : out.subarray(0, packed);
    const chunk = new Uint8Array(4 + body.length);
    putU32(chunk, 0, body.length | (isStored ? 1 << 31 : 0));
    chunk.set(body, 4);
    const from = Math.max(0, end - HISTORY);
    window.copyWithin(0, from, end);
    for (let i = 0; i < table.length; i++) {
      table[i] = Math.max(0, table[i]! - from);
    }
    kept = end = end - from;
    return chunk;
  };
  while (!(yield* input.isOver())) {
    const count = Math.min(input.length, kept + BLOCK - end);
    const bytes = input.bytes.subarray(input.at, input.at + count);
    window.set(bytes, end);
    if (hasSum) sum.update(bytes);
    input.at += count;
    end += count;
    length += count;
    if (end - kept === BLOCK) yield writeBlock();
  }
  if (size !== undefined) checkSize(length, size);
  if (end > kept) yield writeBlock();
  const tail = new Uint8Array(hasSum ? 8 : 4);
  if (hasSum) putU32(tail, 4, sum.digest());
  yield tail;
}

function frameHeader(size: number | undefined, hasSum: boolean): Bytes {
  const length = 4 + 2 + (size === undefined ? 0 : 8);
  const header = new Uint8Array(length + 1);
  putU32(header, 0, 0x184d2204);
  header[4] = 0x40 | (size === undefined ? 0 : 8) | (hasSum ? 4 : 0);
  header[5] = BLOCK_CODE << 4;
  if (size !== undefined) {
    putU32(header, 6, size);
    putU32(header, 10, Math.floor(size / 2 ** 32));
  }
  header[length] = xxh32(header.subarray(4, length)) >>> 8;
  return header;
}

function checkSize(length: number, size: number): void {
  if (length > size) {
    throw new LimitError("lz4", "bytes", length, size, { offset: size });
  }
  if (length === size) return;
  throw new TruncatedError("lz4", `${size} bytes were announced`, {
    offset: length,
  });
}
