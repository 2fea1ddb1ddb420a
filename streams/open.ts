/**
 * Streams of Brine that are at rest, read from any place.
 *
 * @module
 */
import { FormatError, TruncatedError } from "../src/errors.ts";
import { lazyRegistry } from "../src/lazy_registry.ts";
import type { Registry } from "../src/registry.ts";
import type { Bytes, Message } from "../src/types.ts";
import { countOf, type EndHeader } from "../src/wire/envelope.ts";
import { isPart } from "../src/wire/parts.ts";
import { type FrameLimits, unpackMessage } from "../src/wire/frames.ts";
import { endLength, readEnd } from "../src/wire/tail.ts";
import { collectBytes } from "./_collect.ts";
import { deserialized } from "./_deserialized.ts";
import { insist, ParserStream } from "./_parser_stream.ts";
import { PullStream } from "./_pull_stream.ts";
import { compress, type CompressOptions } from "./compress.ts";
import { DETECT_BYTES, detectBytes } from "./detect.ts";
import { split } from "./split.ts";

/** Bytes that can be read from any place: a file, a blob, a URL. */
export interface Source {
  /** How many bytes there are. */
  size(): number | Promise<number>;
  /**
   * Some of the bytes.
   *
   * @param start The first.
   * @param end The one after the last.
   */
  read(
    start: number,
    end: number,
  ): ReadableStream<Bytes> | Promise<ReadableStream<Bytes>>;
}

/** Options for {@linkcode open}. */
export interface OpenOptions extends FrameLimits, CompressOptions {
  /** The types and families that there are. @default {defaultRegistry} */
  readonly registry?: Registry;
  /** Arrays and objects within each other. @default {1_000} */
  readonly maxDepth?: number;
}

/** A stream of Brine that is at rest. */
export interface Opened<T = unknown> {
  /** How many messages there are. */
  readonly messages: number;
  /** How many values there are. */
  readonly length: number;
  /**
   * Some of the values. Only the messages that hold them are read, and some before the first, if the index is coarse.
   *
   * @param from The first. @default {0}
   * @param to The one after the last. @default {length}
   */
  values(from?: number, to?: number): ReadableStream<T>;
}

const STAGE = "frames";
/** With so many bytes, `detectBytes` is sure. Fewer can only be seen to begin as the first message does, with one frame. */
const SURE_BYTES = 24;
const FIRST = [1, 0, 0, 0, 0, 0, 0, 0];
/** The end of all but the longest streams is within this. */
const TAIL_BYTES = 2 ** 14;

/**
 * Opens a stream of Brine that is at rest, to read values from any place in it.
 *
 * @typeParam T The type of the values; it is not checked.
 * @param source Where the bytes are: see {@linkcode blobSource} and {@linkcode urlSource}.
 * @param options Registry, codecs and limits.
 * @returns The number of values, and a way to read some of them.
 * @throws {TruncatedError} If the stream has no end.
 * @throws {FormatError} If it is no stream of Brine, or damaged.
 *
 * @example
 * ```ts
 * import { blobSource, messages, open } from "@brine/brine";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const values = Array.from({ length: 50_000 }, (_, id) => ({ id }));
 * const stream = ReadableStream.from(values).pipeThrough(messages().encoder());
 * const blob = await new Response(stream).blob();
 *
 * const opened = await open<{ id: number }>(blobSource(blob));
 * equal(opened.length, 50_000);
 * const some = [];
 * for await (const { id } of opened.values(40_000, 40_003)) some.push(id);
 * deepEqual(some, [40_000, 40_001, 40_002]);
 * ```
 */
export async function open<T = unknown>(
  source: Source,
  options: OpenOptions = {},
): Promise<Opened<T>> {
  const { end, offset } = await findEnd(source);
  return {
    messages: end.messages,
    length: end.values,
    values: (from = 0, to = end.values) =>
      valuesOf<T>(
        source,
        end,
        offset,
        clamp(from, end),
        clamp(to, end),
        options,
      ),
  };
}

function clamp(position: number, { values }: EndHeader): number {
  return Math.min(Math.max(0, Math.floor(position)), values);
}

async function findEnd(
  source: Source,
): Promise<{ end: EndHeader; offset: number }> {
  const size = await source.size();
  const tail = await readAll(source, Math.max(0, size - TAIL_BYTES), size);
  const length = endLength(tail);
  if (length === undefined || length > size) throw await noEnd(source, size);
  const offset = size - length;
  const bytes = length <= tail.length
    ? tail.subarray(-length)
    : await readAll(source, offset, size);
  return { end: readEnd(bytes, offset), offset };
}

/** Whether a stream was cut, or there never was one, is told by how it begins. */
async function noEnd(source: Source, size: number): Promise<Error> {
  const head = await readAll(source, 0, Math.min(size, DETECT_BYTES));
  const isBrine = detectBytes(head).format?.name === "brine" ||
    (size < SURE_BYTES && head.every((byte, i) => byte === FIRST[i] || i > 7));
  return isBrine
    ? new TruncatedError(STAGE, "the stream has no end", { offset: size })
    : new FormatError(STAGE, "this is no stream of Brine", { offset: 0 });
}

async function readAll(
  source: Source,
  start: number,
  end: number,
): Promise<Bytes> {
  const bytes = await collectBytes(await source.read(start, end));
  if (bytes.length === end - start) return bytes;
  throw new TruncatedError(STAGE, "the source gave fewer bytes than it has", {
    offset: start + bytes.length,
  });
}

function valuesOf<T>(
  source: Source,
  { index, values }: EndHeader,
  end: number,
  from: number,
  to: number,
  options: OpenOptions,
): ReadableStream<T> {
  if (from >= to) return new ReadableStream({ start: (all) => all.close() });
  const [start, first] = index.findLast(([, value]) => value <= from) ??
    [0, 0];
  const [stop] = to < values && index.find(([, value]) => value >= to) || [end];
  // Counted on by the messages that are passed over, and after them by those that are read.
  const position = { value: first };
  return lazily(() => source.read(start, stop))
    .pipeThrough(new MessageRunStream(start, stop, options))
    .pipeThrough(passOver(position, from))
    .pipeThrough(compress(undefined, options).decoder())
    .pipeThrough(split().decoder())
    .pipeThrough(slice<T>(position, from, to, options));
}

/** Messages without a first and a last one around them: a part of a stream. */
class MessageRunStream extends ParserStream<Message> {
  constructor(start: number, end: number, limits: FrameLimits) {
    super(STAGE, function* (emit) {
      for (let offset = start; offset < end;) {
        const packed = yield* insist(
          STAGE,
          offset,
          unpackMessage(offset, limits),
        );
        emit(packed.message);
        offset += packed.byteLength;
      }
    });
  }
}

/** Drops the messages before the first that holds a wanted value, and those of streams in values, which are refused here. */
function passOver(
  position: { value: number },
  from: number,
): TransformStream<Message, Message> {
  let passing = true;
  return new TransformStream({
    transform(message, controller) {
      const count = countOf(message.header);
      passing &&= position.value + count <= from;
      if (passing) position.value += count;
      else if (!isPart(message.header)) controller.enqueue(message);
    },
  });
}

/** Messages to those of their values that are wanted; ends with the last of them. */
function slice<T>(
  position: { value: number },
  from: number,
  to: number,
  { registry = lazyRegistry, maxDepth }: OpenOptions,
): TransformStream<Message, T> {
  let message: Message | undefined;
  return new PullStream<Message, T>({
    push: (next) => void (message = next),
    end() {},
    async next() {
      if (!message) return undefined;
      const values = await deserialized<T>(message, registry, maxDepth);
      message = undefined;
      const first = position.value;
      position.value += values.length;
      return values.slice(Math.max(0, from - first), Math.max(0, to - first));
    },
    get done() {
      return position.value >= to;
    },
  });
}

/** A stream that is asked for only when it is read. */
function lazily(
  read: () => ReadableStream<Bytes> | Promise<ReadableStream<Bytes>>,
): ReadableStream<Bytes> {
  let reader: ReadableStreamDefaultReader<Bytes> | undefined;
  return new ReadableStream<Bytes>({
    async pull(controller) {
      reader ??= (await read()).getReader();
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader?.cancel(reason),
  }, { highWaterMark: 0 });
}
