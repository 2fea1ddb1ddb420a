/**
 * Msgpack as other programs write it.
 *
 * @module
 */
import { Encoder } from "@msgpack/msgpack";
import { GrowingBuffer } from "../src/bytes.ts";
import { LimitError, TruncatedError } from "../src/errors.ts";
import { nativeOnly } from "../src/msgpack/native.ts";
import { readMsgpack } from "../src/msgpack/read.ts";
import { MsgpackScanner } from "../src/msgpack/scanner.ts";
import type { Bytes } from "../src/types.ts";
import { type Gatherer, GatherStream, many, one } from "./_gather_stream.ts";
import { type Puller, PullStream } from "./_pull_stream.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode msgpackSequence}. */
export interface MsgpackSequenceOptions {
  /** Arrays and maps within each other, both ways. @default {1_000} */
  readonly maxDepth?: number;
  /** Bytes of one value that the decoder accepts. @default {67_108_864} */
  readonly maxValueBytes?: number;
  /** The encoder sends a chunk when it has this many bytes. @default {65_536} */
  readonly maxBytes?: number;
  /** The encoder sends a chunk after this many milliseconds, however small it is. @default {25} */
  readonly maxDelay?: number;
}

const STAGE = "msgpack";
/** Values of about so many bytes are made at a time, however large a chunk is. */
const PIECE = 64 << 10;
const NOTHING: Bytes = new Uint8Array(0);

/**
 * Msgpack values, one after another with nothing between: what other programs write and read, without headers, tags or
 * checksums. It holds plain data, byte strings, times, and integers of 64 bits; anything else is refused. A stream that is
 * cut between two values cannot be told from a whole one: use {@linkcode frames} where that matters.
 *
 * @typeParam T The type of the values; it is not checked.
 * @param options Limits, and the size of chunks.
 * @returns A stage from values to bytes, named `msgpack`.
 * @throws {SerializeError} From the encoder, for a value that msgpack cannot bring back.
 * @throws {FormatError} From the decoder, with the offset.
 *
 * @example
 * ```ts
 * import { dumps, loads, msgpackSequence } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const bytes = await dumps({ id: 1 }, msgpackSequence());
 * deepEqual([...bytes], [0x81, 0xa2, 0x69, 0x64, 0x01]);
 * deepEqual(await loads(bytes, msgpackSequence()), { id: 1 });
 * ```
 */
export function msgpackSequence<T = unknown>(
  options: MsgpackSequenceOptions = {},
): Stage<T, Bytes> {
  return {
    name: STAGE,
    encoder: () => encoderStream<T, T>(one, options),
    decoder: () =>
      new PullStream(
        new SequencePuller(options, (values) => values as readonly T[]),
      ),
  };
}

/**
 * As {@linkcode msgpackSequence}, for batches of values.
 *
 * @typeParam T The type of the values; it is not checked.
 * @param options Limits, and the size of chunks.
 * @returns A stage from batches of values to bytes, named `msgpack`.
 *
 * @example
 * ```ts
 * import { dumps, msgpackSequenceBatches } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual([...await dumps([1, 2, 3], msgpackSequenceBatches())], [1, 2, 3]);
 * ```
 */
export function msgpackSequenceBatches<T = unknown>(
  options: MsgpackSequenceOptions = {},
): Stage<readonly T[], Bytes> {
  return {
    name: STAGE,
    encoder: () => encoderStream<readonly T[], T>(many, options),
    decoder: () =>
      new PullStream(
        new SequencePuller(options, (values) => [values as readonly T[]]),
      ),
  };
}

function encoderStream<In, T>(
  valuesOf: (chunk: In) => Iterable<T>,
  { maxDepth = 1_000, maxBytes = 2 ** 16, maxDelay = 25 }:
    MsgpackSequenceOptions,
): TransformStream<In, Bytes> {
  const encoder = new Encoder({ maxDepth: maxDepth + 1, useBigInt64: true });
  const out = new GrowingBuffer();
  let index = 0;
  const gatherer: Gatherer<T, Bytes> = {
    get size() {
      return out.length;
    },
    add(value) {
      const native = nativeOnly(value, maxDepth, index++);
      out.append(encoder.encodeSharedRef(native));
    },
    take: () => out.take(),
  };
  return new GatherStream(gatherer, valuesOf, { maxBytes, maxDelay });
}

/** Makes values of chunks of any size; of a value that is not whole yet, the bytes are gathered. */
class SequencePuller<Out> implements Puller<Bytes, Out> {
  readonly #outputsOf: (values: readonly unknown[]) => readonly Out[];
  readonly #maxBytes: number;
  readonly #maxDepth: number;
  readonly #scanner: MsgpackScanner;
  /** The start of a value that the next chunk may complete. */
  readonly #rest = new GrowingBuffer();
  /** What is looked at: the chunk, or the gathered bytes with the chunk behind them. */
  #bytes: Bytes = NOTHING;
  #gathered = false;
  /** Where in them the next value begins. */
  #start = 0;
  /** Where they begin in the input. */
  #offset = 0;
  #ended = false;
  #fault: { readonly error: unknown } | undefined;

  constructor(
    { maxDepth = 1_000, maxValueBytes = 2 ** 26 }: MsgpackSequenceOptions,
    outputsOf: (values: readonly unknown[]) => readonly Out[],
  ) {
    this.#scanner = new MsgpackScanner(STAGE, maxDepth);
    this.#maxBytes = maxValueBytes;
    this.#maxDepth = maxDepth;
    this.#outputsOf = outputsOf;
  }

  push(chunk: Bytes): void {
    this.#gathered = this.#rest.length > 0;
    if (this.#gathered) this.#rest.append(chunk);
    this.#bytes = this.#gathered ? this.#rest.view() : chunk;
  }

  end(): void {
    this.#ended = true;
  }

  /** Values that stand before a fault are given first, and the fault with the next call. */
  next(): readonly Out[] | undefined {
    if (this.#fault) throw this.#fault.error;
    const values: unknown[] = [];
    try {
      this.#read(values);
    } catch (error) {
      if (values.length === 0) throw error;
      this.#fault = { error };
    }
    if (values.length > 0) return this.#outputsOf(values);
    if (this.#ended && this.#rest.length > 0) {
      throw new TruncatedError(STAGE, "the input ends within a value", {
        offset: this.#offset + this.#rest.length,
      });
    }
    return undefined;
  }

  #read(values: unknown[]): void {
    const scanner = this.#scanner;
    const stop = this.#start + PIECE;
    while (this.#start < this.#bytes.length) {
      const start = this.#start;
      if (start >= stop && values.length > 0) return;
      const bytes = this.#bytes.subarray(start);
      const whole = scanner.next(bytes, this.#offset + start);
      const length = whole ? scanner.position : bytes.length;
      if (length > this.#maxBytes) throw this.#tooLong(length);
      if (!whole) break;
      // Byte strings come as views, so those from the gathered bytes need some of their own.
      const value = this.#gathered
        ? bytes.slice(0, length)
        : bytes.subarray(0, length);
      const at = this.#offset + start;
      values.push(readMsgpack(STAGE, value, this.#maxDepth, at));
      scanner.position = 0;
      this.#start += length;
    }
    this.#keep();
  }

  /** Keeps the value that is not whole yet, and nothing else. */
  #keep(): void {
    const rest = this.#bytes.subarray(this.#start);
    if (!this.#gathered) this.#rest.append(rest);
    else if (this.#start > 0) {
      const copy = rest.slice();
      this.#rest.take();
      this.#rest.append(copy);
    }
    this.#offset += this.#start;
    this.#bytes = NOTHING;
    this.#start = 0;
  }

  #tooLong(length: number): LimitError {
    return new LimitError(STAGE, "value bytes", length, this.#maxBytes, {
      offset: this.#offset + this.#start,
    });
  }
}
