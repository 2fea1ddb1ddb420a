/**
 * Blobs of Dask, one behind the other: what `serialize_bytes` writes and `deserialize_bytes` reads.
 *
 * @module
 */
import type { SerializeBytesOptions } from "../../src/dask/blob.ts";
import type { DeserializeOptions } from "../../src/dask/deserialize.ts";
import {
  type MessageDumpOptions,
  packHeader,
  splitAndCompressed,
} from "../../src/dask/message.ts";
import { readExactly } from "../../src/dask/_exact.ts";
import { packFramesPrelude } from "../../src/dask/pack.ts";
import {
  decompressAndDeserialize,
  readHeader,
} from "../../src/dask/read_message.ts";
import type { DaskHeader } from "../../src/dask/values.ts";
import { FormatError } from "../../src/errors.ts";
import type { Bytes, Message } from "../../src/types.ts";
import type { PackedMessage } from "../../src/wire/frames.ts";
import { type Grammar, insist, ParserStream } from "../_parser_stream.ts";
import { pipe, type Stage } from "../stage.ts";
import { type DaskLimits, packedFrames } from "./_packed.ts";

const STAGE = "dask";

/**
 * Bytes, in chunks of any size, to every blob with its place, as it stands there: compressed, and cut.
 *
 * @example
 * ```ts
 * import { DaskBlobStream, serializeBytes } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const blob = serializeBytes(new Float64Array(10_000), { compression: "lz4" });
 * for await (const { message, offset } of new Blob([blob, blob]).stream().pipeThrough(new DaskBlobStream())) {
 *   deepEqual(message.header.compression, ["lz4"]);
 *   deepEqual(offset % blob.length, 0);
 * }
 * ```
 */
export class DaskBlobStream extends ParserStream<PackedMessage> {
  /**
   * Takes bytes; gives every blob.
   *
   * @param limits The most to accept of one blob.
   */
  constructor(limits: DaskLimits = {}) {
    super(STAGE, (emit) => blobsOf(limits, emit));
  }
}

function* blobsOf(
  limits: DaskLimits,
  emit: (packed: PackedMessage) => void,
): Grammar {
  let offset = 0;
  for (;;) {
    const head = yield 8;
    if (head === null) return;
    const grammar = packedFrames(head, offset, limits);
    const { frames, byteLength } = yield* insist(STAGE, offset, grammar);
    emit({ message: messageOf(frames, offset), offset, byteLength });
    offset += byteLength;
  }
}

function messageOf([first, ...frames]: Bytes[], offset: number): Message {
  if (!first) {
    throw new FormatError(STAGE, "a blob without a header", { offset });
  }
  const header: DaskHeader = first.length === 0
    ? {}
    : readExactly(first, {}, readHeader);
  return { header, frames };
}

/**
 * The framing of Dask's blobs: header and frames behind their count and lengths, any number of times. One blob is a file that
 * `deserialize_bytes` of `distributed.protocol.serialize` reads; several are what `unpack_frames(..., remainder=True)` takes
 * apart. The checksum, the end and the index of Brine's own framing are not there: blobs that are cut between two are not told
 * from all of them.
 *
 * @param limits The most that the decoder accepts of one blob.
 * @returns A stage from messages to bytes, named `dask`; frames are passed on as they are.
 * @throws {TruncatedError} From the decoder, if the bytes end within a blob.
 *
 * @example
 * ```ts
 * import { dumps } from "@brine/brine";
 * import { daskBlobs, deserializeBytes, serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const blob = await dumps(serialize(new Set(["a"])), daskBlobs());
 * deepEqual(deserializeBytes(blob), new Set(["a"]));
 * ```
 */
export function daskBlobs(limits: DaskLimits = {}): Stage<Message, Bytes> {
  return {
    name: STAGE,
    encoder: () =>
      new TransformStream({
        transform({ header, frames }, controller) {
          // Dask's reader asks for these two.
          const { compression = frames.map(() => null) } = header;
          const count = frames.length;
          const packed = packHeader({ ...header, compression, count });
          controller.enqueue(packFramesPrelude([packed, ...frames]));
          controller.enqueue(packed);
          for (const frame of frames) {
            if (frame.length > 0) controller.enqueue(frame);
          }
        },
      }),
    decoder: () =>
      new ParserStream<Message>(
        STAGE,
        (emit) => blobsOf(limits, ({ message }) => emit(message)),
      ),
  };
}

/** Options for {@linkcode daskValues}. */
export interface DaskValuesOptions extends DaskLimits {
  /** How values are written. @default what cannot be serialized is an error */
  readonly dump?: SerializeBytesOptions | undefined;
  /** How values are read. */
  readonly load?: DeserializeOptions | undefined;
  /** Bytes that may come of all compressed frames of the stream. @default {Infinity} */
  readonly maxDecodedBytes?: number | undefined;
}

/**
 * Values as Dask's blobs, each one of its own: {@linkcode daskBlobs} of values that are taken apart, cut and compressed as
 * `serializeBytes` does it. For one value without a stream there are `serializeBytes` and `deserializeBytes`.
 *
 * @param options How values are written and read, and limits.
 * @returns A stage from values to bytes.
 * @throws {SerializeError} From the encoder, for a value that no family can serialize.
 *
 * @example
 * ```ts
 * import { dumps, loads } from "@brine/brine";
 * import { daskValues, deserializeBytes } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const stage = daskValues({ dump: { compression: "lz4" } });
 * const blob = await dumps({ a: [1, 2n ** 70n] }, stage);
 * deepEqual(deserializeBytes(blob), await loads(blob, stage));
 * ```
 */
export function daskValues(
  options: DaskValuesOptions = {},
): Stage<unknown, Bytes> {
  const { dump } = options;
  const values: Stage<unknown, Message> = {
    name: "dask-values",
    encoder: () => encoder(dump, (value: unknown) => [value]),
    decoder: () => decoder(options, (value) => value),
  };
  return pipe(values, daskBlobs(options));
}

/**
 * As {@linkcode daskValues}, for batches of values.
 *
 * @param options How values are written and read, and limits.
 * @returns A stage from batches of values to bytes.
 *
 * @example
 * ```ts
 * import { dumps, loads } from "@brine/brine";
 * import { daskValueBatches } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const bytes = await dumps(["a"], daskValueBatches());
 * deepEqual(await loads(bytes, daskValueBatches()), ["a"]);
 * ```
 */
export function daskValueBatches(
  options: DaskValuesOptions = {},
): Stage<readonly unknown[], Bytes> {
  const { dump } = options;
  const values: Stage<readonly unknown[], Message> = {
    name: "dask-values",
    encoder: () => encoder(dump, (batch: readonly unknown[]) => batch),
    decoder: () => decoder(options, (value) => [value]),
  };
  return pipe(values, daskBlobs(options));
}

function encoder<In>(
  { compression, ...options }: SerializeBytesOptions = {},
  valuesOf: (chunk: In) => Iterable<unknown>,
): TransformStream<In, Message> {
  const settings: MessageDumpOptions = {
    onError: "raise",
    ...options,
    context: { ...options.context, ...compression && { compression } },
  };
  return new TransformStream({
    transform(chunk, controller) {
      for (const value of valuesOf(chunk)) {
        controller.enqueue(splitAndCompressed(value, settings));
      }
    },
  });
}

function decoder<Out>(
  { load = {}, maxDecodedBytes = Infinity }: DaskValuesOptions,
  outOf: (value: unknown) => Out,
): TransformStream<Message, Out> {
  const budget = { left: maxDecodedBytes };
  return new TransformStream({
    transform({ header, frames }, controller) {
      const value = decompressAndDeserialize(header, frames, load, budget);
      controller.enqueue(outOf(value));
    },
  });
}
