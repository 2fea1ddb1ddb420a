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

/** All items of a stream. */
export async function collect<T>(readable: ReadableStream<T>): Promise<T[]> {
  const items: T[] = [];
  const reader = readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return items;
    items.push(value);
  }
}

/** All bytes of a stream. */
export async function collectBytes(
  readable: ReadableStream<Bytes>,
): Promise<Bytes> {
  return concat(await collect(readable));
}
