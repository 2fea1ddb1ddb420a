import { SerializeError } from "../errors.ts";
import type { Registry } from "../registry.ts";
import type { Serialization } from "../serialization.ts";
import { partsOf, serializationOf } from "../tree/open.ts";
import { pathOf, type Step } from "../tree/path.ts";
import {
  isOrdinaryArray,
  isOrdinaryObject,
  isPlainPrimitive,
} from "../tree/ordinary.ts";
import type { Bytes } from "../types.ts";
import {
  DEFINE_SHAPE,
  DEFINE_TYPE,
  FIRST_CODE,
  PRIMITIVE,
  PRIMITIVES,
  type Token,
  type TokenSink,
  VALUES,
} from "./layout.ts";
import { isShowing, Regions } from "./regions.ts";
import { Shapes } from "./shapes.ts";

/** Where a graph is written to. */
export interface GraphTarget {
  readonly tokens: TokenSink;
  /** Keeps a frame, and gives what the format knows it by. */
  readonly keep: (frame: Bytes) => number | string;
}

/** Something whose parts are being written. */
interface Open {
  /** The parts in order; a string of kinds says which are plain primitives, none that all are values. */
  readonly items: readonly unknown[];
  readonly kinds: string | undefined;
  next: number;
  /** The keys of the parts, if they have any. */
  readonly keys: readonly string[] | undefined;
  /** What is being taken apart, and written after its header: the frames. */
  readonly typed: { value: unknown; frames: readonly Bytes[] } | undefined;
}

const V = 118;

/**
 * Writes a value as the tokens that `layout.ts` describes.
 *
 * @param begin Begins anew; called once more if it shows, at the end, that views share their bytes.
 */
export function writeGraph<Target extends GraphTarget>(
  value: unknown,
  registry: Registry,
  begin: () => Target,
): Target {
  const target = begin();
  const writer = new GraphWriter(target, registry);
  writer.write(value);
  const regions = new Regions(writer.showing);
  if (!regions.any) return target;
  const again = begin();
  new GraphWriter(again, registry, regions).write(value);
  return again;
}

class GraphWriter {
  /** Views and buffers, as they were met. */
  readonly showing = new Set<ArrayBufferView<ArrayBuffer> | ArrayBuffer>();
  readonly #sink: TokenSink;
  readonly #keep: GraphTarget["keep"];
  readonly #registry: Registry;
  readonly #regions: Regions | undefined;
  readonly #numbers = new Map<unknown, number>();
  /** The codes of types, by the kinds of their headers. */
  readonly #types = new Map<string, Map<string, number>>();
  readonly #shapes = new Shapes();
  /** Of the objects that are being written, those that cannot be referred to before they are built. */
  readonly #unbuilt = new Set<unknown>();
  readonly #stack: Open[] = [];
  #code = FIRST_CODE;

  constructor(target: GraphTarget, registry: Registry, regions?: Regions) {
    this.#sink = target.tokens;
    this.#keep = target.keep;
    this.#registry = registry;
    this.#regions = regions;
  }

  write(value: unknown): void {
    const stack = this.#stack;
    this.#value(value);
    for (let top; (top = stack.at(-1));) {
      const { items, kinds } = top;
      const depth = stack.length;
      while (top.next < items.length && stack.length === depth) {
        const i = top.next++;
        if (kinds === undefined || kinds.charCodeAt(i) === V) {
          this.#value(items[i]);
        } else this.#sink.push(items[i] as Token);
      }
      if (stack.length === depth) {
        this.#close(top);
        stack.pop();
      }
    }
  }

  #close({ typed }: Open): void {
    if (!typed) return;
    this.#unbuilt.delete(typed.value);
    this.#frames(typed.frames);
  }

  #value(value: unknown): void {
    if (isPlainPrimitive(value)) {
      this.#sink.push(PRIMITIVE);
      this.#sink.push(value);
      return;
    }
    if (typeof value !== "object") return this.#typed(value);
    const number = this.#numbers.get(value);
    if (number === undefined) {
      this.#numbers.set(value, this.#numbers.size);
      const written = isOrdinaryArray(value)
        ? this.#array(value)
        : isOrdinaryObject(value) && this.#object(value);
      if (!written) this.#typed(value);
    } else if (this.#unbuilt.size > 0 && this.#unbuilt.has(value)) {
      throw new SerializeError(
        "it contains itself, which its type cannot bring back",
        this.#path(),
      );
    } else this.#sink.push(number);
  }

  /** False if it has a hole. */
  #array(array: readonly unknown[]): boolean {
    let plain = true;
    for (let i = 0; i < array.length; i++) {
      const item = array[i];
      if (isPlainPrimitive(item)) continue;
      plain = false;
      if (item === undefined && !(i in array)) return false;
    }
    this.#sink.push(plain ? PRIMITIVES : VALUES);
    this.#sink.push(array.length);
    if (!plain) this.#open(array);
    else for (const item of array) this.#sink.push(item as Token);
    return true;
  }

  /** False if it has keys that formats treat differently. */
  #object(object: Record<string, unknown>): boolean {
    const values: unknown[] = [];
    const shape = this.#shapes.of(object, values);
    if (!shape) return false;
    if (shape.code === 0) {
      shape.code = this.#code--;
      this.#sink.push(DEFINE_SHAPE);
      this.#sink.push(shape.kinds);
      for (const key of shape.keys) this.#sink.push(key);
    } else this.#sink.push(shape.code);
    if (!shape.isPlain) this.#open(values, shape.kinds, shape.keys);
    else for (const value of values) this.#sink.push(value as Token);
    return true;
  }

  #typed(value: unknown): void {
    const serialization = serializationOf(value, this.#registry, this.#path);
    if (isShowing(value)) this.showing.add(value);
    const { header, frames = [] } = this.#regions?.of(value) ??
      partsOf(value, serialization, this.#path);
    const kind = typeof value === "object" ? "o" : "";
    const suffix = frames.length > 0 ? "f" : "";
    if (header === undefined) {
      this.#type(serialization, kind + suffix);
      this.#frames(frames);
    } else if (isPlainPrimitive(header)) {
      this.#type(serialization, kind + "p" + suffix);
      this.#sink.push(header);
      this.#frames(frames);
    } else {
      this.#type(serialization, kind + "v" + suffix);
      if (!serialization.create) this.#unbuilt.add(value);
      this.#header(header, { value, frames });
    }
  }

  /** The header is the value's own: when it is an array, it has no number, and nothing refers to it. */
  #header(header: unknown, typed: NonNullable<Open["typed"]>): void {
    this.#open([header], undefined, undefined, typed);
    if (typeof header !== "object" || !isOrdinaryArray(header!)) return;
    const open = this.#stack.at(-1)!;
    open.next = 1;
    if (!this.#array(header)) open.next = 0;
  }

  #type({ type }: Serialization, kind: string): void {
    let codes = this.#types.get(type);
    if (!codes) this.#types.set(type, codes = new Map());
    const code = codes.get(kind);
    if (code !== undefined) return void this.#sink.push(code);
    codes.set(kind, this.#code--);
    this.#sink.push(DEFINE_TYPE);
    this.#sink.push(type);
    this.#sink.push(kind);
  }

  #frames(frames: readonly Bytes[]): void {
    if (frames.length === 0) return;
    this.#sink.push(frames.length);
    for (const frame of frames) this.#sink.push(this.#keep(frame));
  }

  #open(
    items: readonly unknown[],
    kinds?: string,
    keys?: readonly string[],
    typed?: Open["typed"],
  ): void {
    this.#stack.push({ items, kinds, next: 0, keys, typed });
  }

  readonly #path = (): string => {
    let step: Step | undefined;
    for (const { keys, next, typed } of this.#stack) {
      // The header of a value stands for the value itself.
      if (!typed) step = { up: step, key: keys?.[next - 1] ?? next - 1 };
    }
    return pathOf(step);
  };
}
