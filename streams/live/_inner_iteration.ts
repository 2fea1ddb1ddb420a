import { Fifo } from "./_fifo.ts";
import { type End, InnerQueue, type Load, type Supply } from "./_inner.ts";

type Result = IteratorResult<unknown>;

interface Read {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** An iteration, which can be read just once. */
export class InnerIteration extends InnerQueue {
  override readonly accepts: readonly string[] = [
    "values",
    "result",
    "end",
    "error",
  ];
  override readonly value: Iteration;
  readonly #reads = new Fifo<Read>();
  #load: Load | undefined;
  #next = 0;

  constructor(id: number, supply: Supply) {
    super(id, supply);
    this.value = new Iteration(this);
  }

  read(): Promise<Result> {
    this.begin();
    return new Promise((resolve, reject) => {
      this.#reads.push({ resolve, reject });
      this.give();
    });
  }

  /** The reader has enough. */
  close(reason: unknown): void {
    if (!this.isDropped) {
      if (this.#load) this.discard(this.#load, reason);
      this.#load = undefined;
      this.drop(reason);
    }
    this.ending = { value: undefined };
    this.give();
  }

  protected override give(): void {
    while (this.#reads.length > 0) {
      this.#load ??= this.loads.shift();
      if (this.#load) this.#giveOne(this.#load);
      else if (this.ending) this.#finish(this.ending);
      else break;
    }
    this.waiting = this.#reads.length > 0;
  }

  #giveOne(load: Load): void {
    const value = load.items[this.#next++];
    if (this.#next === load.items.length) {
      this.#load = undefined;
      this.#next = 0;
      this.supply.release(load.weight);
    }
    this.#reads.shift()!.resolve({ done: false, value });
  }

  /** The first to ask gets the end; all others, that there is nothing. */
  #finish(end: End): void {
    this.ending = { value: undefined };
    this.isDropped = true;
    const { resolve, reject } = this.#reads.shift()!;
    if ("error" in end) reject(end.error);
    else resolve({ done: true, value: end.value });
  }
}

/** What stands in the value: like an async generator, to whoever reads it. */
class Iteration {
  readonly #inner: InnerIteration;

  constructor(inner: InnerIteration) {
    this.#inner = inner;
  }

  next(): Promise<Result> {
    return this.#inner.read();
  }

  return(value?: unknown): Promise<Result> {
    this.#inner.close(undefined);
    return Promise.resolve(value).then((value) => ({ done: true, value }));
  }

  throw(error: unknown): Promise<Result> {
    this.#inner.close(error);
    return Promise.reject(error);
  }
}

/** What all async generators inherit from: it makes them iterable, and disposable where there is such a thing. */
const ASYNC_ITERATOR: object = Object.getPrototypeOf(
  Object.getPrototypeOf((async function* () {}).prototype),
);
Object.setPrototypeOf(Iteration.prototype, ASYNC_ITERATOR);
