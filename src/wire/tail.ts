import { FormatError, LimitError } from "../errors.ts";
import type { Bytes } from "../types.ts";
import {
  checkVersion,
  type EndHeader,
  type IndexEntry,
  isCount,
  TRAILER_BYTES,
  TRAILER_MAGIC,
} from "./envelope.ts";
import { unpackFrames } from "./frames.ts";

const STAGE = "frames";
/** An index of 4,096 places is a tenth of this. */
const MAX_END_BYTES = 2 ** 20;

/** How long the last message of a stream is, told by its last bytes; `undefined` if these are no stream's. */
export function endLength(tail: Bytes): number | undefined {
  const trailer = tail.subarray(-TRAILER_BYTES);
  const magic = trailer.subarray(8);
  if (trailer.length < TRAILER_BYTES) return undefined;
  if (!TRAILER_MAGIC.every((byte, i) => magic[i] === byte)) return undefined;
  const view = new DataView(trailer.buffer, trailer.byteOffset, 8);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_END_BYTES) {
    throw new LimitError(STAGE, "end bytes", length, MAX_END_BYTES);
  }
  return length;
}

/**
 * What the last message tells.
 *
 * @param bytes The message.
 * @param offset Where it begins.
 */
export function readEnd(bytes: Bytes, offset: number): EndHeader {
  const { header } = unpackFrames(bytes, { maxHeaderBytes: MAX_END_BYTES });
  checkVersion(STAGE, header.version, offset);
  const { messages, values, index } = header as EndHeader;
  if (!isCount(messages) || !isCount(values) || !isIndex(index, offset)) {
    throw new FormatError(STAGE, "the end does not tell what it should", {
      offset,
    });
  }
  return header as EndHeader;
}

/** Pairs of numbers that only grow, and stay before the end. */
function isIndex(index: unknown, end: number): boolean {
  if (!Array.isArray(index)) return false;
  let [lastOffset, lastValue] = [0, 0];
  return (index as IndexEntry[]).every((entry) => {
    if (!Array.isArray(entry) || !entry.every(isCount)) return false;
    const [offset, value] = entry as unknown as IndexEntry;
    const grows = offset > lastOffset && value >= lastValue && offset < end;
    [lastOffset, lastValue] = [offset, value];
    return grows;
  });
}
