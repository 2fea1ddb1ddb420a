/** Python's `json.dumps` with Prefect's encoder, piece by piece. */
import { LimitError, SerializeError } from "../errors.ts";
import { asyncKindOf } from "../json/async_kind.ts";
import type { Wait } from "../json/document_writer.ts";
import { pathOf, type Step } from "../tree/path.ts";
import type { Bytes } from "../types.ts";
import { encodeFlat, type EncodeOptions, encodeTag } from "./encode.ts";
import { type Entries, entriesOf } from "./entries.ts";
import type { JsonFormat } from "./format.ts";
import { mistakenFor } from "./plain.ts";
import { notSerializable, Refused } from "./refused.ts";
import { type Runnable, runText } from "./run.ts";
import { scalarText, stringText } from "./scalar_text.ts";
import { TextRun } from "./text_run.ts";

/** So often an encoder may give something that needs an encoder. */
const MAX_ENCODED = 100;

/** What is done with values that JSON has no word for. */
export interface PythonWriting extends EncodeOptions {
  readonly format: JsonFormat;
  readonly maxDepth: number;
  /** An encoder of one's own; `null` for none; `undefined` for Prefect's. */
  readonly encoder: ((value: unknown) => unknown) | null | undefined;
  /** Whether what looks like a tag is only an object: nobody will read it as a tag. */
  readonly tagsAreData: boolean;
}

interface Frame extends Runnable {
  readonly awaited: boolean;
  /** Whether values in it have no tags. */
  readonly flat: boolean;
  readonly step: Step | undefined;
  written: number;
}

/** Writes one value, without recursion; it stops at what has to be waited for. */
export class PythonWriter {
  /** What the writer waits for; then `supply` comes next. */
  waiting: Wait | undefined;
  readonly #writing: PythonWriting;
  readonly #out: TextRun;
  /** Whether the runtime's own `JSON.stringify` can be used. */
  readonly #native: boolean;
  readonly #stack: Frame[] = [];
  readonly #open = new Set<object>();
  #itemEnd: string;

  constructor(value: unknown, writing: PythonWriting) {
    this.#writing = writing;
    const { itemSeparator: item, keySeparator: key, indent, sortKeys } =
      writing.format;
    const spaced = item === ", " && key === ": ";
    this.#native = indent === undefined && !sortKeys &&
      writing.format.ensureAscii && (spaced || (item === "," && key === ":"));
    this.#out = new TextRun(spaced, writing.format.ensureAscii);
    this.#itemEnd = item;
    this.#begin(value, undefined, false);
  }

  /** How many bytes can be taken. */
  get length(): number {
    return this.#out.length;
  }

  /** Writes on, until so much can be taken, or there is something to wait for, or nothing left. */
  fill(length: number): void {
    while (this.#out.length < length && !this.waiting) {
      const frame = this.#stack.at(-1);
      if (!frame) return;
      if (frame.awaited) {
        this.waiting = { source: frame.node, kind: "items", step: frame.step };
      } else if (!this.#run(frame, length)) this.#next(frame);
    }
  }

  take(): Bytes {
    return this.#out.take();
  }

  /** What was waited for: the value of a promise, or an item; or that there are no more items. */
  supply({ done, value }: { done?: boolean; value?: unknown }): void {
    const { kind, step: place } = this.waiting!;
    this.waiting = undefined;
    const frame = this.#stack.at(-1);
    if (kind === "promise") {
      return this.#begin(value, place, frame?.flat ?? false);
    }
    if (done) return this.#close();
    const step = { up: frame!.step, key: frame!.index++ };
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      const message = "a stream of bytes is not a stream of values";
      throw new SerializeError(message, pathOf(step));
    }
    this.#begin(value, step, frame!.flat);
  }

  #begin(value: unknown, step: Step | undefined, flat: boolean): void {
    try {
      for (let i = 0; i < MAX_ENCODED; i++) {
        const text = scalarText(value, this.#writing.format);
        if (text !== undefined) return this.#writeText(text, step);
        const node = value as object;
        if (Array.isArray(node)) {
          return this.#descend(node, undefined, step, flat);
        }
        const kind = asyncKindOf(node);
        if (kind === "promise") {
          this.waiting = { source: node, kind, step };
          return;
        }
        if (kind) return this.#descend(node, undefined, step, flat, true);
        const entries = entriesOf(node, flat, this.#writing);
        if (entries) return this.#beginObject(node, entries, step, flat);
        if (!flat) {
          const { encoder } = this.#writing;
          if (encoder === undefined) return this.#writeTag(node, step);
          if (encoder === null) throw new Refused(notSerializable(node));
          value = encoder(node);
        } else value = encodeFlat(node, this.#writing);
      }
      throw new Refused("Circular reference detected");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new SerializeError(error.message, pathOf(step));
    }
  }

  #writeTag(value: object, step: Step | undefined): void {
    const { tag, isPlain } = encodeTag(value, this.#writing);
    const keys = Object.keys(tag);
    this.#descend(value, { keys, values: Object.values(tag) }, step, !isPlain);
  }

  #beginObject(
    node: object,
    entries: Entries,
    step: Step | undefined,
    flat: boolean,
  ): void {
    const mistaken = this.#writing.tagsAreData || node instanceof Map
      ? undefined
      : mistakenFor(node, this.#writing.classes);
    if (mistaken !== undefined) {
      throw new Refused(
        `it has a key for which Prefect takes it for ${mistaken}`,
      );
    }
    this.#descend(node, entries, step, flat);
  }

  #writeText(text: string, step: Step | undefined): void {
    this.#before(step);
    this.#out.addText(text);
  }

  #descend(
    node: object,
    entries: Entries | undefined,
    step: Step | undefined,
    flat: boolean,
    awaited = false,
  ): void {
    if (this.#open.has(node)) throw new Refused("Circular reference detected");
    const { maxDepth } = this.#writing;
    if (this.#stack.length >= maxDepth) {
      const place = { path: pathOf(step) };
      throw new LimitError("json", "depth", maxDepth + 1, maxDepth, place);
    }
    this.#before(step);
    this.#out.add(entries ? "{" : "[");
    this.#open.add(node);
    this.#stack.push({
      node,
      entries,
      awaited,
      flat,
      step,
      index: 0,
      written: 0,
    });
  }

  #close(): void {
    const { node, entries, written } = this.#stack.pop()!;
    this.#open.delete(node);
    if (written > 0) this.#newLine();
    this.#out.add(entries ? "}" : "]");
  }

  /** What stands before the next item or member of the innermost frame. */
  #before(step: Step | undefined): void {
    const frame = this.#stack.at(-1);
    if (!frame) return;
    if (frame.written++ > 0) this.#out.add(this.#itemEnd);
    this.#newLine();
    if (!frame.entries) return;
    const { format } = this.#writing;
    this.#out.addText(stringText(String(step!.key), format));
    this.#out.add(format.keySeparator);
  }

  #newLine(): void {
    const { indent } = this.#writing.format;
    if (indent !== undefined) {
      this.#out.add("\n" + indent.repeat(this.#stack.length));
    }
  }

  /** Writes the next item or member by itself. */
  #next({ node, entries, flat, step: up, index }: Frame): void {
    const frame = this.#stack.at(-1)!;
    frame.index++;
    if (!entries) {
      const array = node as readonly unknown[];
      if (index === array.length) return this.#close();
      return this.#begin(array[index], { up, key: index }, flat);
    }
    const { keys, values } = entries;
    if (index === keys.length) return this.#close();
    const key = keys[index]!;
    const value = values
      ? values[index]
      : (node as Record<string, unknown>)[key];
    this.#begin(value, { up, key }, flat);
  }

  /** Hands items or members that are small and plain to `JSON.stringify`, together; false if the next is not that. */
  #run(frame: Frame, length: number): boolean {
    if (!this.#native) return false;
    const depth = this.#writing.maxDepth - this.#stack.length;
    const text = runText(frame, length - this.#out.length, depth);
    if (text === undefined) return false;
    if (frame.written++ > 0) this.#out.add(this.#itemEnd);
    this.#out.addRun(text, 1);
    return true;
  }
}
