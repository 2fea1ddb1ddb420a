/** Items that come one after the other: those of an iteration, or the chunks of a stream. */
export interface Items {
  next(): Promise<IteratorResult<unknown>>;
  /** No more are wanted; called at most once, and not after the end. Nobody waits for whoever gives them to agree. */
  cancel(reason: unknown): void;
  /** Whether they are bytes, which may be cut anywhere. */
  readonly isBytes: boolean;
}

/** The chunks of a stream; it is locked from now on. */
export function itemsOfStream(stream: ReadableStream): Items {
  const isBytes = isByteStream(stream);
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<unknown>>,
    cancel: (reason) => void reader.cancel(reason).catch(() => {}),
    isBytes,
  };
}

/** What an iterator gives. */
export function itemsOf(iterator: AsyncIterator<unknown>): Items {
  return {
    // Also of an iterator whose results are no promises, or that throws at once.
    next: async () => {
      const result = await iterator.next();
      if (typeof result === "object" && result !== null) return result;
      throw new TypeError("An iterator has given no object");
    },
    cancel: () => void close(iterator).catch(() => {}),
    isBytes: false,
  };
}

async function close(iterator: AsyncIterator<unknown>): Promise<void> {
  await iterator.return?.();
}

/** Only such a stream can be read into memory of the reader's. */
function isByteStream(stream: ReadableStream): boolean {
  try {
    stream.getReader({ mode: "byob" }).releaseLock();
    return true;
  } catch {
    return false;
  }
}
