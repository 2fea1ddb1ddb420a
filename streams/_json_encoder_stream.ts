import { DEFAULT_MAX_DEPTH } from "../src/json/limits.ts";
import { ANY, spendPlain } from "../src/json/plain_json.ts";
import { commasBetween } from "../src/json/run.ts";
import {
  MAX_RECURSION,
  stringifierFor,
  type Stringify,
} from "../src/json/stringify.ts";
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

/** Values whose text is made at once; if they are not known to be plain, just one. */
interface Run {
  readonly values: readonly unknown[];
  readonly plain: boolean;
}

class TextGatherer implements Gatherer<Run, Bytes> {
  readonly #options: Required<Omit<JsonTextOptions, "maxValueBytes">>;
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
  /** Places in the text where there is a comma, and should be what stands between values. */
  #commas: number[] = [];
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
    this.#lead = before + prefix;
    this.#first = separator + prefix;
    this.#between = suffix + separator + prefix;
    this.#suffix = suffix;
    this.#after = frame.after;
  }

  get size(): number {
    return this.#text.length;
  }

  /** Values in runs, none much longer than what is wanted at a time. */
  runs(values: readonly unknown[]): Run[] {
    const { lossy, maxBytes, maxDepth } = this.#options;
    const depth = Math.min(maxDepth, MAX_RECURSION);
    const runs: Run[] = [];
    let start = 0;
    let space = maxBytes - this.size;
    for (let i = 0; i < values.length; i++) {
      const left = lossy ? -1 : spendPlain(values[i], ANY, depth);
      space -= ANY - left;
      if (left >= 0 && space > 0) continue;
      const end = left >= 0 ? i + 1 : i;
      if (end > start) {
        runs.push({ values: values.slice(start, end), plain: true });
      }
      if (left < 0) runs.push({ values: [values[i]], plain: false });
      start = i + 1;
      space = maxBytes;
    }
    if (start < values.length) {
      runs.push({ values: values.slice(start), plain: true });
    }
    return runs;
  }

  add({ values, plain }: Run): void {
    this.#text += this.#lead;
    this.#lead = this.#between;
    if (plain) this.#addPlain(values);
    else this.#text += this.#stringify(values[0], this.#index);
    this.#index += values.length;
  }

  #addPlain(values: readonly unknown[]): void {
    if (values.length === 1) {
      this.#text += JSON.stringify(values[0]);
      return;
    }
    const text = JSON.stringify(values).slice(1, -1);
    if (this.#between === ",") {
      this.#text += text;
      return;
    }
    const commas = this.#between.length === 1 && commasBetween(values, text);
    if (commas) {
      for (const at of commas) this.#commas.push(this.#text.length + at);
      this.#text += text;
    } else {
      const texts = values.map((value) => JSON.stringify(value));
      this.#text += texts.join(this.#between);
    }
  }

  take(): Bytes {
    const text = this.#text + this.#suffix;
    let bytes = encoder.encode(text);
    if (this.#commas.length > 0) {
      if (bytes.length === text.length) {
        // All ASCII: a place in the text is a place in the bytes.
        const between = this.#between.charCodeAt(0);
        for (const at of this.#commas) bytes[at] = between;
      } else bytes = encoder.encode(this.#withoutCommas(text));
    }
    this.#text = "";
    this.#commas = [];
    this.#lead = this.#first;
    return bytes;
  }

  #withoutCommas(text: string): string {
    let start = 0;
    let result = "";
    for (const at of this.#commas) {
      result += text.slice(start, at) + this.#between;
      start = at + 1;
    }
    return result + text.slice(start);
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
