import { type Puller, PullStream } from "./_pull_stream.ts";

/** What becomes of a chunk; the signal says that nobody reads any more. */
type Work<In, Out> = (chunk: In, signal: AbortSignal) => Promise<Out>;

/**
 * A chunk for each chunk, by work that takes its time. A `TransformStream` would end it, however long it takes, though its
 * reader has gone.
 */
export class WorkStream<In, Out> extends PullStream<In, Out> {
  constructor(work: Work<In, Out>) {
    super(new WorkPuller(work));
  }
}

class WorkPuller<In, Out> implements Puller<In, Out> {
  readonly #work: Work<In, Out>;
  #chunk: { readonly of: In } | undefined;
  readonly #stop = new AbortController();

  constructor(work: Work<In, Out>) {
    this.#work = work;
  }

  push(chunk: In): void {
    this.#chunk = { of: chunk };
  }

  end(): void {}

  next(): Promise<readonly Out[]> | undefined {
    if (!this.#chunk) return undefined;
    const { of } = this.#chunk;
    this.#chunk = undefined;
    return this.#work(of, this.#stop.signal).then((out) => [out]);
  }

  leave(reason: unknown): void {
    this.#chunk = undefined;
    this.#stop.abort(reason);
  }
}
