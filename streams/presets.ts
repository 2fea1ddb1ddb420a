/**
 * The pipeline that most want.
 *
 * @module
 */
import type { Bytes, Message } from "../src/types.ts";
import type { FrameLimits } from "../src/wire/frames.ts";
import { compress, type CompressOptions } from "./compress.ts";
import { frames } from "./frames.ts";
import {
  serialize,
  serializeBatches,
  type SerializeStreamOptions,
} from "./serialize.ts";
import { split } from "./split.ts";
import { type Codec, pipe, type Stage } from "./stage.ts";

/** Options for {@linkcode messages}: those of its stages, and the codec. */
export interface MessagesOptions
  extends SerializeStreamOptions, CompressOptions, FrameLimits {
  /** What to compress frames with; without one they stay as they are. */
  readonly codec?: Codec;
}

/**
 * Any number of values as Brine: `serialize`, `split`, `compress`, `frames`. This is what {@linkcode dumps} and the
 * command line write. It reads what was compressed with any codec.
 *
 * @typeParam T The type of the values; it is not checked.
 * @param options A codec, a family, a registry, limits.
 * @returns A stage from values to bytes.
 *
 * @example
 * ```ts
 * import { messages } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * async function* records() {
 *   for (let id = 0; id < 3; id++) yield { id, at: new Date(id) };
 * }
 * const { encoder, decoder } = messages();
 * const values = [];
 * const stream = ReadableStream.from(records()).pipeThrough(encoder()).pipeThrough(decoder());
 * for await (const value of stream) values.push(value);
 * deepEqual(values.length, 3);
 * ```
 */
export function messages<T = unknown>(
  options: MessagesOptions = {},
): Stage<T, Bytes> {
  return pipe(serialize<T>(options), wire(options));
}

/**
 * As {@linkcode messages}, for batches of values.
 *
 * @typeParam T The type of the values; it is not checked.
 * @param options A codec, a family, a registry, limits.
 * @returns A stage from batches of values to bytes.
 *
 * @example
 * ```ts
 * import { dumps, loads, messageBatches } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const bytes = await dumps([1, 2, 3], messageBatches());
 * deepEqual(await loads(bytes, messageBatches()), [1, 2, 3]);
 * ```
 */
export function messageBatches<T = unknown>(
  options: MessagesOptions = {},
): Stage<readonly T[], Bytes> {
  return pipe(serializeBatches<T>(options), wire(options));
}

function wire(options: MessagesOptions): Stage<Message, Bytes> {
  return pipe(split(), compress(options.codec, options), frames(options));
}
