import type { Wait } from "../src/json/document_writer.ts";
import { SerializeError } from "../src/errors.ts";
import { pathOf } from "../src/tree/path.ts";
import type { Bytes } from "../src/types.ts";
import { type ItemSource, openItems } from "./_item_source.ts";
import type { Puller } from "./_pull_stream.ts";

/** What a text is written by, piece by piece. */
export interface PieceWriter {
  /** What the writer waits for; then `supply` comes next. */
  readonly waiting: Wait | undefined;
  /** How much can be taken. */
  readonly length: number;
  /** Writes on, until so much can be taken, or there is something to wait for, or nothing left. */
  fill(length: number): void;
  take(): Bytes;
  /** What was waited for: the value of a promise, or an item; or that there are no more items. */
  supply(result: IteratorResult<unknown>): void;
}

/** When a piece is sent on. */
export interface PieceOptions {
  /** Milliseconds after which what there is is sent on. */
  readonly maxDelay?: number | undefined;
  /** Bytes that are gathered. */
  readonly maxBytes?: number | undefined;
}

/** One value in, its text out, in pieces. */
export class DocumentPuller implements Puller<unknown, Bytes> {
  readonly #newWriter: (value: unknown) => PieceWriter;
  readonly #maxDelay: number;
  readonly #maxBytes: number;
  #writer: PieceWriter | undefined;
  #written = false;
  /** What gives items and is not at its end. */
  readonly #open = new Map<object, ItemSource>();
  #pending: Promise<IteratorResult<unknown>> | undefined;
  /** When what has been written has waited long enough. */
  #late: Timer | undefined;

  constructor(
    newWriter: (value: unknown) => PieceWriter,
    { maxDelay = 25, maxBytes = 64 << 10 }: PieceOptions = {},
  ) {
    this.#newWriter = newWriter;
    this.#maxDelay = maxDelay;
    this.#maxBytes = maxBytes;
  }

  push(value: unknown): void {
    if (this.#written) {
      throw new SerializeError("a JSON text holds one value, and had it", "$");
    }
    this.#written = true;
    this.#writer = this.#newWriter(value);
  }

  end(): void {
    if (!this.#written) {
      throw new SerializeError("there was none, and JSON text needs one", "$");
    }
  }

  next(): Bytes[] | undefined | Promise<Bytes[]> {
    const writer = this.#writer;
    if (!writer) return undefined;
    const maxBytes = this.#maxBytes;
    writer.fill(maxBytes);
    if (writer.length >= maxBytes) return this.#take(writer);
    if (writer.waiting) return this.#wait(writer, writer.waiting);
    this.#writer = undefined;
    return this.#take(writer);
  }

  cancel(reason: unknown): void {
    this.#writer = undefined;
    this.#late?.clear();
    for (const source of this.#open.values()) source.cancel(reason);
    this.#open.clear();
  }

  #take(writer: PieceWriter): Bytes[] {
    this.#late?.clear();
    this.#late = undefined;
    return [writer.take()];
  }

  /** Waits for a promise or an item; if that takes long, what has been written is sent on first. */
  async #wait(writer: PieceWriter, wait: Wait): Promise<Bytes[]> {
    const pending = this.#pending ??= this.#ask(wait);
    if (writer.length > 0) {
      // One timer for a whole piece: there may be thousands of items in it.
      this.#late ??= new Timer(this.#maxDelay);
      const late = await Promise.race([pending.then(never), this.#late.fired]);
      if (late) return this.#take(writer);
    }
    const result = await pending;
    this.#pending = undefined;
    if (result.done) this.#open.delete(wait.source);
    if (this.#writer) writer.supply(result);
    return [];
  }

  async #ask({ source, kind, step }: Wait): Promise<IteratorResult<unknown>> {
    if (kind === "promise") return { done: false, value: await source };
    let items = this.#open.get(source);
    if (!items) {
      items = openItems(source, pathOf(step));
      this.#open.set(source, items);
    }
    return await items.next();
  }
}

const never = () => false;

/** Fires once, after so many milliseconds. */
class Timer {
  readonly fired: Promise<boolean>;
  #id: ReturnType<typeof setTimeout> | undefined;

  constructor(delay: number) {
    this.fired = new Promise((resolve) => {
      this.#id = setTimeout(resolve, delay, true);
    });
  }

  clear(): void {
    clearTimeout(this.#id);
  }
}
