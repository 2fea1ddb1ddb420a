import type { Bytes } from "../../types.ts";
import { type Input, type Part, putU32, type Steps, u32 } from "../input.ts";
import { compressSnappy, decompressSnappy } from "./block.ts";
import { maskedCrc32c } from "./crc32c.ts";

/** A chunk holds no more. */
const MOST = 1 << 16;
const MOST_PACKED = 16 + MOST + Math.ceil(MOST / 6);
const HEAD = [0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59];
const PACKED = 0;
const STORED = 1;
const FIRST_SKIPPABLE = 0x80;

/** Writes the framed format: chunks of up to 64 KiB, each with a checksum. */
export function* writeFrames(input: Input): Steps {
  yield Uint8Array.from(HEAD);
  while (!(yield* input.isOver())) {
    while (!input.ended && input.length < MOST) yield undefined;
    const count = Math.min(MOST, input.length);
    const plain = input.bytes.subarray(input.at, input.at + count);
    input.at += count;
    const packed = compressSnappy(plain);
    const isStored = packed.length > plain.length - (plain.length >> 3);
    const body = isStored ? plain : packed;
    const chunk = new Uint8Array(8 + body.length);
    putU32(chunk, 0, 4 + body.length << 8 | (isStored ? STORED : PACKED));
    putU32(chunk, 4, maskedCrc32c(plain));
    chunk.set(body, 8);
    yield chunk;
  }
}

/** Reads the same. The format has no end: it can be cut between two chunks, and nobody knows. */
export function* readFrames(input: Input): Steps {
  yield* input.expect(HEAD, "it is not framed snappy");
  while (!(yield* input.isOver())) {
    const { offset } = input;
    const type = input.bytes[input.at]!;
    if (type > STORED && type < FIRST_SKIPPABLE) {
      throw input.refusal("a chunk is of an unknown kind", offset);
    }
    const length = u32(yield* input.take(4), 0) >>> 8;
    if (type > STORED) {
      // Another beginning is as good as padding, if it is whole.
      if (type === HEAD[0]) {
        if (length !== 6) throw input.refusal("a chunk is damaged", offset);
        yield* input.expect(HEAD.slice(4), "a chunk is damaged");
      } else yield* skip(input, length);
      continue;
    }
    if (length < 4 || length - 4 > (type === STORED ? MOST : MOST_PACKED)) {
      throw input.refusal("a chunk has no possible length", offset);
    }
    yield readChunk(input, yield* input.take(length), type, offset);
  }
}

function readChunk(
  input: Input,
  body: Bytes,
  type: number,
  offset: number,
): Bytes {
  const data = body.subarray(4);
  let plain: Bytes;
  try {
    plain = type === STORED ? data.slice() : decompressSnappy(data, MOST);
  } catch (cause) {
    throw input.refusal(
      `a chunk is damaged: ${(cause as Error).message}`,
      offset,
    );
  }
  if (maskedCrc32c(plain) === u32(body, 0)) return plain;
  throw input.refusal("the checksum of a chunk is wrong", offset);
}

function* skip(input: Input, left: number): Part<void> {
  while (left > 0) {
    yield* input.need(1);
    const step = Math.min(left, input.length);
    input.at += step;
    left -= step;
  }
}
