import { DEFAULT_MAX_DEPTH } from "../src/json/limits.ts";
import { stringifierFor, type Stringify } from "../src/json/stringify.ts";
import type { Bytes } from "../src/types.ts";
import { type Gatherer, GatherStream } from "./_gather_stream.ts";

/** Options of all stages between values and JSON text. */
export interface JsonTextOptions {
  /** Arrays and objects within each other, both ways. @default {1_000} */
  readonly maxDepth?: number;
  /** Bytes of JSON text of one value that the decoder takes. @default {67_108_864} */
  readonly maxValueBytes?: number;
  /** Milliseconds after which the encoder sends on what it has, however little. @default {25} */
  readonly maxDelay?: number;
  /** Bytes that the encoder gathers before it sends them on. @default {65_536} */
  readonly maxBytes?: number;
  /** Write what `JSON.stringify` writes, instead of refusing what JSON does not bring back. @default {false} */
  readonly lossy?: boolean;
}

/** What stands around and between the values. */
export interface TextFrame {
  readonly before?: string;
  readonly prefix?: string;
  readonly separator?: string;
  readonly suffix?: string;
  readonly after?: string;
}

const encoder = new TextEncoder();

class TextGatherer implements Gatherer<unknown, Bytes> {
  readonly #stringify: Stringify;
  readonly #before: string;
  readonly #between: string;
  readonly #suffix: string;
  readonly #after: string | undefined;
  /** What stands before the next value. */
  #lead: string;
  /** What stands before the first value of a piece, but for the very first. */
  readonly #first: string;
  #text = "";
  #index = 0;

  constructor(stringify: Stringify, frame: TextFrame) {
    const { before = "", prefix = "", separator = "", suffix = "" } = frame;
    this.#stringify = stringify;
    this.#before = before;
    this.#lead = before + prefix;
    this.#first = separator + prefix;
    this.#between = suffix + separator + prefix;
    this.#suffix = suffix;
    this.#after = frame.after;
  }

  get size(): number {
    return this.#text.length;
  }

  add(value: unknown): void {
    this.#text += this.#lead + this.#stringify(value, this.#index++);
    this.#lead = this.#between;
  }

  take(): Bytes {
    const bytes = encoder.encode(this.#text + this.#suffix);
    this.#text = "";
    this.#lead = this.#first;
    return bytes;
  }

  end(): Bytes | undefined {
    if (this.#after === undefined) return undefined;
    const before = this.#index === 0 ? this.#before : "";
    return encoder.encode(before + this.#after);
  }
}

/** Values in, pieces of text out. */
export function textStream<In>(
  stage: string,
  valuesOf: (chunk: In) => Iterable<unknown>,
  frame: TextFrame,
  options: JsonTextOptions,
): TransformStream<In, Bytes> {
  const {
    maxDepth = DEFAULT_MAX_DEPTH,
    maxBytes = 64 << 10,
    maxDelay = 25,
    lossy = false,
  } = options;
  const stringify = stringifierFor(stage, { maxDepth, lossy });
  const gatherer = new TextGatherer(stringify, frame);
  return new GatherStream(gatherer, valuesOf, { maxBytes, maxDelay });
}
