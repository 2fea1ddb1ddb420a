/**
 * One value as one JSON text.
 *
 * @module
 */
import { DocumentParser } from "../src/json/document_parser.ts";
import { DocumentWriter, type Wait } from "../src/json/document_writer.ts";
import { SerializeError } from "../src/errors.ts";
import { pathOf } from "../src/tree/path.ts";
import type { Bytes } from "../src/types.ts";
import { type ItemSource, openItems } from "./_item_source.ts";
import { limitsOf, valuesStream } from "./_json_decoder_stream.ts";
import { DEFAULT_MAX_DEPTH } from "../src/json/limits.ts";
import { type Puller, PullStream } from "./_pull_stream.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode jsonDocument}. */
export interface JsonDocumentOptions {
  /** Arrays and objects within each other, both ways. @default {1_000} */
  readonly maxDepth?: number;
  /** Bytes of text that the decoder takes. @default {268_435_456} */
  readonly maxValueBytes?: number;
  /** Milliseconds after which the encoder sends on what it has, when it waits for something. @default {25} */
  readonly maxDelay?: number;
  /** Bytes that the encoder gathers before it sends them on. @default {65_536} */
  readonly maxBytes?: number;
  /** Write what `JSON.stringify` writes, instead of refusing what JSON does not bring back. @default {false} */
  readonly lossy?: boolean;
}

const NAME = "json";

/**
 * A stage between one value and its JSON text.
 *
 * The encoder writes the text piece by piece, as it is read, so that a huge value needs little memory besides itself. The
 * value may hold promises, which are awaited, and async iterables and `ReadableStream`s of values, which become arrays;
 * they are pulled no faster than the text is read, and let go of when the reader cancels. The decoder has to hold the
 * whole text; {@linkcode jsonArray} does not.
 *
 * @param options Limits, sizes, and whether to be lossy.
 * @returns A stage named `json`. Its decoder errors with {@linkcode FormatError}, {@linkcode TruncatedError} and
 * {@linkcode LimitError}; its encoder with {@linkcode SerializeError}, also at no value or more than one.
 *
 * @example
 * ```ts
 * import { jsonDocument } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * async function* rows() {
 *   yield { id: 1 };
 *   yield { id: 2 };
 * }
 * const { readable, writable } = jsonDocument().encoder();
 * const writer = writable.getWriter();
 * writer.write({ name: Promise.resolve("x"), rows: rows() });
 * writer.close();
 * equal(await new Response(readable).text(), '{"name":"x","rows":[{"id":1},{"id":2}]}');
 * ```
 */
export function jsonDocument(
  options: JsonDocumentOptions = {},
): Stage<unknown, Bytes> {
  const { maxValueBytes = 256 << 20 } = options;
  const limits = limitsOf({ ...options, maxValueBytes });
  return {
    name: NAME,
    encoder: () => new PullStream(new DocumentPuller(options)),
    decoder: () => valuesStream(new DocumentParser(NAME, limits)),
  };
}

const encoder = new TextEncoder();

class DocumentPuller implements Puller<unknown, Bytes> {
  readonly #options: Required<Omit<JsonDocumentOptions, "maxValueBytes">>;
  #writer: DocumentWriter | undefined;
  #written = false;
  /** What gives items and is not at its end. */
  readonly #open = new Map<object, ItemSource>();
  #pending: Promise<IteratorResult<unknown>> | undefined;
  /** When what has been written has waited long enough. */
  #late: Timer | undefined;

  constructor({
    maxDepth = DEFAULT_MAX_DEPTH,
    maxDelay = 25,
    maxBytes = 64 << 10,
    lossy = false,
  }: JsonDocumentOptions) {
    this.#options = { maxDepth, maxDelay, maxBytes, lossy };
  }

  push(value: unknown): void {
    if (this.#written) {
      throw new SerializeError("a JSON text holds one value, and had it", "$");
    }
    this.#written = true;
    this.#writer = new DocumentWriter(NAME, value, this.#options);
  }

  end(): void {
    if (!this.#written) {
      throw new SerializeError("there was none, and JSON text needs one", "$");
    }
  }

  next(): Bytes[] | undefined | Promise<Bytes[]> {
    const writer = this.#writer;
    if (!writer) return undefined;
    const { maxBytes } = this.#options;
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

  #take(writer: DocumentWriter): Bytes[] {
    this.#late?.clear();
    this.#late = undefined;
    return [encoder.encode(writer.take())];
  }

  /** Waits for a promise or an item; if that takes long, what has been written is sent on first. */
  async #wait(writer: DocumentWriter, wait: Wait): Promise<Bytes[]> {
    const pending = this.#pending ??= this.#ask(wait);
    if (writer.length > 0) {
      // One timer for a whole piece: there may be thousands of items in it.
      this.#late ??= new Timer(this.#options.maxDelay);
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
