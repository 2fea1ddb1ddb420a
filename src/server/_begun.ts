/**
 * Waits for the first chunk, or the end, of a stream, so that an error before it can still become a status.
 *
 * @returns The same stream, from its first chunk on.
 */
export async function begun<T>(
  stream: ReadableStream<T>,
): Promise<ReadableStream<T>> {
  const reader = stream.getReader();
  return readOn(reader, await reader.read());
}

/** What a reader has still to give, after a chunk it gave already. */
export function readOn<T>(
  reader: ReadableStreamDefaultReader<T>,
  first?: ReadableStreamReadResult<T>,
): ReadableStream<T> {
  let given = first;
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = given ?? await reader.read();
      given = undefined;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
