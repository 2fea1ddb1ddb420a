import { LimitError, SerializeError } from "../errors.ts";
import { pathOf, type Step } from "../tree/path.ts";
import { setKey } from "../tree/tags.ts";
import { asyncKindOf } from "./async_kind.ts";
import { refusalOf } from "./refuse.ts";
import { spendPlain } from "./plain_json.ts";
import { hasToJSON, type Spend, spendLossily } from "./small.ts";
import type { StringifyOptions } from "./stringify.ts";

/** A child with more text than this is taken apart; children with less are handed on together. */
const SMALL = 4096;
const MAX_SPEND_DEPTH = 500;

/** An array or object that is open in the text; or something that gives the items of an array, one after the other. */
interface Frame {
  readonly node: object;
  /** The names of an object. */
  readonly keys: readonly string[] | undefined;
  readonly awaited: boolean;
  readonly step: Step | undefined;
  /** Items looked at. */
  index: number;
  /** Items written. */
  written: number;
}

/** What the writer cannot go on without. */
export interface Wait {
  /** A promise, or what gives items. */
  readonly source: object;
  readonly kind: "promise" | "items";
  /** Where it is. */
  readonly step: Step | undefined;
}

/**
 * Writes one value as JSON text, in pieces, without recursion. It stops at what has to be waited for, and goes on when it
 * has been supplied.
 */
export class DocumentWriter {
  /** What the writer waits for; then `supply` comes next. */
  waiting: Wait | undefined;
  readonly #stage: string;
  readonly #options: StringifyOptions;
  readonly #spend: Spend;
  readonly #stack: Frame[] = [];
  readonly #open = new Set<object>();
  #text = "";

  constructor(stage: string, value: unknown, options: StringifyOptions) {
    this.#stage = stage;
    this.#options = options;
    this.#spend = options.lossy ? spendLossily : spendPlain;
    this.#begin(value, undefined);
  }

  /** Whether all text has been written and taken. */
  get done(): boolean {
    return this.#stack.length === 0 && !this.waiting && this.#text === "";
  }

  /** How much text can be taken. */
  get length(): number {
    return this.#text.length;
  }

  /** Writes on, until so much text can be taken, or there is something to wait for, or nothing left. */
  fill(length: number): void {
    while (this.#text.length < length && !this.waiting) {
      const frame = this.#stack.at(-1);
      if (!frame) return;
      if (frame.awaited) this.#wait(frame.node, "items", frame.step);
      else if (frame.keys) this.#writeMembers(frame, frame.keys, length);
      else this.#writeItems(frame, frame.node as unknown[], length);
    }
  }

  take(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }

  /** What was waited for: the value of a promise, or an item; or that there are no more items. */
  supply({ done, value }: { done?: boolean; value?: unknown }): void {
    const { kind, step: place } = this.waiting!;
    this.waiting = undefined;
    if (kind === "promise") return this.#begin(value, place);
    if (done) return this.#close();
    const frame = this.#stack.at(-1)!;
    const step = { up: frame.step, key: frame.index++ };
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      const message = "a stream of bytes is not a stream of values";
      throw new SerializeError(message, pathOf(step));
    }
    this.#begin(value, step);
  }

  #wait(source: object, kind: Wait["kind"], step: Step | undefined): void {
    this.waiting = { source, kind, step };
  }

  /** A value that was not handed on with others. */
  #begin(value: unknown, step: Step | undefined): void {
    const { lossy } = this.#options;
    if (lossy && Object(value) === value && hasToJSON(value)) {
      value = value.toJSON(String(step?.key ?? ""));
    }
    if (typeof value === "object" && value !== null) {
      const kind = asyncKindOf(value);
      if (kind === "promise") return this.#wait(value, kind, step);
      if (kind) return this.#descend(value, "[", undefined, step, true);
    }
    const refusal = lossy ? undefined : refusalOf(value);
    if (refusal) throw new SerializeError(refusal, pathOf(step));
    if (typeof value !== "object" || value === null || !this.#isLarge(value)) {
      this.#writeLeaf(value, step);
    } else if (Array.isArray(value)) {
      this.#descend(value, "[", undefined, step, false);
    } else this.#descend(value, "{", Object.keys(value), step, false);
  }

  /** Whether an object has to be taken apart. */
  #isLarge(value: object): boolean {
    return this.#spend(value, SMALL, this.#depthLeft()) < 0 && !isBoxed(value);
  }

  #writeLeaf(value: unknown, step: Step | undefined): void {
    let text: string | undefined;
    try {
      text = JSON.stringify(value);
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw new SerializeError(cause.message, pathOf(step), { cause });
    }
    // JSON.stringify leaves out members that have no text, but puts something where an item stood.
    if (text === undefined && this.#stack.at(-1)?.keys) return;
    this.#text += this.#before(step) + (text ?? "null");
  }

  #descend(
    node: object,
    bracket: string,
    keys: readonly string[] | undefined,
    step: Step | undefined,
    awaited: boolean,
  ): void {
    const path = () => ({ path: pathOf(step) });
    if (this.#open.has(node)) {
      throw new SerializeError("it contains itself", path().path);
    }
    const { maxDepth } = this.#options;
    if (this.#stack.length >= maxDepth) {
      throw new LimitError(
        this.#stage,
        "depth",
        maxDepth + 1,
        maxDepth,
        path(),
      );
    }
    this.#text += this.#before(step) + bracket;
    this.#open.add(node);
    this.#stack.push({ node, keys, awaited, step, index: 0, written: 0 });
  }

  #close(): void {
    const { node, keys } = this.#stack.pop()!;
    this.#open.delete(node);
    this.#text += keys ? "}" : "]";
  }

  /** What stands before the next item or member of the innermost frame. */
  #before(step: Step | undefined): string {
    const frame = this.#stack.at(-1);
    if (!frame) return "";
    const comma = frame.written++ > 0 ? "," : "";
    return frame.keys ? `${comma}${JSON.stringify(step!.key)}:` : comma;
  }

  /** Items that are small are handed to JSON.stringify together; one that is not is begun by itself. */
  #writeItems(frame: Frame, array: readonly unknown[], length: number): void {
    const start = frame.index;
    const depth = this.#depthLeft();
    let space = length - this.#text.length;
    while (frame.index < array.length && space > 0) {
      const left = this.#spend(array[frame.index], SMALL, depth);
      if (left < 0) break;
      space -= SMALL - left;
      frame.index++;
    }
    if (frame.index > start) {
      this.#writeRun(frame, JSON.stringify(array.slice(start, frame.index)));
    } else if (frame.index === array.length) this.#close();
    else {
      const key = frame.index++;
      this.#begin(array[key], { up: frame.step, key });
    }
  }

  #writeMembers(frame: Frame, keys: readonly string[], length: number): void {
    const object = frame.node as Record<string, unknown>;
    const run = {};
    const start = frame.index;
    const depth = this.#depthLeft();
    let space = length - this.#text.length;
    while (frame.index < keys.length && space > 0) {
      const key = keys[frame.index]!;
      const item = object[key];
      const left = this.#spend(item, SMALL, depth);
      if (left < 0) break;
      space -= SMALL - left + key.length;
      setKey(run, key, item);
      frame.index++;
    }
    if (frame.index > start) this.#writeRun(frame, JSON.stringify(run));
    else if (frame.index === keys.length) this.#close();
    else {
      const key = keys[frame.index++]!;
      this.#begin(object[key], { up: frame.step, key });
    }
  }

  /** Items or members, without the brackets in which they were written. */
  #writeRun(frame: Frame, text: string): void {
    if (text.length === 2) return;
    if (frame.written++ > 0) this.#text += ",";
    this.#text += text.slice(1, -1);
  }

  #depthLeft(): number {
    const left = this.#options.maxDepth - this.#stack.length;
    return Math.min(left, MAX_SPEND_DEPTH);
  }
}

/** Objects that JSON.stringify writes as the primitive in them. */
function isBoxed(value: object): boolean {
  return value instanceof Number || value instanceof String ||
    value instanceof Boolean;
}
