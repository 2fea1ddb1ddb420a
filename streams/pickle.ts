/**
 * Pickles as Python's `pickle.dump` writes them into a file, one behind the other.
 *
 * @module
 */
import { dumps } from "../src/pickle/dumps.ts";
import {
  PickleParser,
  type PickleParserOptions,
} from "../src/pickle/parser.ts";
import type { PickleDumpOptions } from "../src/pickle/write_options.ts";
import type { Bytes } from "../src/types.ts";
import { concat } from "../src/bytes.ts";
import { type Puller, PullStream } from "./_pull_stream.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode pickleSequence}. */
export interface PickleSequenceOptions {
  /** How values are written. */
  readonly dump?: Omit<PickleDumpOptions, "bufferCallback">;
  /** How values are read, and limits. */
  readonly load?: Omit<PickleParserOptions, "buffers">;
}

/**
 * Values as pickles, one after the other: what `pickle.dump` in a loop writes, and `pickle.load` in a loop reads. The
 * decoder keeps no more of the input than the instruction that is cut: a large array is gathered once, where it stays. It
 * imports and calls nothing: see `loads` of `@brine/brine/pickle`.
 *
 * @param options How values are written and read.
 * @returns A stage from values to bytes, named `pickle`.
 * @throws {SerializeError} From the encoder, for a value that Python could not load.
 * @throws {FormatError} From the decoder, with the offset.
 *
 * @example
 * ```ts
 * import { dumps, loads, pickleSequence } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const bytes = await dumps({ id: 1 }, pickleSequence());
 * deepEqual(await loads(bytes, pickleSequence()), { id: 1 });
 * ```
 */
export function pickleSequence(
  { dump, load = {} }: PickleSequenceOptions = {},
): Stage<unknown, Bytes> {
  return {
    name: "pickle",
    encoder: () =>
      new TransformStream({
        transform: (value, controller) =>
          controller.enqueue(dumps(value, dump)),
      }),
    decoder: () => new PullStream(new PickleParser(load)),
  };
}

/**
 * As {@linkcode pickleSequence}, for batches of values, which is faster where they are small.
 *
 * @param options How values are written and read.
 * @returns A stage from batches of values to bytes, named `pickle`; its errors are those of {@linkcode pickleSequence}.
 *
 * @example
 * ```ts
 * import { dumps, loads, pickleBatches } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const bytes = await dumps([{ id: 1 }, { id: 2 }], pickleBatches());
 * deepEqual(await loads(bytes, pickleBatches()), [{ id: 1 }, { id: 2 }]);
 * ```
 */
export function pickleBatches(
  { dump, load = {} }: PickleSequenceOptions = {},
): Stage<readonly unknown[], Bytes> {
  return {
    name: "pickle",
    encoder: () =>
      new TransformStream({
        transform(batch, controller) {
          for (const bytes of gathered(batch, dump)) controller.enqueue(bytes);
        },
      }),
    decoder: () => new PullStream(new BatchParser(load)),
  };
}

/** Small pickles go together; one that is large goes by itself. */
const GATHER_BYTES = 1 << 16;

function* gathered(
  batch: readonly unknown[],
  options: PickleSequenceOptions["dump"],
): Generator<Bytes> {
  let pieces: Bytes[] = [];
  let length = 0;
  for (const value of batch) {
    const bytes = dumps(value, options);
    pieces.push(bytes);
    length += bytes.length;
    if (length < GATHER_BYTES) continue;
    yield concat(pieces);
    pieces = [];
    length = 0;
  }
  if (length > 0) yield concat(pieces);
}

/** Values in one batch, if a chunk holds as many. */
const BATCH_VALUES = 1_000;

/** What a chunk completes is one batch, or a few. */
class BatchParser implements Puller<Bytes, readonly unknown[]> {
  readonly #parser: PickleParser;
  /** What came after values that were given first. */
  #failure: { readonly error: unknown } | undefined;

  constructor(options: PickleParserOptions) {
    this.#parser = new PickleParser(options);
  }

  push(chunk: Bytes): void {
    this.#parser.push(chunk);
  }

  end(): void {
    this.#parser.end();
  }

  next(): readonly (readonly unknown[])[] | undefined {
    if (this.#failure) throw this.#failure.error;
    const batch: unknown[] = [];
    try {
      while (batch.length < BATCH_VALUES) {
        const value = this.#parser.next();
        if (!value) break;
        batch.push(value[0]);
      }
    } catch (error) {
      if (batch.length === 0) throw error;
      this.#failure = { error };
    }
    return batch.length > 0 ? [batch] : undefined;
  }
}
