/** Makes few or many things of a chunk, when it is asked to. */
export interface Puller<In, Out> {
  /** Takes the next chunk; called only when `next` has no more. */
  push(chunk: In): void;
  /** There are no more chunks; there may still be outputs. */
  end(): void;
  /** Some outputs, or `undefined` if there are none before the next chunk. */
  next(): readonly Out[] | undefined | Promise<readonly Out[] | undefined>;
  /** Lets go of whatever it holds open: the reader or the writer has gone. */
  cancel?(reason: unknown): void;
}

/**
 * A transform that makes outputs only when they are asked for, however many there are in a chunk: a `TransformStream`
 * would make all of them at once. Otherwise it behaves like one.
 */
export class PullStream<In, Out> implements TransformStream<In, Out> {
  readonly readable: ReadableStream<Out>;
  readonly writable: WritableStream<In>;

  readonly #puller: Puller<In, Out>;
  readonly #reader: ReadableStreamDefaultReader<In>;
  #ended = false;

  constructor(puller: Puller<In, Out>) {
    const input = new TransformStream<In, In>();
    const reader = input.readable.getReader();
    this.#puller = puller;
    this.#reader = reader;
    this.writable = input.writable;
    this.readable = new ReadableStream<Out>({
      start(controller) {
        reader.closed.catch((reason) => {
          puller.cancel?.(reason);
          controller.error(reason);
        });
      },
      pull: async (controller) => {
        try {
          await this.#pull(controller);
        } catch (error) {
          puller.cancel?.(error);
          // Whoever writes must hear of it; nobody waits for that.
          reader.cancel(error).catch(() => {});
          throw error;
        }
      },
      cancel(reason) {
        puller.cancel?.(reason);
        return reader.cancel(reason);
      },
    }, { highWaterMark: 0 });
  }

  async #pull(controller: ReadableStreamDefaultController<Out>): Promise<void> {
    for (;;) {
      const next = this.#puller.next();
      const outputs = next instanceof Promise ? await next : next;
      if (outputs?.length) {
        for (const output of outputs) controller.enqueue(output);
        return;
      }
      if (outputs) continue;
      if (this.#ended) return controller.close();
      const chunk = await this.#reader.read();
      this.#ended = chunk.done;
      if (chunk.done) this.#puller.end();
      else this.#puller.push(chunk.value);
    }
  }
}
