import { SerializeError } from "../errors.ts";
import type { Registry } from "../registry.ts";
import type { Parts, Serialization } from "../serialization.ts";
import { bigint } from "../serializations/bigint.ts";
import { partsOf, refuseType } from "../tree/open.ts";
import { isOrdinaryArray, isOrdinaryObject } from "../tree/ordinary.ts";
import { pathOfKeys } from "../tree/path.ts";
import type { Bytes } from "../types.ts";
import { Codes, kindOf, sumOf } from "./codes.ts";
import {
  DEFINE_SHAPE,
  DEFINE_TYPE,
  type GraphTarget,
  isToken,
  PRIMITIVE,
  PRIMITIVES,
  type Token,
  type TokenSink,
  VALUES,
} from "./layout.ts";
import { isShowing, type Regions, type Showing } from "./regions.ts";
import { contentOf, Shapes } from "./shapes.ts";

/** What is left to write of something that lay too deep to be done with at once. */
interface Rest {
  /** The parts; a string of kinds says which are plain primitives, none that all are values. */
  readonly items: readonly unknown[];
  readonly kinds?: string | undefined;
  readonly keys?: readonly (string | undefined)[] | undefined;
  /** The first part that is left. */
  readonly next: number;
  readonly depth: number;
  /** What was taken apart, and its frames. */
  readonly typed?: { value: unknown; frames: readonly Bytes[] };
}

/** So deep do calls go into a value; what is below is done when they have come back. */
const MAX_CALLS = 300;
const V = 118;
/** A header has no key in its value. */
const NAMELESS = [undefined];
const NO_FRAMES: readonly Bytes[] = [];

/** Writes one value; what comes of it is of no use if views in it turn out to share their bytes. */
export class GraphWriter {
  /** Views and buffers, as they were met. */
  readonly showing: Set<Showing> = new Set();
  readonly #sink: TokenSink;
  readonly #keep: GraphTarget["keep"];
  readonly #registry: Registry;
  readonly #regions: Regions | undefined;
  readonly #hasBigints: boolean;
  readonly #numbers = new Map<unknown, number>();
  readonly #codes = new Codes();
  readonly #shapes = new Shapes();
  /** Of the objects that are being written, those that cannot be referred to before they are built. */
  readonly #unbuilt = new Set<unknown>();
  /** From the root, what each level is called in the one above; a header has no name of its own. */
  readonly #keys: (string | number | undefined)[] = [];
  /** For each level, a list for the values of the object that is written there. */
  readonly #values: (unknown[] | undefined)[] = [];
  /** The level that an error would be about. */
  #depth = 0;
  /** Calls go no deeper than this. */
  #limit = MAX_CALLS;
  /** The innermost first. */
  readonly #left: Rest[] = [];

  constructor(target: GraphTarget, registry: Registry, regions?: Regions) {
    this.#sink = target.tokens;
    this.#keep = target.keep;
    this.#registry = registry;
    this.#regions = regions;
    this.#hasBigints = target.tokens.bigint !== undefined &&
      registry.get("bigint") === bigint;
  }

  write(value: unknown): void {
    this.#value(value, 0);
    const stack: Rest[] = [];
    for (;;) {
      for (let rest; (rest = this.#left.pop());) stack.push(rest);
      const rest = stack.pop();
      if (!rest) return;
      const { items, next, depth, kinds, keys, typed } = rest;
      this.#limit = depth + MAX_CALLS;
      if (typed) this.#close(typed.value, typed.frames);
      else this.#items(items, next, depth, kinds, keys);
    }
  }

  /** Writes a value, or as much of it as can be written now: false if something is left. */
  #value(value: unknown, depth: number): boolean {
    const sink = this.#sink;
    if (isToken(value)) {
      sink.integer(PRIMITIVE);
      sink.primitive(value);
      return true;
    }
    if (typeof value !== "object") {
      if (
        typeof value === "bigint" && this.#hasBigints && sink.bigint!(value)
      ) {
        return true;
      }
      return this.#typed(value, depth);
    }
    const number = this.#numbers.get(value);
    if (number !== undefined) return this.#again(value, number, depth);
    this.#numbers.set(value, this.#numbers.size);
    return this.#object(value!, depth);
  }

  #object(value: object, depth: number): boolean {
    if (Array.isArray(value)) {
      return this.#array(value, depth) ?? this.#typed(value, depth);
    }
    if (!isOrdinaryObject(value)) return this.#typed(value, depth);
    const values = this.#values[depth] ??= [];
    const shape = this.#shapes.of(value, values);
    // It has keys that formats treat differently.
    if (!shape) return this.#typed(value, depth);
    const sink = this.#sink;
    const { keys, kinds, isPlain, code } = shape;
    if (code === 0) {
      shape.code = this.#codes.take();
      sink.integer(DEFINE_SHAPE);
      sink.primitive(kinds);
      for (const key of keys) sink.primitive(key);
    } else sink.integer(code);
    if (!isPlain) return this.#items(values, 0, depth, kinds, keys);
    for (let i = 0; i < keys.length; i++) sink.primitive(values[i] as Token);
    return true;
  }

  #again(value: unknown, number: number, depth: number): true {
    if (this.#unbuilt.size > 0 && this.#unbuilt.has(value)) {
      this.#depth = depth;
      throw new SerializeError(
        "it contains itself, which its type cannot bring back",
        this.#path(),
      );
    }
    this.#sink.integer(number);
    return true;
  }

  /** The parts of something, from one of them on. */
  #items(
    items: readonly unknown[],
    next: number,
    depth: number,
    kinds?: string,
    keys?: readonly (string | undefined)[],
  ): boolean {
    if (depth >= this.#limit) {
      return this.#leave({ items, next, depth, kinds, keys });
    }
    const count = keys === undefined ? items.length : keys.length;
    for (let i = next; i < count; i++) {
      const item = items[i];
      if (kinds !== undefined && kinds.charCodeAt(i) !== V) {
        this.#sink.primitive(item as Token);
        continue;
      }
      this.#keys[depth] = keys === undefined ? i : keys[i];
      if (!this.#value(item, depth + 1)) {
        return this.#leave({ items, next: i + 1, depth, kinds, keys });
      }
    }
    return true;
  }

  #leave(rest: Rest): false {
    this.#left.push(rest);
    // They are needed for longer now.
    this.#values[rest.depth] = undefined;
    return false;
  }

  /** Nothing is written of an array that its items do not say all about: that is `undefined`. */
  #array(array: readonly unknown[], depth: number): boolean | undefined {
    if (!isOrdinaryArray(array)) return undefined;
    const content = contentOf(array);
    if (content === "holes") return undefined;
    const sink = this.#sink;
    sink.integer(content === "plain" ? PRIMITIVES : VALUES);
    sink.integer(array.length);
    if (content === "values") return this.#items(array, 0, depth);
    for (let i = 0; i < array.length; i++) sink.primitive(array[i] as Token);
    return true;
  }

  #typed(value: unknown, depth: number): boolean {
    this.#depth = depth;
    const serialization = this.#registry.find(value) ??
      refuseType(value, this.#path);
    let parts: Parts | undefined = this.#regions?.of(value);
    parts ??= partsOf(value, serialization, this.#path);
    const { header, frames = NO_FRAMES } = parts;
    if (frames.length > 0 && isShowing(value)) this.showing.add(value);
    this.#type(serialization, sumOf(value, header, frames));
    if (isToken(header)) this.#sink.primitive(header);
    else if (header !== undefined) {
      if (!serialization.create) this.#unbuilt.add(value);
      if (!this.#header(header, depth)) {
        const typed = { value, frames };
        return this.#leave({ items: [], next: 0, depth, typed });
      }
    }
    this.#close(value, frames);
    return true;
  }

  /** The header is the value's own: when it is an array, it has no number, and nothing refers to it. */
  #header(header: unknown, depth: number): boolean {
    const isDone = Array.isArray(header)
      ? this.#array(header, depth)
      : undefined;
    return isDone ?? this.#items([header], 0, depth, undefined, NAMELESS);
  }

  #type(serialization: Serialization, sum: number): void {
    const code = this.#codes.ofType(serialization, sum);
    if (code !== 0) return this.#sink.integer(code);
    this.#sink.integer(DEFINE_TYPE);
    this.#sink.primitive(serialization.type);
    this.#sink.primitive(kindOf(sum));
  }

  /** The end of a value that was taken apart. */
  #close(value: unknown, frames: readonly Bytes[]): void {
    if (this.#unbuilt.size > 0) this.#unbuilt.delete(value);
    if (frames.length === 0) return;
    this.#sink.integer(frames.length);
    for (const frame of frames) this.#sink.primitive(this.#keep(frame));
  }

  readonly #path = (): string => pathOfKeys(this.#keys, this.#depth);
}
