import { DEFAULT_MAX_DEPTH } from "../src/json/limits.ts";
import { ANY, spendPlain } from "../src/json/plain_json.ts";
import { RunEncoder } from "../src/json/run.ts";
import {
  MAX_RECURSION,
  stringifierFor,
  type Stringify,
} from "../src/json/stringify.ts";
import { concat } from "../src/bytes.ts";
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
/** Plain values that are written together; or one that may not be plain. */
interface Run {
  readonly values: readonly unknown[];
  readonly plain: boolean;
  /** Whether there is enough of it to go on as a piece of its own. */
  readonly long: boolean;
}

class TextGatherer implements Gatherer<Run, Bytes> {
  readonly #options: Required<Omit<JsonTextOptions, "maxValueBytes">>;
  readonly #stringify: Stringify;
  readonly #before: string;
  readonly #suffix: string;
  readonly #after: string | undefined;
  /** What stands before the next value, and before all but the first. */
  #head: string;
  readonly #nextHead: string;
  #text = "";
  /** What comes after the text: a run that is bytes already. */
  #run: Bytes | undefined;
  readonly #runs = new RunEncoder();
  #index = 0;
  constructor(
    stage: string,
    frame: TextFrame,
    options: Required<Omit<JsonTextOptions, "maxValueBytes">>,
  ) {
    const { before = "", prefix = "", separator = "", suffix = "" } = frame;
    this.#options = options;
    this.#stringify = stringifierFor(stage, options);
    this.#before = before;
    this.#head = before + prefix;
    this.#nextHead = separator + prefix;
    this.#suffix = suffix;
    this.#after = frame.after;
  }

  get size(): number {
    // With a run, enough: it goes on as it is, uncopied.
    return this.#run ? Infinity : this.#text.length;
  }

  /** Values in runs, none much longer than what is wanted at a time. */
  runs(values: readonly unknown[]): Run[] {
    const { lossy, maxBytes, maxDepth } = this.#options;
    const depth = Math.min(maxDepth, MAX_RECURSION);
    const runs: Run[] = [];
    let start = 0;
    let length = 0;
    const end = (at: number) => {
      const long = 4 * length >= maxBytes;
      const run = values.slice(start, at);
      if (at > start) runs.push({ values: run, plain: true, long });
      start = at;
      length = 0;
    };
    for (let i = 0; i < values.length; i++) {
      const left = lossy ? -1 : spendPlain(values[i], ANY, depth);
      if (left >= 0) {
        length += ANY - left;
        if (length >= maxBytes) end(i + 1);
      } else {
        end(i);
        start = i + 1;
        runs.push({ values: [values[i]], plain: false, long: false });
      }
    }
    end(values.length);
    return runs;
  }

  add({ values, plain, long }: Run): void {
    if (!long || !this.#addRun(values)) {
      for (const value of values) {
        const text = plain
          ? JSON.stringify(value)
          : this.#stringify(value, this.#index);
        this.#text += this.#head + text + this.#suffix;
        this.#head = this.#nextHead;
      }
    }
    this.#index += values.length;
  }

  /** Adds a run of plain values, if what stands around and between them is no longer than the brackets and commas of an array. */
  #addRun(values: readonly unknown[]): boolean {
    const head = this.#head;
    const suffix = this.#suffix;
    const between = suffix + this.#nextHead;
    if (between.length !== 1 || head.length > 1) return false;
    const bytes = this.#runs.encode(values, between);
    if (!bytes) return false;
    bytes[0] = head.charCodeAt(0);
    bytes[bytes.length - 1] = suffix.charCodeAt(0);
    this.#run = bytes.subarray(
      1 - head.length,
      bytes.length - 1 + suffix.length,
    );
    this.#head = this.#nextHead;
    return true;
  }

  take(): Bytes {
    const parts: Bytes[] = [];
    if (this.#text !== "") parts.push(encoder.encode(this.#text));
    if (this.#run) parts.push(this.#run);
    this.#text = "";
    this.#run = undefined;
    return concat(parts);
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
  valuesOf: (chunk: In) => readonly unknown[],
  frame: TextFrame,
  options: JsonTextOptions,
): TransformStream<In, Bytes> {
  const {
    maxDepth = DEFAULT_MAX_DEPTH,
    maxBytes = 64 << 10,
    maxDelay = 25,
    lossy = false,
  } = options;
  const all = { maxDepth, maxBytes, maxDelay, lossy };
  const gatherer = new TextGatherer(stage, frame, all);
  return new GatherStream(
    gatherer,
    (chunk) => gatherer.runs(valuesOf(chunk)),
    { maxBytes, maxDelay },
  );
}
