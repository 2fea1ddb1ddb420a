/**
 * A look at what passes.
 *
 * @module
 */
import type { Message } from "../src/types.ts";
import { countOf } from "../src/wire/envelope.ts";
import type { Stage } from "./stage.ts";

/** What has passed so far. */
export interface Progress {
  /** Chunks, of whatever kind. */
  readonly chunks: number;
  /** Bytes, in chunks of bytes and in the frames of messages. */
  readonly bytes: number;
  /** Values: as many as a message or a batch holds, and one for any other chunk. */
  readonly values: number;
}

/**
 * Passes everything through unchanged, and reports how much that was after each chunk.
 *
 * @typeParam T What passes: bytes, messages, values or batches of them.
 * @param onProgress Gets the totals of its stream. It should be quick; what it throws fails the stream.
 * @returns A stage that goes anywhere in a pipeline.
 *
 * @example
 * ```ts
 * import { type Bytes, gzip, pipe, progress } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * let seen = 0;
 * const counted = pipe(progress<Bytes>(({ bytes }) => seen = bytes), gzip());
 * await new Response(new Blob(["salt"]).stream().pipeThrough(counted.encoder())).bytes();
 * equal(seen, 4);
 * ```
 */
export function progress<T>(
  onProgress: (progress: Progress) => void,
): Stage<T, T> {
  const counter = () => {
    let chunks = 0;
    let bytes = 0;
    let values = 0;
    return new TransformStream<T, T>({
      transform(chunk, controller) {
        chunks++;
        bytes += bytesIn(chunk);
        values += valuesIn(chunk);
        onProgress({ chunks, bytes, values });
        controller.enqueue(chunk);
      },
    });
  };
  return { name: "progress", encoder: counter, decoder: counter };
}

function bytesIn(chunk: unknown): number {
  if (chunk instanceof Uint8Array) return chunk.length;
  if (!isMessage(chunk)) return 0;
  return chunk.frames.reduce((sum, frame) => sum + frame.length, 0);
}

function valuesIn(chunk: unknown): number {
  if (Array.isArray(chunk)) return chunk.length;
  return isMessage(chunk) ? countOf(chunk.header) : 1;
}

function isMessage(chunk: unknown): chunk is Message {
  return typeof chunk === "object" && chunk !== null && "header" in chunk &&
    "frames" in chunk && Array.isArray(chunk.frames);
}
