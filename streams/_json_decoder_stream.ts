import {
  type BatchParser,
  DEFAULT_MAX_DEPTH,
  DEFAULT_MAX_VALUE_BYTES,
  type JsonLimits,
} from "../src/json/limits.ts";
import type { Bytes } from "../src/types.ts";
import { type Puller, PullStream } from "./_pull_stream.ts";

/** Larger chunks are looked at in pieces, so that the values of one piece are all that stands around at a time. */
const PIECE = 64 << 10;

class JsonPuller<Out> implements Puller<Bytes, Out> {
  #rest: Bytes = new Uint8Array(0);
  #end = false;
  #fault: { readonly error: unknown } | undefined;

  constructor(
    readonly parser: BatchParser,
    readonly outputsOf: (values: unknown[]) => readonly Out[],
  ) {}

  push(chunk: Bytes): void {
    this.#rest = chunk;
  }

  end(): void {
    this.#end = true;
  }

  next(): readonly Out[] | undefined {
    if (this.#fault) throw this.#fault.error;
    if (this.#rest.length > 0) {
      const piece = this.#rest.subarray(0, PIECE);
      this.#rest = this.#rest.subarray(PIECE);
      return this.outputsOf(this.#parse(piece));
    }
    if (!this.#end) return undefined;
    this.#end = false;
    return this.outputsOf(this.parser.end());
  }

  /** What stands before a fault is given first, and the fault with the next call. */
  #parse(piece: Bytes): unknown[] {
    const values: unknown[] = [];
    try {
      return this.parser.push(piece, values);
    } catch (error) {
      this.#fault = { error };
      return values;
    }
  }
}

/** Bytes in, values out, one by one. */
export function valuesStream(
  parser: BatchParser,
): TransformStream<Bytes, unknown> {
  return new PullStream(new JsonPuller(parser, (values) => values));
}

/** Bytes in, batches of values out. */
export function batchesStream(
  parser: BatchParser,
): TransformStream<Bytes, readonly unknown[]> {
  const outputsOf = (values: unknown[]) => values.length > 0 ? [values] : [];
  return new PullStream(new JsonPuller<unknown[]>(parser, outputsOf));
}

/** The limits of options, with what holds where they say nothing. */
export function limitsOf({
  maxDepth = DEFAULT_MAX_DEPTH,
  maxValueBytes = DEFAULT_MAX_VALUE_BYTES,
}: Partial<JsonLimits>): JsonLimits {
  return { maxDepth, maxValueBytes };
}
