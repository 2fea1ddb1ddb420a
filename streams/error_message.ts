/**
 * Failures that reach the reader.
 *
 * @module
 */
import { errorMessage } from "../src/error_family.ts";
import type { Message } from "../src/types.ts";

/**
 * The same messages; but if their source fails, an error message takes the place of what is missing, and the stream ends
 * cleanly. For servers, which can no longer change the status once a response has begun: the reader gets all that was
 * sent before, and then a {@linkcode RemoteError}.
 *
 * @param messages The messages.
 * @param describe What to tell of the error: an error, or text. By default its own message is told.
 * @returns A stream that does not fail.
 *
 * @example
 * ```ts
 * import { DeserializeStream, RemoteError, reportErrors } from "@brine/brine";
 * import { rejects } from "node:assert/strict";
 *
 * const failing = new ReadableStream({
 *   pull() {
 *     throw new Error("the database is gone");
 *   },
 * });
 * const reader = reportErrors(failing).pipeThrough(new DeserializeStream()).getReader();
 * await rejects(reader.read(), new RemoteError("the database is gone"));
 * ```
 */
export function reportErrors(
  messages: ReadableStream<Message>,
  describe: (error: unknown) => unknown = (error) => error,
): ReadableStream<Message> {
  const reader = messages.getReader();
  return new ReadableStream<Message>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.enqueue(errorMessage(describe(error)));
        controller.close();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
