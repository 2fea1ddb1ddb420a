/**
 * From values that stand for Python's to those of JavaScript.
 *
 * @module
 */
import { type PlainOptions, plainValue } from "../src/dask/plain.ts";
import { jsonable } from "../src/prefect/jsonable.ts";

/** Options for {@linkcode plainBatches}. */
export interface PlainBatchesOptions extends PlainOptions {
  /** Whether values may be lost, not their types alone. @default {false} */
  readonly lossy?: boolean | undefined;
}

/**
 * Batches of values from a Python format, made plain for a format that does not know its types: tuples and arrays become
 * lists, dicts objects, as far as nothing but their types is lost. What cannot be made so stays, and is refused where it is
 * written.
 *
 * @param options What arrays become, and whether the rest may be lost: then it becomes text, or what comes close to it.
 * @returns The stream.
 *
 * @example
 * ```ts
 * import { npyBatches, plainBatches } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const file = ReadableStream.from([[[1, 2], [3, 4]]]).pipeThrough(npyBatches().encoder());
 * const values = file.pipeThrough(npyBatches().decoder()).pipeThrough(plainBatches());
 * for await (const [value] of values) deepEqual(value, [[1, 2], [3, 4]]);
 * ```
 */
export function plainBatches(
  { lossy = false, ...options }: PlainBatchesOptions = {},
): TransformStream<readonly unknown[], readonly unknown[]> {
  return new TransformStream({
    transform(batch, controller) {
      const plain = batch.map((value) => plainValue(value, options));
      controller.enqueue(lossy ? plain.map(jsonable) : plain);
    },
  });
}
