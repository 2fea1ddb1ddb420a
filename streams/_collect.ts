import { concat } from "../src/bytes.ts";
import type { Bytes } from "../src/types.ts";

/** A stream of these items. */
export function streamOf<T>(items: Iterable<T>): ReadableStream<T> {
  const iterator = items[Symbol.iterator]();
  return new ReadableStream<T>({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
}

/** All items of a stream; with a signal, only until that says that nobody wants them. */
export async function collect<T>(
  readable: ReadableStream<T>,
  signal?: AbortSignal,
): Promise<T[]> {
  const items: T[] = [];
  const reader = readable.getReader();
  const stop = () => void reader.cancel(signal!.reason).catch(() => {});
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) return items;
      items.push(value);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** All bytes of a stream. */
export async function collectBytes(
  readable: ReadableStream<Bytes>,
  signal?: AbortSignal,
): Promise<Bytes> {
  return concat(await collect(readable, signal));
}
