/**
 * The wire of one message: a Dask packed message whose header begins with a checksum.
 *
 * ```text
 * u64 n | u64 length × n | frame 0 = msgpack(header) | frame 1 … frame n-1      (little-endian, no padding)
 * ```
 *
 * `unpack_frames` of Python's `distributed` takes it apart, and `deserialize_bytes` reads it. The header's first key is
 * `crc32`: the CRC-32 (as in gzip) over all of the message, its own four bytes counted as zero. It is checked before
 * anything of the message is used.
 *
 * ```text
 * 00  02 00 00 00 00 00 00 00              two frames: the header, and one more
 * 08  31 00 00 00 00 00 00 00              the header is 49 bytes long
 * 10  07 00 00 00 00 00 00 00              the frame is 7 bytes long
 * 18  84                                   a map of four
 * 19  a5 63 72 63 33 32                    "crc32":
 * 1f  ce ce 21 98 59                         the checksum, always as a uint32
 * 24  aa 73 65 72 69 61 6c 69 7a 65 72     "serializer":
 * 2f  a4 6a 73 6f 6e                         "json"
 * 34  ab 63 6f 6d 70 72 65 73 73 69 6f 6e  "compression":
 * 40  91 c0                                  [nil]
 * 42  a5 63 6f 75 6e 74                    "count":
 * 48  01                                     1
 * 49  7b 22 61 22 3a 31 7d                 {"a":1}
 * ```
 *
 * @module
 */
import { crc32 } from "../crc32.ts";
import {
  FormatError,
  LimitError,
  SerializeError,
  TruncatedError,
} from "../errors.ts";
import { packHeader } from "../msgpack/pack_header.ts";
import { unpackHeader } from "../msgpack/unpack_header.ts";
import type { Bytes, Header, Message } from "../types.ts";
import { readU64s, writeU64 } from "./u64.ts";

/** The most that a reader of messages accepts. */
export interface FrameLimits {
  /** Frames of one message, with its header. @default {65_536} */
  readonly maxFrames?: number;
  /** Bytes of one header. @default {1_048_576} */
  readonly maxHeaderBytes?: number;
  /** Bytes of one message. @default {268_435_456} */
  readonly maxMessageBytes?: number;
}

/** A message, and where it stood. */
export interface PackedMessage {
  /** The message. */
  readonly message: Message;
  /** Where it began in the input, in bytes. */
  readonly offset: number;
  /** How long it was there, in bytes. */
  readonly byteLength: number;
}

/** The stage that errors name. */
const STAGE = "frames";
const HEADER_DEPTH = 32;
/** The key `crc32` and the first byte of a uint32, as they stand behind the byte or bytes that open the map. */
const CRC_KEY = new Uint8Array([0xa5, 0x63, 0x72, 0x63, 0x33, 0x32, 0xce]);
const FOUR_ZEROS = new Uint8Array(4);

/**
 * A message as chunks: the lengths with the header, then each frame as it is, not copied.
 *
 * @param message The message.
 * @returns The chunks, to be sent in this order.
 * @throws {SerializeError} If the header holds what msgpack cannot, or more than 31 levels.
 *
 * @example
 * ```ts
 * import { defaultRegistry, packFrames } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const data = new Float64Array(1_000_000);
 * const chunks = packFrames(defaultRegistry.serialize(data));
 * equal(chunks.at(-1)!.buffer, data.buffer);
 * ```
 */
export function packFrames({ header, frames }: Message): Bytes[] {
  const { crc32: _, ...rest } = header;
  const packed = packedOf({
    // The greatest, so that it takes the four bytes that the checksum will.
    crc32: 0xffffffff,
    ...rest,
    // Dask's reader asks for these two.
    compression: header.compression ?? frames.map(() => null),
    count: frames.length,
  });
  const lengths = 8 * (2 + frames.length);
  const head = new Uint8Array(lengths + packed.length);
  const view = new DataView(head.buffer);
  writeU64(view, 0, 1 + frames.length);
  writeU64(view, 8, packed.length);
  frames.forEach(({ length }, i) => writeU64(view, 16 + 8 * i, length));
  head.set(packed, lengths);

  const field = lengths + crcPosition(packed)!;
  head.fill(0, field, field + 4);
  const sum = frames.reduce((sum, frame) => crc32(frame, sum), crc32(head));
  view.setUint32(field, sum);
  return [head, ...frames];
}

/**
 * Reads the one message that some bytes hold, with nothing after it.
 *
 * @param bytes What {@linkcode packFrames} gave, end to end.
 * @param limits The most to accept.
 * @returns The message; its frames are views of the bytes.
 * @throws {FormatError} If the bytes are damaged, or no message with a checksum.
 * @throws {TruncatedError} If the message is longer than the bytes.
 * @throws {LimitError} If it announces more than the limits allow.
 *
 * @example
 * ```ts
 * import { defaultRegistry, packFrames, unpackFrames } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const chunks = packFrames(defaultRegistry.serialize({ a: 1 }));
 * const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
 * deepEqual(defaultRegistry.deserialize(unpackFrames(bytes)), { a: 1 });
 * ```
 */
export function unpackFrames(bytes: Bytes, limits: FrameLimits = {}): Message {
  const parser = unpackMessage(0, limits);
  let offset = 0;
  let step = parser.next();
  while (!step.done) {
    const end = offset + step.value;
    if (end > bytes.length) {
      throw new TruncatedError(STAGE, "the input ends within a message", {
        offset: bytes.length,
      });
    }
    step = parser.next(bytes.subarray(offset, end));
    offset = end;
  }
  if (offset < bytes.length) {
    throw new FormatError(STAGE, "there are bytes after the message", {
      offset,
    });
  }
  return step.value.message;
}

/** Refuses what no reader takes: a deep header, or one with something that msgpack lacks. */
function packedOf(header: Header): Uint8Array {
  try {
    return packHeader(header, HEADER_DEPTH);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SerializeError(why, "header", { cause });
  }
}

/** The grammar of one message: yields how many bytes it wants next. */
export function* unpackMessage(
  offset: number,
  limits: FrameLimits,
): Generator<number, PackedMessage, Bytes> {
  const {
    maxFrames = 65_536,
    maxHeaderBytes = 2 ** 20,
    maxMessageBytes = 2 ** 28,
  } = limits;
  const check = (what: string, actual: number, limit: number) => {
    if (actual <= limit) return;
    throw new LimitError(STAGE, what, actual, limit, { offset });
  };
  const count = yield 8;
  const [n] = readU64s(count);
  if (!n) {
    throw new FormatError(STAGE, "a message without a header", { offset });
  }
  // What these bytes are read as when they are text, or anything else.
  if (n > 2 ** 32) {
    throw new FormatError(STAGE, "no message begins like this", { offset });
  }
  check("frames", n, maxFrames);
  const prelude = yield 8 * n;
  const [headerLength, ...frameLengths] = readU64s(prelude);
  check("header bytes", headerLength!, maxHeaderBytes);
  const byteLength = frameLengths.reduce(
    (sum, length) => sum + length,
    8 * (1 + n) + headerLength!,
  );
  check("message bytes", byteLength, maxMessageBytes);

  const packed = yield headerLength!;
  const frames: Bytes[] = [];
  for (const length of frameLengths) frames.push(yield length);
  verify([count, prelude], packed, frames, offset);
  const header = readHeader(packed, offset + 8 * (1 + n));
  return { message: { header, frames }, offset, byteLength };
}

/** Where the checksum stands in a packed header; `undefined` if it does not begin with one. */
function crcPosition(packed: Uint8Array): number | undefined {
  const key = packed[0] === 0xdf ? 5 : packed[0] === 0xde ? 3 : 1;
  const found = CRC_KEY.every((byte, i) => packed[key + i] === byte);
  const position = key + CRC_KEY.length;
  return found && position + 4 <= packed.length ? position : undefined;
}

function verify(
  prelude: readonly Bytes[],
  packed: Bytes,
  frames: readonly Bytes[],
  offset: number,
): void {
  const field = crcPosition(packed);
  if (field === undefined) {
    throw new FormatError(STAGE, "a message without a checksum", { offset });
  }
  const parts = [
    ...prelude,
    packed.subarray(0, field),
    FOUR_ZEROS,
    packed.subarray(field + 4),
    ...frames,
  ];
  const actual = parts.reduce((sum, part) => crc32(part, sum), 0);
  const view = new DataView(packed.buffer, packed.byteOffset + field, 4);
  if (view.getUint32(0) !== actual) {
    throw new FormatError(STAGE, "the message is damaged: wrong checksum", {
      offset,
    });
  }
}

function readHeader(packed: Bytes, offset: number): Header {
  const header = unpackHeader(STAGE, packed, HEADER_DEPTH);
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw new FormatError(STAGE, "the header is not a map", { offset });
  }
  const { crc32: _, count: __, ...rest } = header as Header;
  return rest;
}
