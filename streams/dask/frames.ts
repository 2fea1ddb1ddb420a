/**
 * Messages of Dask as they go over a TCP connection.
 *
 * @module
 */
import { dumps, type MessageDumpOptions } from "../../src/dask/message.ts";
import { loads, type MessageLoadOptions } from "../../src/dask/read_message.ts";
import type { Bytes } from "../../src/types.ts";
import { type Grammar, insist, ParserStream } from "../_parser_stream.ts";
import { pipe, type Stage } from "../stage.ts";
import { type DaskLimits, packedFrames } from "./_packed.ts";
import { tcpHead } from "./_tcp_head.ts";

const STAGE = "dask";

/**
 * The framing of Dask's TCP connections: of each message a length, the count and the lengths of its frames, and the frames.
 * The first length is written as all versions read it and not believed when it is read: since 2023.11 Dask writes something
 * else there.
 *
 * @param limits The most that the decoder accepts of one message.
 * @returns A stage from the frames of messages to bytes, named `dask`. The frames that are read are views of the chunks, where
 * they are not cut.
 * @throws {TruncatedError} From the decoder, if the bytes end within a message.
 * @throws {LimitError} From the decoder, for a message that is more than agreed.
 *
 * @example
 * ```ts
 * import { daskFrames, dumps, loads } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const { encoder, decoder } = daskFrames();
 * const messages = ReadableStream.from([dumps({ op: "identity" })]);
 * for await (const frames of messages.pipeThrough(encoder()).pipeThrough(decoder())) {
 *   deepEqual(loads(frames), { op: "identity" });
 * }
 * ```
 */
export function daskFrames(
  limits: DaskLimits = {},
): Stage<readonly Bytes[], Bytes> {
  return {
    name: STAGE,
    encoder: () =>
      new TransformStream({
        transform(frames, controller) {
          controller.enqueue(tcpHead(frames));
          for (const frame of frames) {
            if (frame.length > 0) controller.enqueue(frame);
          }
        },
      }),
    decoder: () =>
      new ParserStream<readonly Bytes[]>(
        STAGE,
        (emit) => messagesOf(limits, emit),
      ),
  };
}

function* messagesOf(
  limits: DaskLimits,
  emit: (frames: readonly Bytes[]) => void,
): Grammar {
  let offset = 0;
  for (;;) {
    const head = yield 16;
    if (head === null) return;
    const grammar = packedFrames(head.subarray(8), offset + 8, limits);
    const { frames, byteLength } = yield* insist(STAGE, offset, grammar);
    offset += 8 + byteLength;
    emit(frames);
  }
}

/** Options for {@linkcode daskMessages}. */
export interface DaskMessagesOptions extends DaskLimits {
  /** How messages are written. */
  readonly dump?: MessageDumpOptions | undefined;
  /** How messages are read. */
  readonly load?: MessageLoadOptions | undefined;
}

/**
 * Messages as they go over a TCP connection of Dask: `dumps`, then {@linkcode daskFrames}; and `loads` on the way back.
 *
 * @param options How messages are written and read, and limits.
 * @returns A stage from messages to bytes.
 *
 * @example
 * ```ts
 * import { dumps, loads } from "@brine/brine";
 * import { daskMessages, toSerialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const bytes = await dumps({ op: "scatter", data: { x: toSerialize([1, 2]) } }, daskMessages());
 * deepEqual(await loads(bytes, daskMessages()), { op: "scatter", data: { x: [1, 2] } });
 * ```
 */
export function daskMessages(
  options: DaskMessagesOptions = {},
): Stage<unknown, Bytes> {
  const { dump, load } = options;
  const messages: Stage<unknown, readonly Bytes[]> = {
    name: "dask-messages",
    encoder: () =>
      new TransformStream({
        transform: (message, controller) =>
          controller.enqueue(dumps(message, dump)),
      }),
    decoder: () =>
      new TransformStream({
        transform: (frames, controller) =>
          controller.enqueue(loads(frames, load)),
      }),
  };
  return pipe(messages, daskFrames(options));
}
