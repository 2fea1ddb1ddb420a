/**
 * Waits for the first chunk, or the end, of a stream, and for what comes at once behind it, so that an error near the
 * beginning can still become a status.
 *
 * @returns The same stream, from its first chunk on.
 */
export async function begun<T>(
  stream: ReadableStream<T>,
): Promise<ReadableStream<T>> {
  const reader = stream.getReader();
  const first = reader.read();
  const ahead = [first];
  if (!(await first).done) {
    const next = reader.read();
    ahead.push(next);
    await Promise.race([next, new Promise((resolve) => setTimeout(resolve))]);
    // Who reads on hears of a later failure.
    next.catch(() => {});
  }
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = await (ahead.shift() ?? reader.read());
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
