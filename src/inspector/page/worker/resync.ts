import type { Bytes } from "../../../types.ts";
import { endLength, readEnd } from "../../../wire/tail.ts";
import { readU64s } from "../../../wire/u64.ts";
import { nextMessage } from "./next_message.ts";
import { Cursor, type Random } from "./random.ts";

/** The key `crc32`, as it stands behind the byte or bytes that open the map of a header. */
const KEY = [0xa5, 0x63, 0x72, 0x63, 0x33, 0x32];
/** Bytes that are searched at a time. */
const WINDOW = 4 << 20;
/** Frames that a message has at most; and to be found in the middle of damage. */
const MANY = 65_536;
const FEW = 64;

/**
 * Where reading can go on behind a message that is damaged: where its lengths say it ends, if something that looks like a
 * message, or nothing more, is there; or else at the next place where there is a whole message.
 */
export async function findNext(
  bytes: Random,
  offset: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const end = await announcedEnd(bytes, offset);
  if (end !== undefined && await looksLikeMessage(bytes, end)) return end;
  for await (const place of candidates(bytes, offset + 1)) {
    signal.throwIfAborted();
    if (await isMessage(bytes, place)) return place;
  }
  return undefined;
}

/** Whether lengths stand at a place, and a header behind them. */
async function looksLikeMessage(
  bytes: Random,
  offset: number,
): Promise<boolean> {
  const head = await bytes.read(offset, offset + 8);
  const [n] = head.length === 8 ? readU64s(head) : [0];
  if (!n || n > MANY) return false;
  const header = offset + 8 * (1 + n);
  const begin = await bytes.read(header, header + 12);
  return [1, 3, 5].some((opening) =>
    KEY.every((byte, i) => begin[opening + i] === byte)
  );
}

/** Where the lengths in front say that the message ends. */
async function announcedEnd(
  bytes: Random,
  offset: number,
): Promise<number | undefined> {
  const count = await bytes.read(offset, offset + 8);
  const [n] = count.length === 8 ? readU64s(count) : [0];
  if (!n || n > MANY) return undefined;
  const prelude = await bytes.read(offset + 8, offset + 8 * (1 + n));
  if (prelude.length < 8 * n) return undefined;
  const sum = readU64s(prelude).reduce((sum, length) => sum + length, 0);
  const end = offset + 8 * (1 + n) + sum;
  return Number.isSafeInteger(end) && end < (bytes.size ?? Infinity)
    ? end
    : undefined;
}

async function isMessage(bytes: Random, offset: number): Promise<boolean> {
  try {
    await nextMessage(new Cursor(bytes, offset), offset);
    return true;
  } catch {
    return false;
  }
}

/** Places that the index tells of, and all that look like a message, in order. */
async function* candidates(
  bytes: Random,
  from: number,
): AsyncGenerator<number> {
  const known = await indexed(bytes);
  for (let at = from;; at += WINDOW) {
    const window = await bytes.read(at, at + WINDOW + 8 * (FEW + 3));
    const end = at + WINDOW;
    const places = new Set(lookAlikes(window, at, end));
    for (const place of known) {
      if (place >= at && place < end) places.add(place);
    }
    yield* [...places].sort((a, b) => a - b);
    if (window.length < WINDOW) break;
  }
}

/** Where messages begin, as the end of the stream tells, if that is there. */
async function indexed(bytes: Random): Promise<number[]> {
  const { size } = bytes;
  if (size === undefined) return [];
  try {
    const tail = await bytes.read(Math.max(0, size - 16), size);
    const length = endLength(tail);
    if (length === undefined || length > size) return [];
    const start = size - length;
    const { index } = readEnd(await bytes.read(start, size), start);
    return [...index.map(([offset]) => offset), start];
  } catch {
    return [];
  }
}

/** A header begins with the checksum, and a fixed number of lengths stands before it. */
function* lookAlikes(
  window: Bytes,
  base: number,
  stop: number,
): Generator<number> {
  const view = new DataView(window.buffer, window.byteOffset, window.length);
  for (let at = 0; (at = window.indexOf(KEY[0]!, at)) >= 0; at++) {
    if (!KEY.every((byte, i) => window[at + i] === byte)) continue;
    for (const opening of [1, 3, 5]) {
      for (let n = 1; n <= FEW; n++) {
        const start = at - opening - 8 * (1 + n);
        if (start < 0) break;
        if (view.getBigUint64(start, true) !== BigInt(n)) continue;
        if (base + start < stop) yield base + start;
      }
    }
  }
}
