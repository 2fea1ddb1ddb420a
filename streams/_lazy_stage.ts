import type { Stage } from "./stage.ts";

/**
 * A stage whose code is loaded when its first stream is read.
 *
 * @param name Its name.
 * @param load Loads it; called for every stream.
 */
export function lazyStage<In, Out>(
  name: string,
  load: () => Promise<Stage<In, Out>>,
): Stage<In, Out> {
  return {
    name,
    encoder: () => new LazyStream(async () => (await load()).encoder()),
    decoder: () => new LazyStream(async () => (await load()).decoder()),
  };
}

/** A stream that is made when somebody reads it: until then, it takes nothing. */
class LazyStream<In, Out> implements TransformStream<In, Out> {
  readonly readable: ReadableStream<Out>;
  readonly writable: WritableStream<In>;
  readonly #input: ReadableStream<In>;
  readonly #make: () => Promise<TransformStream<In, Out>>;
  #reader: ReadableStreamDefaultReader<Out> | undefined;

  constructor(make: () => Promise<TransformStream<In, Out>>) {
    const input = new TransformStream<In, In>();
    this.#make = make;
    this.#input = input.readable;
    this.writable = input.writable;
    this.readable = new ReadableStream<Out>({
      pull: (controller) => this.#pull(controller),
      cancel: (reason) => (this.#reader ?? this.#input).cancel(reason),
    }, { highWaterMark: 0 });
  }

  async #pull(controller: ReadableStreamDefaultController<Out>): Promise<void> {
    const reader = this.#reader ??= await this.#open(controller);
    const { done, value } = await reader.read();
    if (done) controller.close();
    else controller.enqueue(value);
  }

  async #open(
    controller: ReadableStreamDefaultController<Out>,
  ): Promise<ReadableStreamDefaultReader<Out>> {
    const stream = await this.#make().catch((error) => {
      // Whoever writes must hear of it; nobody waits for that.
      this.#input.cancel(error).catch(() => {});
      throw error;
    });
    const reader = this.#input.pipeThrough(stream).getReader();
    // A failure is heard of without being read.
    reader.closed.catch((reason) => controller.error(reason));
    return reader;
  }
}
