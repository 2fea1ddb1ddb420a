/**
 * The framing of the wire: messages to bytes that describe themselves.
 *
 * @module
 */
import type { Bytes, Message } from "../src/types.ts";
import {
  EnvelopeReader,
  TRAILER_BYTES,
  TRAILER_MAGIC,
} from "../src/wire/envelope.ts";
import {
  type FrameLimits,
  type PackedMessage,
  packFrames,
  unpackMessage,
} from "../src/wire/frames.ts";
import { enveloping } from "./_envelope_stream.ts";
import { type Grammar, insist, ParserStream } from "./_parser_stream.ts";
import type { Stage } from "./stage.ts";

const STAGE = "frames";

/**
 * Messages to bytes: see {@linkcode frames}.
 *
 * @example A frame leaves as it is
 * ```ts
 * import { defaultRegistry, FramesEncoderStream } from "@brine/brine";
 * import { ok } from "node:assert/strict";
 *
 * const data = new Float64Array(1_000);
 * const stream = new FramesEncoderStream();
 * const writer = stream.writable.getWriter();
 * writer.write(defaultRegistry.serialize(data));
 * writer.close();
 *
 * let aliased = false;
 * for await (const { buffer } of stream.readable) aliased ||= buffer === data.buffer;
 * ok(aliased);
 * ```
 */
export class FramesEncoderStream extends TransformStream<Message, Bytes> {
  /** Takes messages; each frame leaves as the chunk that it is. */
  constructor() {
    super(enveloping(packFrames, withTrailer));
  }
}

/** The last message with its own length in its only frame, so that it can be found from the end of a file. */
function withTrailer({ header }: Message): Message {
  const trailer = new Uint8Array(TRAILER_BYTES);
  trailer.set(TRAILER_MAGIC, 8);
  const message = { header, frames: [trailer] };
  const length = packFrames(message).reduce(
    (sum, { length }) => sum + length,
    0,
  );
  new DataView(trailer.buffer).setBigUint64(0, BigInt(length), true);
  return message;
}

/**
 * Bytes, in chunks of any size, to every message as it stood there, the first and the last of the stream too: for those
 * who want to see how a stream is built. Checked as {@linkcode frames} does.
 *
 * @example
 * ```ts
 * import { dumps, PackedMessageStream } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const stream = new Blob([await dumps("hi")]).stream().pipeThrough(new PackedMessageStream());
 * const offsets = [];
 * for await (const { offset } of stream) offsets.push(offset);
 * deepEqual(offsets, [0, 119, 196]);
 * ```
 */
export class PackedMessageStream extends ParserStream<PackedMessage> {
  /**
   * Takes bytes; gives every message with its place.
   *
   * @param limits The most to accept of one message.
   */
  constructor(limits: FrameLimits = {}) {
    super(STAGE, (emit) => unpackStream(limits, emit));
  }
}

/**
 * Bytes, in chunks of any size, to messages: see {@linkcode frames}.
 *
 * @example Look at headers without reading values
 * ```ts
 * import { dumps, FramesDecoderStream } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const bytes = new Blob([await dumps(new Date(0))]).stream();
 * for await (const { header } of bytes.pipeThrough(new FramesDecoderStream())) {
 *   equal(header.serializer, "json");
 * }
 * ```
 */
export class FramesDecoderStream extends ParserStream<Message> {
  /**
   * Takes bytes; gives all messages between the first and the last.
   *
   * @param limits The most to accept of one message.
   */
  constructor(limits: FrameLimits = {}) {
    super(STAGE, (emit) =>
      unpackStream(limits, ({ message }, isGiven) => {
        if (isGiven) emit(message);
      }));
  }
}

function* unpackStream(
  limits: FrameLimits,
  emit: (packed: PackedMessage, isGiven: boolean) => void,
): Grammar {
  const envelope = new EnvelopeReader(STAGE);
  let offset = 0;
  while (!envelope.ended) {
    const packed = yield* insist(
      STAGE,
      offset,
      unpackMessage(offset, limits),
    );
    const isGiven = envelope.accept(packed.message, offset);
    emit(packed, isGiven);
    offset += packed.byteLength;
  }
}

/**
 * The framing of the wire: any number of messages, each a Dask packed message with a checksum, between a first message
 * with the version and a last one with counts and an index. So a reader knows a damaged stream from a whole one, and a
 * cut one from a finished one, and a file is seekable.
 *
 * @param limits The most that the decoder accepts of one message.
 * @returns A stage from messages to bytes, named `frames`.
 *
 * @example
 * ```ts
 * import { frames, loads, dumps, pipe, serialize, TruncatedError } from "@brine/brine";
 * import { deepEqual, rejects } from "node:assert/strict";
 *
 * const wire = pipe(serialize(), frames());
 * const bytes = await dumps({ a: 1 }, wire);
 * deepEqual(await loads(bytes, wire), { a: 1 });
 * await rejects(loads(bytes.subarray(0, 200), wire), TruncatedError);
 * ```
 */
export function frames(limits?: FrameLimits): Stage<Message, Bytes> {
  return {
    name: STAGE,
    encoder: () => new FramesEncoderStream(),
    decoder: () => new FramesDecoderStream(limits),
  };
}
