/**
 * Values with promises, streams, iterations and files in them.
 *
 * @module
 */
import { lazyRegistry } from "../src/lazy_registry.ts";
import type { Message } from "../src/types.ts";
import { LiveDecoder } from "./live/_decoder.ts";
import { LiveEncoder } from "./live/_encoder.ts";
import type { SerializeStreamOptions } from "./serialize.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode serializeLive} and its streams. */
export interface SerializeLiveOptions extends SerializeStreamOptions {
  /**
   * What the reader is told of an error in a promise or a stream: its message, or only that there was one. Stack and cause
   * are never sent.
   *
   * @default {"message"}
   */
  readonly errors?: "message" | "redacted";
  /** At the writer: told of each error in a promise or a stream, whole, before the reader hears of it. */
  readonly onError?: (error: unknown) => void;
  /**
   * At the reader: so many bytes of messages are read ahead of whoever reads the values and what is in them. No more than
   * one further message is.
   *
   * @default {262_144}
   */
  readonly window?: number;
  /**
   * At the reader: for so many milliseconds a stream inside a value that nobody has begun to read may fill the window while
   * something else is waited for. Then it fails with {@linkcode LimitError}, and all else goes on. A stream that was read from
   * is never given up, however long its reader stands still.
   *
   * @default {30_000}
   */
  readonly maxWait?: number;
  /** Promises, streams and iterations that are under way at a time. @default {10_000} */
  readonly maxStreams?: number;
  /** At the reader: bytes of blobs and files that stand in memory before the value that has them. @default {268_435_456} */
  readonly maxBlobBytes?: number;
  /**
   * At the reader: told when somebody cancels a stream inside a value, so that it can be told to the writer, where something
   * leads there: to its {@linkcode SerializeLiveStream.cancelSource}.
   */
  readonly onCancel?: (id: number, reason: unknown) => void;
}

/**
 * Values to messages, with what is live in them: see {@linkcode serializeLive}.
 *
 * @example
 * ```ts
 * import { SerializeLiveStream } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const value = { answer: Promise.resolve(42) };
 * const headers = [];
 * const messages = ReadableStream.from([value]).pipeThrough(new SerializeLiveStream());
 * for await (const { header } of messages) headers.push(header);
 * deepEqual(headers, [
 *   { serializer: "json", tagged: true },
 *   { stream: 1, part: "result", serializer: "json" },
 * ]);
 * ```
 */
export class SerializeLiveStream<T = unknown>
  implements TransformStream<T, Message> {
  /** Messages: closed when the writable side is, and everything live in the values is over. */
  readonly readable: ReadableStream<Message>;
  /** Takes values. */
  readonly writable: WritableStream<T>;
  readonly #encoder: LiveEncoder<T>;

  /**
   * Takes values; gives messages.
   *
   * @param options Family, registry, and the size of a message.
   */
  constructor(options: SerializeLiveOptions = {}) {
    const {
      registry = lazyRegistry,
      family = "json",
      maxBytes = 2 ** 18,
      maxValues = 65_536,
      maxDelay = 25,
      maxStreams = 10_000,
      errors = "message",
      onError,
    } = options;
    this.#encoder = new LiveEncoder<T>({
      registry,
      family: typeof family === "string" ? registry.family(family) : family,
      maxBytes,
      maxValues,
      maxDelay,
      maxStreams,
      describe(error) {
        onError?.(error);
        return errors === "message" ? error : "it failed at the writer";
      },
    });
    this.readable = this.#encoder.readable;
    this.writable = this.#encoder.writable;
  }

  /**
   * Ends a stream inside a value, because its reader wants no more: its source is cancelled with the reason, and the reader
   * told that it is over. One that is over, or was never there, is passed over.
   *
   * @param id The number that the reader's `onCancel` was given.
   * @param reason Why, for the source.
   */
  cancelSource(id: number, reason?: unknown): void {
    this.#encoder.cancelSource(id, reason);
  }
}

/**
 * Messages to values, with what is live in them: see {@linkcode serializeLive}.
 *
 * @example
 * ```ts
 * import { DeserializeLiveStream, SerializeLiveStream } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const values = ReadableStream.from([{ answer: Promise.resolve(42) }])
 *   .pipeThrough(new SerializeLiveStream())
 *   .pipeThrough(new DeserializeLiveStream<{ answer: Promise<number> }>());
 * for await (const { answer } of values) equal(await answer, 42);
 * ```
 */
export class DeserializeLiveStream<T = unknown>
  implements TransformStream<Message, T> {
  /** Values, each as soon as its own message has come. */
  readonly readable: ReadableStream<T>;
  /** Takes messages. */
  readonly writable: WritableStream<Message>;

  /**
   * Takes messages; gives their values one by one.
   *
   * @param options The registry, and what to accept; the family stands in each message.
   */
  constructor(options: SerializeLiveOptions = {}) {
    const {
      registry = lazyRegistry,
      maxDepth,
      window = 2 ** 18,
      maxWait = 30_000,
      maxStreams = 10_000,
      maxBlobBytes = 2 ** 28,
      onCancel = () => {},
    } = options;
    const decoder = new LiveDecoder<T>({
      registry,
      maxDepth,
      window,
      maxWait,
      maxStreams,
      maxBlobBytes,
      onCancel,
    });
    this.readable = decoder.readable;
    this.writable = decoder.writable;
  }
}

/**
 * Values to messages, and back, as {@linkcode serialize} does it; and what is not there yet, or not at hand, travels with
 * them in the same stream: promises, async iterables and generators, `ReadableStream`s of values and of bytes, and `Blob`,
 * `File` and `FormData` with files. A value arrives as soon as its own message has, with promises and streams in it that are
 * kept and fed as their parts come; blobs and files come before the value, which has them whole.
 *
 * Nothing runs ahead. The writer reads a source when its reader wants a message, and of each source makes no more than one
 * message ahead (16 KiB of values, 32 KiB of bytes, or one value that is larger). The reader reads on while somebody waits
 * for a value, for more of a stream, or a promise is not settled; and while what came and was not read is less than `window`
 * (256 KiB). So a stream that nobody reads holds all others up when the window is full, until it is read or cancelled, or
 * given up after `maxWait`: read whatever a value has side by side, or cancel it, or let the window be `Infinity`. Cancelling the stream of values ends
 * everything in them.
 *
 * A promise that is rejected, or a stream that fails, is a {@linkcode RemoteError} at the reader; all else goes on. If the
 * input ends early, all that is not over fails with {@linkcode TruncatedError}. A promise that fails and is not looked at is
 * no unhandled rejection.
 *
 * Promise-like objects come back as promises, whatever is iterated asynchronously as an object like an async generator. It
 * reads all that `serialize` writes, too.
 *
 * @typeParam T The type of the values; it is not checked.
 * @param options As for `serialize`, and limits.
 * @returns A stage named `live`.
 * @throws {SerializeError} From the encoder, for a value that could not come back as it was.
 * @throws {FormatError} From the decoder, for a part of something that is not there, or not of its kind.
 * @throws {LimitError} From either, for too much at a time.
 *
 * @example A page whose slow parts come later
 * ```ts
 * import { frames, pipe, serializeLive } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * async function* prices() {
 *   yield 3.5;
 *   yield 3.25;
 * }
 * interface Page {
 *   title: string;
 *   reviews: Promise<string[]>;
 *   prices: AsyncIterable<number>;
 * }
 * const { encoder, decoder } = pipe(serializeLive<Page>(), frames());
 * const page = { title: "Salt", reviews: Promise.resolve(["good"]), prices: prices() };
 * const pages = ReadableStream.from([page]).pipeThrough(encoder()).pipeThrough(decoder());
 *
 * for await (const { title, reviews, prices } of pages) {
 *   deepEqual([title, await reviews], ["Salt", ["good"]]);
 *   const all = [];
 *   for await (const price of prices) all.push(price);
 *   deepEqual(all, [3.5, 3.25]);
 * }
 * ```
 */
export function serializeLive<T = unknown>(
  options?: SerializeLiveOptions,
): Stage<T, Message> {
  return {
    name: "live",
    encoder: () => new SerializeLiveStream<T>(options),
    decoder: () => new DeserializeLiveStream<T>(options),
  };
}
