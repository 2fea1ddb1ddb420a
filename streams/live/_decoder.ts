import { FormatError, TruncatedError } from "../../src/errors.ts";
import type { Registry } from "../../src/registry.ts";
import type { Message } from "../../src/types.ts";
import { isPart } from "../../src/wire/parts.ts";
import { Fifo } from "./_fifo.ts";
import type { Inner, Supply } from "./_inner.ts";
import { Inners, STAGE } from "./_inners.ts";

/** What the decoder is asked to keep to. */
export interface DecoderOptions {
  readonly registry: Registry;
  readonly maxDepth: number | undefined;
  readonly window: number;
  readonly maxWait: number;
  readonly maxStreams: number;
  readonly maxBlobBytes: number;
  readonly onCancel: (id: number, reason: unknown) => void;
}

/** Values that came together. */
interface Batch<T> {
  readonly values: readonly T[];
  readonly weight: number;
}

/** What a message without frames weighs, too: nothing is for free. */
const MESSAGE = 64;

/**
 * Messages to values, and to what is live in them. Messages are read while anyone waits for something: for a value, for more
 * of a stream, or a promise to be settled; and as long as what nobody has read yet weighs less than the window.
 */
export class LiveDecoder<T> implements Supply {
  readonly readable: ReadableStream<T>;
  readonly writable: WritableStream<Message>;
  readonly #options: DecoderOptions;
  readonly #reader: ReadableStreamDefaultReader<Message>;
  readonly #inners: Inners;
  readonly #values = new Fifo<Batch<T>>();
  #controller!: ReadableStreamDefaultController<T>;
  /** How many wait for something inside a value. */
  #waiting = 0;
  /** Whether a value is waited for. */
  #isAsked = false;
  /** What has come and was not read. */
  #held = 0;
  /** Of it, what was given out in one with the last value that was read. */
  #given = 0;
  #isPumping = false;
  /** Runs while the window is full and somebody waits. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Set when nothing more comes. */
  #ending: { readonly error?: unknown } | undefined;

  constructor(options: DecoderOptions) {
    const input = new TransformStream<Message, Message>();
    this.#options = options;
    this.#inners = new Inners(this, options);
    this.#reader = input.readable.getReader();
    this.writable = input.writable;
    this.readable = new ReadableStream<T>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#pull(),
      cancel: (reason) => {
        for (const _ of this.#values.drain());
        this.#end({ error: reason });
        return this.#reader.cancel(reason);
      },
    }, { highWaterMark: 0 });
    this.#reader.closed.catch((error) => this.#end({ error }));
  }

  wait(change: 1 | -1): void {
    this.#waiting += change;
    if (change > 0) this.#pump();
  }

  hold(weight: number): void {
    this.#held += weight;
  }

  release(weight: number): void {
    this.#held -= weight;
    this.#rest();
    this.#pump();
  }

  begun(inner: Inner): void {
    this.#inners.begun(inner);
  }

  cancelled(inner: Inner, reason: unknown): void {
    this.#inners.begun(inner);
    if (this.#inners.has(inner) && !this.#ending) {
      this.#options.onCancel(inner.id, reason);
    }
  }

  #pull(): void {
    const given = this.#given;
    this.#given = 0;
    this.#isAsked = true;
    this.#give();
    this.release(given);
  }

  /** Gives out what there is, if a value is waited for. */
  #give(): void {
    if (!this.#isAsked) return;
    const batch = this.#values.shift();
    if (batch) {
      this.#isAsked = false;
      this.#given += batch.weight;
      for (const value of batch.values) this.#controller.enqueue(value);
    } else if (this.#ending) this.#finish(this.#ending);
  }

  #finish(ending: { readonly error?: unknown }): void {
    this.#isAsked = false;
    if ("error" in ending) this.#controller.error(ending.error);
    else this.#controller.close();
  }

  get #isWanted(): boolean {
    return this.#isAsked || this.#waiting > 0;
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (
        !this.#ending && this.#isWanted && this.#held < this.#options.window
      ) {
        const { done, value } = await this.#reader.read();
        if (this.#ending) break;
        if (done) {
          this.#over();
          break;
        }
        const loading = this.#options.registry.load(value);
        if (loading) await loading;
        if (this.#ending) break;
        this.#accept(value);
      }
    } catch (error) {
      // Whoever writes must hear of it; nobody waits for that.
      this.#reader.cancel(error).catch(() => {});
      this.#end({ error });
    }
    this.#isPumping = false;
    this.#watch();
  }

  /** If nothing is read for long while the window is full, what nobody has begun to read must not hold up the rest for ever. */
  #watch(): void {
    const { window, maxWait } = this.#options;
    const isStuck = !this.#ending && this.#isWanted && this.#held >= window;
    if (!isStuck || maxWait === Infinity) return;
    this.#timer ??= setTimeout(() => {
      this.#rest();
      if (this.#isWanted) this.#inners.giveUp(window);
    }, maxWait);
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #accept(message: Message): void {
    const { header, frames } = message;
    let weight = MESSAGE;
    for (const frame of frames) weight += frame.length;
    if (isPart(header)) return this.#inners.accept(message, weight);
    const { values } = this.#inners.valuesOf(message);
    if (values.length === 0) return;
    this.#held += weight;
    this.#values.push({ values: values as readonly T[], weight });
    this.#give();
  }

  /** The input is at its end. */
  #over(): void {
    const { unfinished } = this.#inners;
    if (unfinished) throw new TruncatedError(STAGE, unfinished);
    const { unnamed } = this.#inners;
    if (unnamed) throw new FormatError(STAGE, unnamed);
    this.#end({});
  }

  #end(ending: { readonly error?: unknown }): void {
    if (this.#ending) return;
    this.#ending = ending;
    this.#rest();
    if ("error" in ending) this.#inners.fail(ending.error);
    // What was given out is read first: an error would take it away.
    const isRead = this.#controller.desiredSize === 0;
    if (this.#values.length === 0 && isRead) this.#isAsked = true;
    this.#give();
  }
}
