import {
  type Bytes,
  FormatError,
  type FrameLimits,
  type Message,
  type PackedMessage,
  RemoteError,
  TruncatedError,
} from "../../mod.ts";
import { EnvelopeReader } from "../wire/envelope.ts";
import { unpackMessage } from "../wire/frames.ts";
import { insist, ParserStream } from "../../streams/_parser_stream.ts";

/** Asks for the bytes from an offset on. */
export type Ask = (offset: number) => Promise<ReadableStream<Bytes>>;

/** How often to go on, and when. */
export interface Patience {
  /** Breaks in a row without a whole message between them, before it fails. */
  readonly retries: number;
  /** Milliseconds until the first new attempt; each further one waits twice as long. */
  readonly delay: number;
  readonly signal?: AbortSignal | undefined;
}

const STAGE = "frames";

/**
 * The messages of a stream of Brine that is asked for by offset. When it breaks off, it is asked for again, from the end of the last
 * whole message on: what came of the next one is dropped, since nothing has checked it.
 */
export function resumed(
  ask: Ask,
  { retries, delay, signal }: Patience,
  limits: FrameLimits,
): ReadableStream<Message> {
  const envelope = new EnvelopeReader(STAGE);
  let offset = 0;
  let failures = 0;
  let reader: ReadableStreamDefaultReader<PackedMessage> | undefined;

  /** A parser that goes on where the last one stopped. */
  const parser = () => {
    let position = offset;
    return new ParserStream<PackedMessage>(STAGE, function* (emit) {
      while (!envelope.ended) {
        const packed = yield* insist(
          STAGE,
          position,
          unpackMessage(position, limits),
        );
        position += packed.byteLength;
        const { header } = packed.message;
        emit(packed);
        if (Object.hasOwn(header, "end")) return;
      }
    });
  };
  /** Whether another attempt could do better. */
  const isCut = (error: unknown) =>
    error instanceof TruncatedError ||
    !(error instanceof FormatError || error instanceof RangeError ||
      error instanceof RemoteError || error instanceof Refused ||
      signal?.aborted);

  return new ReadableStream<Message>({
    async pull(controller) {
      for (;;) {
        try {
          reader ??= (await ask(offset)).pipeThrough(parser()).getReader();
          const { done, value } = await reader.read();
          if (done) return controller.close();
          const isGiven = envelope.accept(value.message, offset);
          offset += value.byteLength;
          failures = 0;
          if (isGiven) return controller.enqueue(value.message);
        } catch (error) {
          reader?.cancel(error).catch(() => {});
          reader = undefined;
          if (!isCut(error) || failures >= retries) throw error;
          await pause(delay * 2 ** failures++, signal);
        }
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  }, { highWaterMark: 0 });
}

/** An answer that another attempt would not change. */
export class Refused extends TypeError {}

function pause(
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
