import { TruncatedError } from "../../../errors.ts";
import { type PackedMessage, unpackMessage } from "../../../wire/frames.ts";
import type { Bytes } from "../../../types.ts";
import type { Cursor } from "./random.ts";

/** The most that is read at once: what a browser's worker can hold. */
export const LIMITS: { readonly maxMessageBytes: number } = {
  maxMessageBytes: 2 ** 29,
};

/** The message at a place. */
export async function nextMessage(
  cursor: Cursor,
  offset: number,
): Promise<PackedMessage> {
  const parser = unpackMessage(offset, LIMITS);
  let step = parser.next();
  while (!step.done) {
    let bytes: Bytes | undefined = cursor.take(step.value);
    if (!bytes) {
      if (!(await cursor.fill(step.value))) {
        const message = "the input ends within a message";
        throw new TruncatedError("frames", message, { offset });
      }
      bytes = cursor.take(step.value)!;
    }
    step = parser.next(bytes);
  }
  return step.value;
}

/** The same at once, if all of it is at hand; or else nothing has happened. */
export function messageAtHand(
  cursor: Cursor,
  offset: number,
): PackedMessage | undefined {
  const parser = unpackMessage(offset, LIMITS);
  let step = parser.next();
  while (!step.done) {
    const bytes = cursor.take(step.value);
    if (!bytes) {
      cursor.offset = offset;
      return undefined;
    }
    step = parser.next(bytes);
  }
  return step.value;
}
