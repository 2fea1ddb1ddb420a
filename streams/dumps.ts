/**
 * One value through a pipeline, whole.
 *
 * @module
 */
import { FormatError, TruncatedError } from "../src/errors.ts";
import type { Bytes } from "../src/types.ts";
import { collect, collectBytes, streamOf } from "./_collect.ts";
import { messages } from "./presets.ts";
import type { Stage } from "./stage.ts";

/**
 * One value as bytes: what the pipeline's stream writes for a stream of this value alone.
 *
 * @typeParam T The type of the value.
 * @param value The value.
 * @param pipeline Any stage that ends in bytes. @default {messages()}
 * @returns The bytes.
 * @throws {SerializeError} If the value could not come back as it was.
 *
 * @example
 * ```ts
 * import { dumps, loads } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const value = { id: 2n ** 64n, seen: new Set(["a"]), data: new Float32Array(3) };
 * deepEqual(await loads(await dumps(value)), value);
 * ```
 */
export async function dumps<T>(
  value: T,
  pipeline: Stage<T, Bytes> = messages(),
): Promise<Bytes> {
  return await collectBytes(streamOf([value]).pipeThrough(pipeline.encoder()));
}

/**
 * The one value that some bytes hold.
 *
 * @typeParam T The type of the value; it is not checked.
 * @param bytes What {@linkcode dumps} gave.
 * @param pipeline The pipeline that wrote them. @default {messages()}
 * @returns The value.
 * @throws {FormatError} If the bytes are damaged, or hold another number of values than one.
 * @throws {TruncatedError} If they are cut short, or hold none.
 *
 * @example
 * ```ts
 * import { dumps, gzip, loads, messages, pipe } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const pipeline = pipe(messages(), gzip());
 * equal(await loads(await dumps("hi", pipeline), pipeline), "hi");
 * ```
 */
export async function loads<T = unknown>(
  bytes: Bytes,
  pipeline: Stage<T, Bytes> = messages(),
): Promise<T> {
  const values = await collect(
    streamOf([bytes]).pipeThrough(pipeline.decoder()),
  );
  if (values.length === 1) return values[0]!;
  const { name } = pipeline;
  throw values.length === 0
    ? new TruncatedError(name, "there is no value")
    : new FormatError(name, `there are ${values.length} values, not one`);
}
