/** After what has been begun is on its way to other threads. */
const { setImmediate: soon } = globalThis as {
  setImmediate?: (callback: () => void) => unknown;
};

/**
 * The same stream, of which the next chunk is made while the last one is compressed: that is done in another thread on Bun and
 * Node, and otherwise each of the two would wait for the other in turn. A failure comes after the chunks before it.
 */
export function ahead<T>(stream: ReadableStream<T>): ReadableStream<T> {
  if (!soon) return stream;
  const reader = stream.getReader();
  let next: Promise<ReadableStreamReadResult<T>> | undefined;
  const read = () => next ??= reader.read();
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = await read();
      next = undefined;
      if (done) return controller.close();
      controller.enqueue(value);
      // Whoever asks for it hears of a failure.
      soon(() => read().catch(() => {}));
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
