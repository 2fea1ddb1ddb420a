/** Collects values until they make a piece worth sending on. */
export interface Gatherer<T, Out> {
  /** What has to be there before the first value. */
  load?(): Promise<void> | undefined;
  /** How much stands collected, in bytes or close to it; 0 if nothing does. */
  readonly size: number;
  add(value: T): void;
  /** What stands collected; called only if `size` is not 0. */
  take(): Out;
  /** What belongs after the last piece, if anything. */
  end?(): Out | undefined;
}

/** When a collected piece is sent on. */
export interface GatherOptions {
  /** As soon as it has this many bytes. */
  readonly maxBytes: number;
  /** After this many milliseconds, however small it is, so that a slow source is not held back. */
  readonly maxDelay: number;
}

/**
 * The values of all chunks through a gatherer. `valuesOf` says which values a chunk holds: one, or a whole batch, which
 * saves a hop for each value. When the source fails, or a value is refused, what stands collected goes out first.
 *
 * @internal
 */
export class GatherStream<In, T, Out> implements TransformStream<In, Out> {
  readonly readable: ReadableStream<Out>;
  readonly writable: WritableStream<In>;

  readonly #gatherer: Gatherer<T, Out>;
  readonly #valuesOf: (chunk: In) => Iterable<T>;
  readonly #options: GatherOptions;
  readonly #reader: ReadableStreamDefaultReader<In>;
  /** What is left of the last chunk. */
  #values: Iterator<T> | undefined;
  #loaded = false;
  #ended = false;
  #pulling = false;
  /** Whether what stands collected should be gone. */
  #late = false;
  #failure: { readonly error: unknown } | undefined;
  /** When what stands collected goes out; 0 if nothing does. */
  #deadline = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    gatherer: Gatherer<T, Out>,
    valuesOf: (chunk: In) => Iterable<T>,
    options: GatherOptions,
  ) {
    const input = new TransformStream<In, In>();
    const reader = input.readable.getReader();
    this.#gatherer = gatherer;
    this.#valuesOf = valuesOf;
    this.#options = options;
    this.#reader = reader;
    this.writable = input.writable;
    this.readable = new ReadableStream<Out>({
      start: (controller) => {
        reader.closed.catch((reason) => {
          // Else the next pull meets it, after what stands collected.
          if (!this.#pulling && this.#deadline === 0 && !this.#values) {
            controller.error(reason);
          }
        });
      },
      pull: async (controller) => {
        this.#pulling = true;
        try {
          await this.#pull(controller);
        } catch (error) {
          this.#rest();
          // Whoever writes must hear of it; nobody waits for that.
          reader.cancel(error).catch(() => {});
          throw error;
        } finally {
          this.#pulling = false;
        }
      },
      cancel: (reason) => {
        this.#rest();
        return reader.cancel(reason);
      },
    }, { highWaterMark: 0 });
  }

  async #pull(controller: ReadableStreamDefaultController<Out>): Promise<void> {
    if (!this.#loaded) await this.#gatherer.load?.();
    this.#loaded = true;
    for (;;) {
      if (this.#fill(controller) || this.#late) {
        return controller.enqueue(this.#take());
      }
      if (this.#failure) throw this.#failure.error;
      if (this.#ended) return this.#finish(controller);
      try {
        const chunk = await this.#reader.read();
        if (chunk.done) this.#ended = true;
        else this.#values = this.#valuesOf(chunk.value)[Symbol.iterator]();
      } catch (error) {
        if (this.#deadline === 0) throw error;
        this.#failure = { error };
        return controller.enqueue(this.#take());
      }
    }
  }

  /** Collects what is left of the last chunk; whether there is enough to send on. */
  #fill(controller: ReadableStreamDefaultController<Out>): boolean {
    const gatherer = this.#gatherer;
    try {
      while (this.#values) {
        const { done, value } = this.#values.next();
        if (done) this.#values = undefined;
        else gatherer.add(value);
        if (gatherer.size >= this.#options.maxBytes) return true;
      }
    } catch (error) {
      this.#values = undefined;
      this.#failure = { error };
      return gatherer.size > 0;
    }
    if (this.#deadline === 0 && gatherer.size > 0) {
      this.#deadline = performance.now() + this.#options.maxDelay;
      this.#timer ??= setTimeout(
        () => this.#tick(controller),
        this.#options.maxDelay,
      );
    }
    return false;
  }

  #take(): Out {
    this.#deadline = 0;
    this.#late = false;
    return this.#gatherer.take();
  }

  #finish(controller: ReadableStreamDefaultController<Out>): void {
    this.#rest();
    if (this.#gatherer.size > 0) controller.enqueue(this.#take());
    const end = this.#gatherer.end?.();
    if (end !== undefined) controller.enqueue(end);
    controller.close();
  }

  /** One timer for all: what was collected when it was set may be long gone. */
  #tick(controller: ReadableStreamDefaultController<Out>): void {
    this.#timer = undefined;
    if (this.#deadline === 0) return;
    const left = this.#deadline - performance.now();
    if (left > 0) {
      this.#timer = setTimeout(() => this.#tick(controller), left);
    } else if (this.#pulling) {
      // For the pull that waits for a chunk. It goes on, and is one message ahead of its reader at most.
      controller.enqueue(this.#take());
    } else this.#late = true;
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** A chunk that is one value. */
export function one<T>(value: T): readonly T[] {
  return [value];
}

/** A chunk that is a batch of values. */
export function many<T>(batch: readonly T[]): readonly T[] {
  return batch;
}
