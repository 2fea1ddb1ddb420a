/**
 * Msgpack as other programs write it.
 *
 * @module
 */
import { Encoder } from "@msgpack/msgpack";
import { GrowingBuffer } from "../src/bytes.ts";
import { LimitError, TruncatedError } from "../src/errors.ts";
import { nativeOnly } from "../src/msgpack/native.ts";
import { decodeScanned } from "../src/msgpack/read.ts";
import { MsgpackScanner } from "../src/msgpack/scanner.ts";
import type { Bytes } from "../src/types.ts";
import { type Gatherer, GatherStream, many, one } from "./_gather_stream.ts";
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
      decoderStream<T, T>(options, (batch, controller) => {
        for (const value of batch) controller.enqueue(value);
      }),
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
      decoderStream<T, readonly T[]>(options, (batch, controller) => {
        if (batch.length > 0) controller.enqueue(batch);
      }),
  };
}

function encoderStream<In, T>(
  valuesOf: (chunk: In) => Iterable<T>,
  { maxDepth = 1_000, maxBytes = 2 ** 16, maxDelay = 25 }:
    MsgpackSequenceOptions,
): TransformStream<In, Bytes> {
  const encoder = new Encoder({ maxDepth: maxDepth + 1, useBigInt64: true });
  const buffer = new GrowingBuffer();
  let index = 0;
  const gatherer: Gatherer<T, Bytes> = {
    get size() {
      return buffer.length;
    },
    add(value) {
      const native = nativeOnly(value, maxDepth, index++);
      buffer.append(encoder.encodeSharedRef(native));
    },
    take: () => buffer.take(),
  };
  return new GatherStream(gatherer, valuesOf, { maxBytes, maxDelay });
}

function decoderStream<T, Out>(
  { maxDepth = 1_000, maxValueBytes = 2 ** 26 }: MsgpackSequenceOptions,
  emit: (
    batch: readonly T[],
    controller: TransformStreamDefaultController<Out>,
  ) => void,
): TransformStream<Bytes, Out> {
  const reader = new SequenceReader(maxDepth, maxValueBytes);
  return new TransformStream({
    transform(chunk, controller) {
      emit(reader.push(chunk) as T[], controller);
    },
    flush: () => reader.end(),
  });
}

/** Finds whole values in chunks of any size; of a value that is not whole yet, the bytes are gathered. */
class SequenceReader {
  readonly #maxBytes: number;
  readonly #rest = new GrowingBuffer();
  readonly #scanner: MsgpackScanner;
  /** Where `#rest`, or else the next chunk, begins in the input. */
  #offset = 0;

  constructor(maxDepth: number, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#scanner = new MsgpackScanner(STAGE, maxDepth);
  }

  push(chunk: Bytes): unknown[] {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      this.#rest.append(chunk);
      bytes = this.#rest.view();
    }
    const values: unknown[] = [];
    let start = 0;
    const base = this.#offset;
    while (start < bytes.length) {
      const scanner = this.#scanner;
      const whole = scanner.next(bytes.subarray(start), base + start);
      this.#checkSize(whole ? scanner.position : bytes.length - start, start);
      if (!whole) break;
      const end = start + scanner.position;
      // Byte strings come as views, so those from the gathered bytes need some of their own.
      const value = bytes === chunk
        ? bytes.subarray(start, end)
        : bytes.slice(start, end);
      values.push(decodeScanned(STAGE, value, base + start, scanner.wide));
      scanner.position = 0;
      scanner.wide = false;
      start = end;
    }
    this.#keep(bytes.subarray(start), start, bytes === chunk);
    return values;
  }

  end(): void {
    if (this.#rest.length === 0) return;
    throw new TruncatedError(STAGE, "the input ends within a value", {
      offset: this.#offset + this.#rest.length,
    });
  }

  #keep(rest: Bytes, start: number, isChunk: boolean): void {
    this.#offset += start;
    if (isChunk) this.#rest.append(rest);
    else if (start > 0) {
      const copy = rest.slice();
      this.#rest.take();
      this.#rest.append(copy);
    }
  }

  #checkSize(bytes: number, start: number): void {
    if (bytes <= this.#maxBytes) return;
    throw new LimitError(STAGE, "value bytes", bytes, this.#maxBytes, {
      offset: this.#offset + start,
    });
  }
}
