import { LimitError } from "../../src/errors.ts";
import type { Batch, Family } from "../../src/family.ts";
import type { LiveKind } from "../../src/live_kind.ts";
import type { Registry } from "../../src/registry.ts";
import type { Parts, Serialization } from "../../src/serialization.ts";
import { itemsOf, itemsOfStream } from "./_items.ts";
import { type Account, LiveWriter } from "./_live_registry.ts";
import type { Mux, Source } from "./_mux.ts";
import {
  type Content,
  type Found,
  type Host,
  itemsSource,
  promiseSource,
} from "./_sources.ts";
import { cancel, type Met, refuse, Spelling, waitForAll } from "./_spelling.ts";

/** What the speller is asked to keep to. */
export interface SpellerOptions {
  readonly registry: Registry;
  readonly family: Family;
  readonly maxStreams: number;
  readonly describe: (error: unknown) => unknown;
}

/** Together, so that a source which has a great deal to say does not fill memory, and neither do many. */
const GATHERED = 2 ** 18;
/** The most that one source gathers for a message. */
const SHARE = 2 ** 14;

/** Spells values, and keeps account of the live ones in them. */
export class Speller implements Account, Host {
  readonly #options: SpellerOptions;
  readonly #mux: Mux;
  readonly #registry: LiveWriter;
  /** Iterators that are being read: an iterable may give the same one twice. */
  readonly #iterators = new WeakSet<object>();
  #spelling: Spelling | undefined;
  #lastId = 0;

  constructor(mux: Mux, options: SpellerOptions) {
    this.#mux = mux;
    this.#options = options;
    this.#registry = new LiveWriter(options.registry, this);
  }

  get isWanted(): boolean {
    return this.#mux.isWanted;
  }

  get share(): number {
    return Math.min(SHARE, GATHERED / Math.max(1, this.#mux.size));
  }

  batch(): Batch {
    return this.#options.family.batch(this.#registry);
  }

  describe(error: unknown): unknown {
    return this.#options.describe(error);
  }

  drop({ opens }: Found, reason: unknown): void {
    for (const source of opens) this.#mux.drop(source, reason);
  }

  /**
   * Takes a value into a batch.
   *
   * @returns What is live in it, if anything is; a promise, if something has to be waited for first.
   */
  add(batch: Batch, value: unknown): Found | undefined | Promise<Found> {
    this.#spelling = undefined;
    try {
      batch.add(value);
    } catch (error) {
      const spelling = this.#take();
      if (spelling?.awaited.size) return this.#addLater(batch, value, spelling);
      if (spelling) refuse(spelling, error);
      throw error;
    }
    const spelling = this.#take();
    return spelling && this.#settle(spelling);
  }

  #take(): Spelling | undefined {
    const spelling = this.#spelling;
    this.#spelling = undefined;
    return spelling;
  }

  /** Waits for what has to be waited for, and whatever that brings to light, before the value is spelled for good. */
  async #addLater(
    batch: Batch,
    value: unknown,
    spelling: Spelling,
  ): Promise<Found> {
    try {
      while (spelling.awaited.size > 0) {
        await waitForAll(spelling);
        spelling.isTrial = true;
        this.#walk(spelling, this.batch(), value);
      }
      spelling.isTrial = false;
      this.#walk(spelling, batch, value);
      return this.#settle(spelling);
    } catch (error) {
      refuse(spelling, error);
      throw error;
    }
  }

  #walk(spelling: Spelling, batch: Batch, value: unknown): void {
    this.#spelling = spelling;
    try {
      batch.add(value);
    } finally {
      this.#spelling = undefined;
    }
  }

  /** The value is spelled: what it names, speaks from now on. */
  #settle({ met, named }: Spelling): Found {
    const opens: Source[] = [];
    const contents: Content[] = [];
    for (const live of met.values()) {
      const { id, opened } = live;
      if (!named.has(live)) cancel(live, new TypeError("It is not sent"));
      else if ("blob" in opened) contents.push({ id, blob: opened.blob });
      else {
        opens.push(
          "promise" in opened
            ? promiseSource(id, opened.promise, this)
            : itemsSource(id, opened.items, this),
        );
      }
    }
    for (const source of opens) this.#mux.add(source);
    return { opens, contents };
  }

  begin(): void {
    this.#spelling?.named.clear();
  }

  open(value: object, kind: LiveKind): unknown {
    const spelling = this.#spelling ??= new Spelling();
    let live = spelling.met.get(value);
    if (!live) {
      const { maxStreams } = this.#options;
      const size = this.#mux.size + spelling.met.size + 1;
      if (size > maxStreams) {
        throw new LimitError("live", "open streams", size, maxStreams);
      }
      live = this.#open(value, kind, ++this.#lastId);
      spelling.met.set(value, live);
    }
    spelling.named.add(live);
    return live.header;
  }

  #open(value: object, kind: LiveKind, id: number): Met {
    switch (kind) {
      case "Promise":
        return {
          id,
          header: id,
          opened: { promise: value as PromiseLike<unknown> },
        };
      case "AsyncIterable": {
        const items = itemsOf(
          this.#iteratorOf(value as AsyncIterable<unknown>),
        );
        return { id, header: id, opened: { items } };
      }
      case "ReadableStream": {
        const stream = value as ReadableStream;
        if (stream.locked) throw new TypeError("the stream is locked");
        const items = itemsOfStream(stream);
        const header = items.isBytes ? [id, "bytes"] : id;
        return { id, header, opened: { items } };
      }
      default: {
        const blob = value as Blob;
        const header = [blob.size && id, blob.size, blob.type];
        if (kind === "File") {
          const { name, lastModified } = value as File;
          return {
            id,
            header: [...header, name, lastModified],
            opened: { blob },
          };
        }
        return { id, header, opened: { blob } };
      }
    }
  }

  #iteratorOf(iterable: AsyncIterable<unknown>): AsyncIterator<unknown> {
    const iterator = iterable[Symbol.asyncIterator]();
    if (typeof iterator !== "object" || iterator === null) {
      throw new TypeError("its iterator is no object");
    }
    if (this.#iterators.has(iterator)) {
      throw new TypeError("its items are being sent already");
    }
    this.#iterators.add(iterator);
    return iterator;
  }

  wait(value: object, serialization: Serialization): Parts {
    const spelling = this.#spelling ??= new Spelling();
    const parts = spelling.parts.get(value);
    if (parts) return parts();
    spelling.awaited.set(value, serialization);
    if (spelling.isTrial) return {};
    throw new TypeError("it has to be waited for");
  }
}
