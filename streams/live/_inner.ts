import { Fifo } from "./_fifo.ts";

/** What an inner end needs of the decoder that it belongs to. */
export interface Supply {
  /** Somebody waits for more of it; or no longer does. */
  wait(change: 1 | -1): void;
  /** Something is held for a reader. */
  hold(weight: number): void;
  /** Something that was held for a reader is held no more. */
  release(weight: number): void;
  /** Somebody has begun to read it. */
  begun(inner: Inner): void;
  /** Its reader wants no more. */
  cancelled(inner: Inner, reason: unknown): void;
}

/** Items that came together. */
export interface Load {
  readonly items: readonly unknown[];
  readonly weight: number;
  /** What is live in them. */
  readonly inners: readonly Inner[];
}

/** How it ended: with an error, or without; and with what it was kept or returned. */
export type End = { readonly error: unknown } | { readonly value: unknown };

/** The reader's end of something live in a value. */
export interface Inner {
  readonly id: number;
  /** The parts that may come for it. */
  readonly accepts: readonly string[];
  /** What stands in the value. */
  readonly value: unknown;
  push(load: Load): void;
  end(value?: unknown): void;
  fail(error: unknown): void;
  /** Nobody will ever read it. */
  drop(reason: unknown): void;
  /** What is held for it while nobody has begun to read it; 0 once somebody has. */
  readonly unread: number;
  /** Whether what comes for it is thrown away. */
  readonly isDropped: boolean;
}

/** A promise. It is settled as soon as it can be; it cannot know whether anyone waits for it. */
export class InnerPromise implements Inner {
  readonly accepts: readonly string[] = ["result", "error"];
  readonly unread = 0;
  readonly value: Promise<unknown>;
  isDropped = false;
  readonly #supply: Supply;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor(readonly id: number, supply: Supply) {
    this.#supply = supply;
    this.value = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may fail before anyone looks at it, and nobody may ever.
    this.value.catch(() => {});
    supply.wait(1);
  }

  push(): void {}

  end(value?: unknown): void {
    this.#settled();
    this.#resolve(value);
  }

  fail(error: unknown): void {
    this.#settled();
    this.#reject(error);
  }

  drop(reason: unknown): void {
    if (this.isDropped) return;
    this.fail(reason);
    this.#supply.cancelled(this, reason);
  }

  #settled(): void {
    if (this.isDropped) return;
    this.isDropped = true;
    this.#supply.wait(-1);
  }
}

/** Loads in a queue, and what comes after them. */
export abstract class InnerQueue implements Inner {
  abstract readonly accepts: readonly string[];
  abstract readonly value: unknown;
  isDropped = false;
  protected readonly supply: Supply;
  protected readonly loads: Fifo<Load> = new Fifo<Load>();
  protected ending: End | undefined;
  #held = 0;
  #isBegun = false;
  #isWaiting = false;

  constructor(readonly id: number, supply: Supply) {
    this.supply = supply;
  }

  get unread(): number {
    return this.#isBegun || this.isDropped ? 0 : this.#held;
  }

  /** Somebody reads it. */
  protected begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.supply.begun(this);
  }

  /** Gives what there is to whoever waits. */
  protected abstract give(): void;

  push(load: Load): void {
    this.loads.push(load);
    this.#held += load.weight;
    this.give();
  }

  end(value?: unknown): void {
    this.ending ??= { value };
    this.give();
  }

  fail(error: unknown): void {
    this.ending ??= { error };
    this.give();
  }

  drop(reason: unknown): void {
    if (this.isDropped) return;
    this.isDropped = true;
    this.waiting = false;
    for (const load of this.loads.drain()) this.discard(load, reason);
    this.ending ??= { error: reason };
    this.supply.cancelled(this, reason);
  }

  protected discard({ weight, inners }: Load, reason: unknown): void {
    for (const inner of inners) inner.drop(reason);
    this.supply.release(weight);
  }

  protected set waiting(isWaiting: boolean) {
    if (isWaiting === this.#isWaiting) return;
    this.#isWaiting = isWaiting;
    this.supply.wait(isWaiting ? 1 : -1);
  }

  protected get waiting(): boolean {
    return this.#isWaiting;
  }
}

/** A stream, of values or of bytes. */
export class InnerStream extends InnerQueue {
  override readonly accepts: readonly string[];
  override readonly value: ReadableStream;
  readonly #isBytes: boolean;
  #controller!:
    | ReadableStreamDefaultController<unknown>
    | ReadableByteStreamController;
  /** Of what was given out in one and may not have been read yet. */
  #weight = 0;

  constructor(id: number, supply: Supply, isBytes: boolean) {
    super(id, supply);
    this.#isBytes = isBytes;
    this.accepts = [isBytes ? "bytes" : "values", "end", "error"];
    const source = {
      start: (
        controller:
          | ReadableStreamDefaultController<unknown>
          | ReadableByteStreamController,
      ) => {
        this.#controller = controller;
      },
      pull: () => {
        this.begin();
        this.#read();
        this.waiting = true;
        this.give();
      },
      cancel: (reason: unknown) => {
        this.#read();
        this.drop(reason);
      },
    };
    this.value = isBytes
      ? new ReadableStream({ ...source, type: "bytes" } as UnderlyingByteSource)
      : new ReadableStream(source, { highWaterMark: 0 });
  }

  override get unread(): number {
    return this.value.locked ? 0 : super.unread;
  }

  override drop(reason: unknown): void {
    super.drop(reason);
    // Nothing happens if it was cancelled, which is the other way to come here.
    this.#controller.error(reason);
  }

  #read(): void {
    const weight = this.#weight;
    this.#weight = 0;
    if (weight > 0) this.supply.release(weight);
  }

  protected override give(): void {
    if (this.isDropped) return;
    const load = this.waiting ? this.loads.shift() : undefined;
    if (load) {
      this.waiting = false;
      this.#weight += load.weight;
      for (const item of load.items) this.#enqueue(item);
    } else if (this.ending && this.loads.length === 0) {
      this.#finish(this.ending);
    }
  }

  #enqueue(item: unknown): void {
    if (!this.#isBytes) return this.#controller.enqueue(item as Uint8Array);
    const bytes = item as Uint8Array<ArrayBuffer>;
    // A stream of bytes takes the memory away from whoever gives them, and a frame may be a part of more.
    if (bytes.length > 0) this.#controller.enqueue(bytes.slice());
  }

  #finish(end: End): void {
    const isFailed = "error" in end;
    // An error would take away what was given out and is still to be read.
    if (isFailed && !this.waiting && this.#controller.desiredSize! < 0) return;
    this.#read();
    this.waiting = false;
    this.isDropped = true;
    if (isFailed) return this.#controller.error(end.error);
    this.#controller.close();
    // A reader with memory of its own waits until it has it back.
    const { byobRequest } = this.#controller as ReadableByteStreamController;
    byobRequest?.respond(0);
  }
}
