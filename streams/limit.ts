/**
 * A bound on how many bytes pass.
 *
 * @module
 */
import { LimitError } from "../src/errors.ts";
import type { Bytes } from "../src/types.ts";
import type { Codec } from "./stage.ts";

/**
 * Lets bytes through unchanged, both ways, until more than agreed have come. Behind a decoder it stops a decompression
 * bomb: decoders make no more than their reader takes.
 *
 * @param maxBytes How many bytes may pass.
 * @returns The codec. Either direction fails with {@linkcode LimitError}; nothing of the chunk that was too much passes.
 *
 * @example
 * ```ts
 * import { gzip, limit, LimitError } from "@brine/brine";
 * import { rejects } from "node:assert/strict";
 *
 * const zeros = new Blob([new Uint8Array(1_000_000)]).stream();
 * const bomb = zeros.pipeThrough(gzip().encoder());
 * const plain = bomb.pipeThrough(gzip().decoder()).pipeThrough(limit(1000).decoder());
 * await rejects(new Response(plain).bytes(), LimitError);
 * ```
 */
export function limit(maxBytes: number): Codec {
  const counter = () => {
    let passed = 0;
    return new TransformStream<Bytes, Bytes>({
      transform(chunk, controller) {
        passed += chunk.length;
        if (passed > maxBytes) {
          throw new LimitError("limit", "bytes", passed, maxBytes, {
            offset: maxBytes,
          });
        }
        controller.enqueue(chunk);
      },
    });
  };
  return { name: "limit", encoder: counter, decoder: counter };
}
