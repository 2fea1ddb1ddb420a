/**
 * Values with promises, streams and files in them: the pipeline, and both ends at once.
 *
 * @module
 */
import type { Bytes } from "../src/types.ts";
import { compress } from "./compress.ts";
import { frames } from "./frames.ts";
import {
  DeserializeLiveStream,
  serializeLive,
  type SerializeLiveOptions,
  SerializeLiveStream,
} from "./live.ts";
import type { MessagesOptions } from "./presets.ts";
import { split } from "./split.ts";
import { pipe, type Stage } from "./stage.ts";

/** Options for {@linkcode liveMessages}: those of its stages, and the codec. */
export interface LiveMessagesOptions
  extends MessagesOptions, SerializeLiveOptions {}

/**
 * Values with promises, streams and files in them as Brine: `serializeLive`, `split`, `compress`, `frames`. It reads what
 * {@linkcode messages} writes, too; the other way round, only what has nothing live in it.
 *
 * @typeParam T The type of the values; it is not checked.
 * @param options A codec, a family, a registry, limits.
 * @returns A stage from values to bytes.
 *
 * @example A form with a file
 * ```ts
 * import { dumps, liveMessages, loads } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const form = new FormData();
 * form.append("photo", new File(["…"], "salt.png", { type: "image/png" }));
 *
 * const bytes = await dumps(form, liveMessages<FormData>());
 * const back = await loads(bytes, liveMessages<FormData>());
 * equal((back.get("photo") as File).name, "salt.png");
 * ```
 */
export function liveMessages<T = unknown>(
  options: LiveMessagesOptions = {},
): Stage<T, Bytes> {
  return pipe(
    serializeLive<T>(options),
    split(),
    compress(options.codec, options),
    frames(options),
  );
}

/** The two ends of a {@linkcode liveChannel}. */
export interface LiveChannel<T> {
  /** Takes values. */
  readonly encoder: SerializeLiveStream<T>;
  /** Gives them. */
  readonly decoder: DeserializeLiveStream<T>;
}

/**
 * Both ends for one process: cancelling a stream inside a value at one end cancels its source at the other. Between
 * two processes, pass on what `onCancel` is told to `cancelSource`.
 *
 * @typeParam T The type of the values; it is not checked.
 * @param options For both ends.
 * @returns The ends; what goes between them is up to you.
 *
 * @example
 * ```ts
 * import { liveChannel } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * let ended = false;
 * async function* endless() {
 *   try {
 *     for (let i = 0;; i++) yield i;
 *   } finally {
 *     ended = true;
 *   }
 * }
 * const { encoder, decoder } = liveChannel<{ numbers: AsyncIterable<number> }>();
 * const values = ReadableStream.from([{ numbers: endless() }])
 *   .pipeThrough(encoder).pipeThrough(decoder);
 * for await (const { numbers } of values) {
 *   for await (const number of numbers) if (number === 2) break;
 * }
 * equal(ended, true);
 * ```
 */
export function liveChannel<T = unknown>(
  options: SerializeLiveOptions = {},
): LiveChannel<T> {
  const encoder = new SerializeLiveStream<T>(options);
  const onCancel = (id: number, reason: unknown) => {
    options.onCancel?.(id, reason);
    encoder.cancelSource(id, reason);
  };
  const decoder = new DeserializeLiveStream<T>({ ...options, onCancel });
  return { encoder, decoder };
}
