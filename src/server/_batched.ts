/** ManyValues in any shape in which there can be many. */
export type ManyValues =
  | ReadableStream<unknown>
  | AsyncIterable<unknown>
  | Iterable<unknown>;

/** So many at a time, of what is there anyway. */
const MANY = 256;

/** ManyValues in batches: of what can only be waited for, as they come. */
export function batched(
  values: ManyValues,
): ReadableStream<readonly unknown[]> {
  if (values instanceof ReadableStream) {
    return values.pipeThrough(
      new TransformStream<unknown, readonly unknown[]>({
        transform: (value, controller) => controller.enqueue([value]),
      }),
    );
  }
  return Symbol.asyncIterator in values
    ? ofLater(values[Symbol.asyncIterator]())
    : ofNow(values[Symbol.iterator]());
}

function ofLater(
  iterator: AsyncIterator<unknown>,
): ReadableStream<readonly unknown[]> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue([value]);
    },
    async cancel(reason) {
      await iterator.return?.(reason);
    },
  }, { highWaterMark: 0 });
}

function ofNow(
  iterator: Iterator<unknown>,
): ReadableStream<readonly unknown[]> {
  return new ReadableStream({
    pull(controller) {
      const batch: unknown[] = [];
      let next = iterator.next();
      for (; !next.done; next = iterator.next()) {
        batch.push(next.value);
        if (batch.length === MANY) break;
      }
      if (batch.length > 0) controller.enqueue(batch);
      if (next.done) controller.close();
    },
    cancel(reason) {
      iterator.return?.(reason);
    },
  }, { highWaterMark: 0 });
}
