import {
  type Bytes,
  compress,
  type Format,
  type FormatOptions,
  LimitError,
  type Message,
  serializeBatches,
  split,
  type Stage,
} from "../../mod.ts";

/** Bytes of a framing to messages whose frames are whole and plain. */
export function messagesOf(
  bytes: ReadableStream<Bytes>,
  framing: Stage<Message, Bytes>,
  options: FormatOptions,
  maxDecodedBytes: number,
): ReadableStream<Message> {
  return bytes
    .pipeThrough(framing.decoder())
    .pipeThrough(compress(undefined, options).decoder())
    .pipeThrough(limitFrames(maxDecodedBytes))
    .pipeThrough(split().decoder());
}

/** Bytes of any format to batches of values. */
export function valuesOf(
  bytes: ReadableStream<Bytes>,
  from: Format,
  options: FormatOptions,
  maxDecodedBytes: number,
): ReadableStream<readonly unknown[]> {
  const framing = from.framing?.(options);
  if (!framing) {
    const limited = { ...options, maxDecodedBytes };
    return bytes.pipeThrough(from.batches(limited).decoder());
  }
  return messagesOf(bytes, framing, options, maxDecodedBytes)
    .pipeThrough(serializeBatches(options).decoder());
}

/** Lets through so many bytes in frames: small ones can hold a great deal. */
function limitFrames(maxBytes: number): TransformStream<Message, Message> {
  let total = 0;
  return new TransformStream({
    transform(message, controller) {
      for (const { length } of message.frames) total += length;
      if (total > maxBytes) {
        throw new LimitError("compress", "decoded bytes", total, maxBytes);
      }
      controller.enqueue(message);
    },
  });
}
