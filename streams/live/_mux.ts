import type { Message } from "../../src/types.ts";
import { Fifo } from "./_fifo.ts";

/** A message, and the sources that may speak when it has gone out, because it names them. */
export interface Outgoing {
  readonly message: Message;
  readonly opens: readonly Source[];
}

/** Something inside a value that has messages of its own to send. */
export interface Source {
  readonly id: number;
  /** Its messages, the last of which says that it is the last. */
  readonly outgoing: AsyncIterator<Outgoing, void>;
  /** Nobody wants more of it. */
  cancel(reason: unknown): void;
}

interface Ready {
  readonly outgoing: Outgoing;
  /** Whose it is; nobody's, if it is one of values. */
  readonly source?: Source;
  /** Called when the reader has it, or wants no more. */
  readonly taken?: () => void;
}

/** How often sources are asked before everything else has its turn. */
const ROUNDS = 64;

/**
 * Many sources and the values themselves into one stream of messages. A source is asked for its next message only when the
 * reader wants one, and never for two at once. They take turns, and values like any source: a message waits for no more
 * than one of each source, and values do not come faster than what is live in them can follow.
 */
export class Mux {
  readonly readable: ReadableStream<Message>;
  #controller!: ReadableStreamDefaultController<Message>;
  readonly #onCancel: (reason: unknown) => void;
  readonly #ready = new Fifo<Ready>();
  /** All that are not over, whether they may speak already or not. */
  readonly #open = new Map<number, Source>();
  /** Those that may be asked when the reader wants something. */
  #asleep: Source[] = [];
  /** How many messages of values wait for their turn. */
  #values = 0;
  #isWanted = false;
  #isEmitting = false;
  #demand: (() => void)[] = [];
  #closed: (() => void) | undefined;
  #isOver = false;
  /** How often sources were asked since the last rest. */
  #rounds = 0;
  #isResting = false;

  /** @param onCancel The reader wants no more; the sources have been told already. */
  constructor(onCancel: (reason: unknown) => void) {
    this.#onCancel = onCancel;
    this.readable = new ReadableStream<Message>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => {
        this.#isWanted = true;
        // Values wait as well, or they would be ahead of what is live in them.
        if (!this.#isResting) this.#resume();
        this.#emit();
      },
      cancel: (reason) => {
        this.#stop(reason);
        this.#onCancel(reason);
      },
    }, { highWaterMark: 0 });
  }

  /** Whether the reader waits for a message. */
  get isWanted(): boolean {
    return this.#isWanted && !this.#isResting;
  }

  /** Whether nothing can be sent any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** How many sources are not over. */
  get size(): number {
    return this.#open.size;
  }

  /** When the reader next wants something, or no more. */
  demand(): Promise<void> {
    return new Promise((resolve) => this.#demand.push(resolve));
  }

  /** A message of values; settles when the reader has taken it, or wants no more. */
  send(outgoing: Outgoing): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((taken) => {
      this.#values++;
      this.#ready.push({
        outgoing,
        taken: () => {
          this.#values--;
          taken();
        },
      });
      this.#emit();
    });
  }

  /** Takes a source in. It is asked when the message that opens it has gone out. */
  add(source: Source): void {
    if (this.#isOver) return source.cancel(this.#reason);
    this.#open.set(source.id, source);
  }

  /** Ends a source, before it does so itself. */
  cancel(id: number, reason: unknown, last: Outgoing): void {
    const source = this.#open.get(id);
    if (!source) return;
    source.cancel(reason);
    const over: Source = {
      id,
      outgoing: {
        next: () => Promise.resolve({ done: true, value: undefined }),
      },
      cancel() {},
    };
    // Until the reader has been told, it is not over.
    this.#open.set(id, over);
    this.#ready.push({ source: over, outgoing: last });
    this.#emit();
  }

  /** Takes a source out, of which nothing will be sent. */
  drop(source: Source, reason: unknown): void {
    if (this.#open.delete(source.id)) source.cancel(reason);
  }

  /** No more values come; settles when all sources are over too. */
  close(): Promise<void> {
    return new Promise((closed) => {
      this.#closed = closed;
      this.#closeIfDone();
    });
  }

  /** The writer failed: so does the reader, and all sources are told. */
  fail(reason: unknown): void {
    if (this.#isOver) return;
    this.#controller.error(reason);
    this.#stop(reason);
  }

  #reason: unknown;

  #stop(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reason = reason;
    this.#asleep = [];
    for (const source of this.#open.values()) source.cancel(reason);
    this.#open.clear();
    for (const { taken } of this.#ready.drain()) taken?.();
    this.#resume();
    this.#closed?.();
  }

  #resume(): void {
    for (const resume of this.#demand.splice(0)) resume();
  }

  #emit(): void {
    // To give a message may be to be asked for the next one.
    if (this.#isEmitting || this.#isOver) return;
    this.#isEmitting = true;
    for (let next; this.#isWanted && (next = this.#next());) {
      this.#isWanted = false;
      for (const source of next.opens) {
        if (this.#open.get(source.id) === source) this.#asleep.push(source);
      }
      this.#controller.enqueue(next.message);
    }
    this.#isEmitting = false;
    if (this.#isWanted) this.#askAll();
    this.#closeIfDone();
  }

  #next(): Outgoing | undefined {
    for (let next; (next = this.#ready.shift());) {
      const { source, outgoing, taken } = next;
      taken?.();
      if (!source) return outgoing;
      if (this.#open.get(source.id) === source) {
        this.#asleep.push(source);
        return outgoing;
      }
      // It was cancelled after this was made.
      for (const inner of outgoing.opens) this.drop(inner, this.#reason);
    }
    return undefined;
  }

  #askAll(): void {
    if (this.#asleep.length === 0 || this.#isResting) return;
    if (++this.#rounds > ROUNDS) return this.#rest();
    const asleep = this.#asleep;
    this.#asleep = [];
    for (const source of asleep) {
      if (this.#open.get(source.id) === source) this.#ask(source);
    }
  }

  /** Sources that never wait would keep timers and sockets from being heard, and with them all other sources. */
  #rest(): void {
    this.#isResting = true;
    setTimeout(() => {
      this.#isResting = false;
      this.#rounds = 0;
      if (!this.#isWanted) return;
      this.#resume();
      this.#askAll();
    }, 0);
  }

  #ask(source: Source): void {
    source.outgoing.next().then(({ done, value }) => {
      const isOpen = this.#open.get(source.id) === source;
      if (done) {
        if (isOpen) this.#open.delete(source.id);
      } else if (isOpen) this.#ready.push({ source, outgoing: value });
      else for (const inner of value.opens) this.drop(inner, this.#reason);
      this.#emit();
    }, (error) => this.fail(error));
  }

  #closeIfDone(): void {
    if (!this.#closed || this.#isOver) return;
    if (this.#open.size > 0 || this.#values > 0) return;
    this.#isOver = true;
    this.#controller.close();
    this.#closed();
  }
}
