import { RemoteError } from "./errors.ts";
import type { Family } from "./family.ts";
import type { Message } from "./types.ts";

/**
 * A message that tells the reader of a failure on this side, in place of all that should have followed. Dask's family
 * `error` has the same shape.
 *
 * @param error What went wrong; of it the message is sent, and neither stack nor cause.
 * @returns The message, which holds no value.
 *
 * @example
 * ```ts
 * import { defaultRegistry, errorMessage, RemoteError } from "@brine/brine";
 * import { throws } from "node:assert/strict";
 *
 * const message = errorMessage(new Error("the disk is full"));
 * throws(() => defaultRegistry.deserialize(message), new RemoteError("the disk is full"));
 * ```
 */
export function errorMessage(error: unknown): Message {
  const text = error instanceof Error ? error.message : String(error);
  return {
    header: { serializer: "error", values: 0 },
    frames: [new TextEncoder().encode(text)],
  };
}

/** The family `error`: to read a message of it is to throw what it tells. */
export const errorFamily: Family = {
  name: "error",
  batch() {
    throw new TypeError("Cannot serialize as family error: see errorMessage");
  },
  deserialize({ frames }) {
    const text = frames.map((frame) => new TextDecoder().decode(frame));
    throw new RemoteError(text.join("\n"));
  },
};
