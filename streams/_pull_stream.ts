/** Makes few or many things of a chunk, when it is asked to. */
export interface Puller<In, Out> {
  /** Takes the next chunk; called only when `next` has no more. */
  push(chunk: In): void;
  /** There are no more chunks; there may still be outputs. */
  end(): void;
  /** Some outputs, or `undefined` if there are none before the next chunk. */
  next(): readonly Out[] | undefined | Promise<readonly Out[] | undefined>;
  /**
   * Lets go of whatever it holds open: the reader or the writer has gone. One that has nothing to let go of still gives
   * what it made of the chunks before its source failed.
   */
  cancel?(reason: unknown): void;
  /** Nobody reads any more: for one that stops its work only then, and not when its source fails. */
  leave?(reason: unknown): void;
  /** Whether it wants no more: the stream ends after these outputs, and its source is cancelled. */
  readonly done?: boolean;
}

/**
 * A transform that makes outputs only when they are asked for, however many there are in a chunk: a `TransformStream`
 * would make all of them at once, and drop those that nobody has read yet when its source fails. Here they come first, so
 * that what stands before a fault is delivered on every runtime, however the input is cut.
 *
 * @internal
 */
export class PullStream<In, Out> implements TransformStream<In, Out> {
  readonly readable: ReadableStream<Out>;
  readonly writable: WritableStream<In>;

  readonly #puller: Puller<In, Out>;
  readonly #reader: ReadableStreamDefaultReader<In>;
  #ended = false;
  /** Whether the puller has nothing more to give of the chunks that it got. */
  #idle = true;

  constructor(puller: Puller<In, Out>) {
    const input = new TransformStream<In, In>();
    const reader = input.readable.getReader();
    this.#puller = puller;
    this.#reader = reader;
    this.writable = input.writable;
    this.readable = new ReadableStream<Out>({
      start: (controller) => {
        reader.closed.catch((reason) => this.#fail(controller, reason));
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
        puller.leave?.(reason);
        return reader.cancel(reason);
      },
    }, { highWaterMark: 0 });
  }

  /** The source has failed. What it gave before is read first; then the next pull meets the failure. */
  #fail(
    controller: ReadableStreamDefaultController<Out>,
    reason: unknown,
  ): void {
    this.#puller.cancel?.(reason);
    const isRead = this.#idle && controller.desiredSize === 0;
    if (isRead || this.#puller.cancel) controller.error(reason);
  }

  async #pull(controller: ReadableStreamDefaultController<Out>): Promise<void> {
    const puller = this.#puller;
    for (;;) {
      const next = puller.next();
      const outputs = next instanceof Promise ? await next : next;
      if (outputs) { for (const output of outputs) controller.enqueue(output); }
      if (puller.done) return this.#stop(controller);
      if (outputs?.length) return;
      if (outputs) continue;
      if (this.#ended) return controller.close();
      this.#idle = true;
      const chunk = await this.#reader.read();
      this.#idle = false;
      this.#ended = chunk.done;
      if (chunk.done) puller.end();
      else puller.push(chunk.value);
    }
  }

  #stop(controller: ReadableStreamDefaultController<Out>): void {
    controller.close();
    const reason = new TypeError("Cannot write more: the stream has ended");
    this.#reader.cancel(reason).catch(() => {});
  }
}
