/**
 * From values that stand for Python's to those of JavaScript.
 *
 * @module
 */
import type { PlainOptions } from "../src/dask/plain.ts";

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
  let plain: (value: unknown) => unknown;
  return new TransformStream({
    // What knows Python's values is loaded by whoever has some.
    async start() {
      const { plainValue } = await import("../src/dask/plain.ts");
      plain = (value) => plainValue(value, options);
      if (!lossy) return;
      const { jsonable } = await import("../src/prefect/jsonable.ts");
      plain = (value) => jsonable(plainValue(value, options));
    },
    transform: (batch, controller) => controller.enqueue(batch.map(plain)),
  });
}
