/**
 * Waits for the first chunk, or the end, of a stream, so that an error before it can still become a status.
 *
 * @returns The same stream, from its first chunk on.
 */
export async function begun<T>(
  stream: ReadableStream<T>,
): Promise<ReadableStream<T>> {
  const reader = stream.getReader();
  let first: ReadableStreamReadResult<T> | undefined = await reader.read();
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = first ?? await reader.read();
      first = undefined;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
