import type { Bytes, Message, Stage } from "../../mod.ts";

/** What a stream of values gave first, and the reader for more. */
export interface First<T> {
  readonly value: T;
  readonly reader: ReadableStreamDefaultReader<T>;
}

/** The first of some values through both ends of a stage. */
export async function firstOf<T>(
  values: readonly unknown[],
  stage: Stage<unknown, unknown>,
): Promise<First<T>> {
  const stream = streamOf(values)
    .pipeThrough(stage.encoder()).pipeThrough(stage.decoder());
  const reader = stream.getReader() as ReadableStreamDefaultReader<T>;
  const { value } = await reader.read();
  return { value: value as T, reader };
}

/** What is given, when it is asked for. */
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

/** What is given, then nothing more, and no end. */
export function staying<T>(items: Iterable<T>): ReadableStream<T> {
  const iterator = items[Symbol.iterator]();
  return new ReadableStream<T>({
    pull(controller) {
      const { done, value } = iterator.next();
      if (!done) controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** How an async generator was used. */
export interface Watched<T> extends AsyncIterable<T> {
  readonly pulled: number;
  readonly returned: number;
}

/** Items made when they are asked for, that knows how it was used. */
export function watched<T>(
  item: (index: number) => T,
  count: number = Infinity,
  failure?: Error,
): Watched<T> {
  const state = {
    pulled: 0,
    returned: 0,
    [Symbol.asyncIterator]: () => ({
      next(): Promise<IteratorResult<T>> {
        if (state.pulled === count) {
          if (failure) return Promise.reject(failure);
          return Promise.resolve({ done: true, value: undefined });
        }
        return Promise.resolve({ done: false, value: item(state.pulled++) });
      },
      return(): Promise<IteratorResult<T>> {
        state.returned++;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  return state;
}

/** A stream of bytes that counts what it was asked for. */
export function byteSource(
  total: number,
  piece: number = 65_536,
): {
  stream: ReadableStream<Bytes>;
  pulled: () => number;
  reason: () => unknown;
} {
  let pulled = 0;
  let reason: unknown;
  const source: UnderlyingByteSource = {
    type: "bytes",
    pull(controller) {
      const length = Math.min(piece, total - pulled);
      const chunk = new Uint8Array(length);
      for (let i = 0; i < length; i++) chunk[i] = (pulled + i) % 251;
      pulled += length;
      controller.enqueue(chunk);
      if (pulled === total) controller.close();
    },
    cancel(why) {
      reason = why;
    },
  };
  const stream = new ReadableStream(source) as ReadableStream<Bytes>;
  return { stream, pulled: () => pulled, reason: () => reason };
}

/** So that whatever goes on by itself has had the time to. */
export function rest(milliseconds: number = 20): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits for something to become true, but not for ever. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !isTrue(); i++) await rest(i);
}

/** A message of the family json. */
export function json(value: string, header: object = {}): Message {
  return {
    header: { serializer: "json", ...header },
    frames: [new TextEncoder().encode(value)],
  };
}
