import type { Batch } from "../../src/family.ts";
import type { Message } from "../../src/types.ts";
import { Mux } from "./_mux.ts";
import { contentsOf, ending, type Found } from "./_sources.ts";
import { Speller, type SpellerOptions } from "./_speller.ts";

/** When a message of values is sent. */
export interface EncoderOptions extends SpellerOptions {
  readonly maxBytes: number;
  readonly maxValues: number;
  /** In milliseconds. */
  readonly maxDelay: number;
}

/** Values to messages, and what is live in them to messages of its own. */
export class LiveEncoder<T> {
  readonly writable: WritableStream<T>;
  readonly #mux: Mux;
  readonly #speller: Speller;
  readonly #batch: Batch;
  readonly #options: EncoderOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EncoderOptions) {
    let controller!: WritableStreamDefaultController;
    this.#options = options;
    this.#mux = new Mux((reason) => {
      this.#rest();
      controller.error(reason);
    });
    this.#speller = new Speller(this.#mux, options);
    this.#batch = this.#speller.batch();
    this.writable = new WritableStream<T>({
      start: (writer) => {
        controller = writer;
        // `abort` below is not called while a write waits for the reader; the signal comes at once.
        const { signal } = writer;
        signal?.addEventListener("abort", () => this.#fail(signal.reason));
        return options.family.load?.()?.catch((error) => {
          this.#fail(error);
          throw error;
        });
      },
      write: (value) =>
        this.#mux.isWanted
          ? this.#write(value)
          : this.#mux.demand().then(() => this.#write(value)),
      close: () => this.#close(),
      abort: (reason) => this.#fail(reason),
    });
  }

  get readable(): ReadableStream<Message> {
    return this.#mux.readable;
  }

  /** The reader wants no more of one stream inside a value. */
  cancelSource(id: number, reason: unknown): void {
    this.#mux.cancel(id, reason, ending(id));
  }

  #write(value: T): void | Promise<void> {
    if (this.#mux.isOver) return;
    try {
      const found = this.#speller.add(this.#batch, value);
      if (!found) return this.#added();
      const sent = found instanceof Promise
        ? found.then((found) => this.#sendLive(found))
        : this.#sendLive(found);
      return sent.catch((error) => {
        this.#fail(error);
        throw error;
      });
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  /** Of plain values, many make a message. */
  #added(): void | Promise<void> {
    const { maxBytes, maxValues, maxDelay } = this.#options;
    const { size, count } = this.#batch;
    if (size >= maxBytes || count >= maxValues) return this.#send();
    this.#timer ??= setTimeout(() => void this.#send(), maxDelay);
  }

  /** A value with something live in it goes out at once, behind the contents that it names. */
  async #sendLive(found: Found): Promise<void> {
    this.#rest();
    for await (const outgoing of contentsOf(found, this.#speller)) {
      await this.#mux.send(outgoing);
      if (this.#mux.isOver) return;
    }
    await this.#send(found);
  }

  #send({ opens }: Pick<Found, "opens"> = { opens: [] }): Promise<void> {
    this.#rest();
    if (this.#mux.isOver || this.#batch.count === 0) return Promise.resolve();
    return this.#mux.send({ message: this.#batch.take(), opens });
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #close(): Promise<void> {
    await this.#send();
    await this.#mux.close();
  }

  #fail(reason: unknown): void {
    this.#rest();
    this.#mux.fail(reason);
  }
}
