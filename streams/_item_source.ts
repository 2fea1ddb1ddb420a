import { SerializeError } from "../src/errors.ts";

/** Values that come one after the other, whoever gives them. */
export interface ItemSource {
  next(): Promise<IteratorResult<unknown>>;
  /** No more are wanted. Nobody waits for whoever gives them to agree. */
  cancel(reason: unknown): void;
}

/** Opens a stream, or something to iterate asynchronously, that was found at a path. */
export function openItems(source: object, path: string): ItemSource {
  if ("getReader" in source) return fromStream(source as ReadableStream, path);
  const iterable = source as AsyncIterable<unknown>;
  const iterator = iterable[Symbol.asyncIterator]();
  return {
    next: async () => await iterator.next(),
    cancel: () => ignore(async () => await iterator.return?.()),
  };
}

function fromStream(stream: ReadableStream, path: string): ItemSource {
  if (stream.locked) throw new SerializeError("the stream is locked", path);
  const reader = stream.getReader();
  return {
    async next() {
      const result = await reader.read();
      if (result.done) reader.releaseLock();
      return result as IteratorResult<unknown>;
    },
    cancel: (reason) => ignore(() => reader.cancel(reason)),
  };
}

function ignore(action: () => Promise<unknown>): void {
  action().catch(() => {});
}
