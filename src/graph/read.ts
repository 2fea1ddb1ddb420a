import { FormatError, LimitError } from "../errors.ts";
import type { Registry } from "../registry.ts";
import { reasonOf } from "../told.ts";
import type { Bytes } from "../types.ts";
import {
  Definitions,
  type Fail,
  type ShapeDefinition,
  show,
  type TypeDefinition,
} from "./definitions.ts";
import {
  DEFINE_SHAPE,
  DEFINE_TYPE,
  PRIMITIVE,
  PRIMITIVES,
  type TokenSource,
  VALUES,
} from "./layout.ts";

/** What the reading of a graph needs from the message it came in. */
export interface ReadGraphOptions {
  /** The family that reads it: the stage that errors name. */
  readonly stage: string;
  /** Where the serializations are found. */
  readonly registry: Registry;
  /** The frame that a token names. */
  readonly frame: (name: unknown) => Bytes;
  /** Objects within each other. */
  readonly maxDepth: number;
}

/** A container that is being filled, or a type whose header is awaited. */
interface Open {
  readonly target: Record<PropertyKey, unknown> | unknown[];
  /** The keys, and what stands under each; none in an array of values. */
  readonly keys: readonly string[] | undefined;
  readonly kinds: string | undefined;
  readonly count: number;
  next: number;
  /** The type whose header is all there is; and the number of the object, or -1 if it has none. */
  readonly type: TypeDefinition | undefined;
  readonly number: number;
}

const V = 118;
/** Stands for an object that cannot be referred to yet. */
const UNBUILT = Symbol("unbuilt");

/** Reads the value that tokens spell: see `layout.ts`. */
export function readGraph(
  tokens: TokenSource,
  options: ReadGraphOptions,
): unknown {
  return new GraphReader(tokens, options).read();
}

class GraphReader {
  readonly #tokens: TokenSource;
  readonly #options: ReadGraphOptions;
  readonly #objects: unknown[] = [];
  readonly #definitions: Definitions;
  readonly #stack: Open[] = [];

  constructor(tokens: TokenSource, options: ReadGraphOptions) {
    this.#tokens = tokens;
    this.#options = options;
    this.#definitions = new Definitions(tokens, options.registry, this.#fail);
  }

  read(): unknown {
    const stack = this.#stack;
    const root: unknown[] = [];
    this.#open(root, 1);
    for (let top; (top = stack.at(-1));) {
      const depth = stack.length;
      this.#fill(top, depth);
      if (stack.length > depth) continue;
      stack.pop();
      const { type, number, target } = top;
      if (type) {
        const value = this.#build(type, number, (target as unknown[])[0]);
        this.#put(stack.at(-1)!, value);
      }
    }
    if (this.#tokens.left > 0) this.#fail("tokens follow the value");
    return root[0];
  }

  /** Takes parts in until it has all, or one of them has parts itself. */
  #fill(top: Open, depth: number): void {
    const { kinds, keys, target, count } = top;
    const stack = this.#stack;
    while (top.next < count && stack.length === depth) {
      if (kinds === undefined || kinds.charCodeAt(top.next) === V) {
        this.#value(top);
      } else {
        (target as Record<string, unknown>)[keys![top.next++]!] = this
          .#primitive();
      }
    }
  }

  #put(open: Open, value: unknown): void {
    const i = open.next++;
    if (open.keys) {
      (open.target as Record<string, unknown>)[open.keys[i]!] = value;
    } else (open.target as unknown[])[i] = value;
  }

  #value(into: Open): void {
    this.#valueOf(this.#tokens.next(), into);
  }

  #valueOf(token: unknown, into: Open): void {
    if (typeof token !== "number" || !Number.isInteger(token)) {
      return this.#fail(`a token says not what follows: ${show(token)}`);
    }
    if (token >= 0) return this.#put(into, this.#object(token));
    switch (token) {
      case PRIMITIVE:
        return this.#put(into, this.#primitive());
      case PRIMITIVES:
        return this.#begin(into, this.#list());
      case VALUES: {
        const count = this.#count();
        const array: unknown[] = [];
        this.#begin(into, array);
        return void this.#open(array, count);
      }
      case DEFINE_SHAPE:
        return this.#instance(this.#definitions.shape(), into);
      case DEFINE_TYPE:
        return this.#type(this.#definitions.type(), into);
    }
    const definition = this.#definitions.get(token);
    if ("keys" in definition) this.#instance(definition, into);
    else this.#type(definition, into);
  }

  /** An object that can be referred to as soon as it has begun; but a list that is a header is nobody else's. */
  #begin(into: Open, object: unknown): void {
    if (!into.type || !Array.isArray(object)) this.#objects.push(object);
    this.#put(into, object);
  }

  #object(number: number): unknown {
    if (number >= this.#objects.length) {
      this.#fail(`there is no object ${number} yet`);
    }
    const object = this.#objects[number];
    if (object === UNBUILT) {
      this.#fail(`object ${number} contains itself, which its type cannot`);
    }
    return object;
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    const count = this.#count();
    for (let i = 0; i < count; i++) list.push(this.#primitive());
    return list;
  }

  #primitive(): unknown {
    const token = this.#tokens.next();
    if (typeof token === "object" && token !== null) {
      this.#fail("a token is no plain primitive");
    }
    return token;
  }

  #count(): number {
    const count = this.#tokens.next() as number;
    if (
      !Number.isSafeInteger(count) || count < 0 || count > this.#tokens.left
    ) {
      this.#fail(`${show(count)} tokens cannot follow`);
    }
    return count;
  }

  #instance({ keys, kinds, isPlain }: ShapeDefinition, into: Open): void {
    const object: Record<string, unknown> = {};
    this.#begin(into, object);
    if (!isPlain) return void this.#open(object, keys.length, keys, kinds);
    for (let i = 0; i < keys.length; i++) object[keys[i]!] = this.#primitive();
  }

  #type(type: TypeDefinition, into: Open): void {
    const { serialization, isObject, header } = type;
    const number = isObject ? this.#objects.length : -1;
    if (isObject) this.#objects.push(serialization.create?.() ?? UNBUILT);
    if (header === "value") {
      const token = this.#tokens.next();
      if (token === PRIMITIVES) {
        const list = this.#list();
        return this.#put(into, this.#build(type, number, list));
      }
      const open = this.#open([], 1, undefined, undefined, type, number);
      return this.#valueOf(token, open);
    }
    const primitive = header === "primitive" ? this.#primitive() : undefined;
    this.#put(into, this.#build(type, number, primitive));
  }

  #build(
    { serialization, hasFrames }: TypeDefinition,
    number: number,
    header: unknown,
  ): unknown {
    const frames: Bytes[] = [];
    const count = hasFrames ? this.#count() : 0;
    for (let i = 0; i < count; i++) {
      frames.push(this.#options.frame(this.#tokens.next()));
    }
    const begun = number >= 0 ? this.#objects[number] : UNBUILT;
    let value: unknown;
    try {
      value = begun === UNBUILT
        ? serialization.deserialize({ header, frames })
        : serialization.deserialize({ header, frames }, begun);
    } catch (cause) {
      const { type } = serialization;
      this.#fail(`${type} cannot be made of it: ${reasonOf(cause)}`, cause);
    }
    if (number >= 0) this.#objects[number] = value;
    return value;
  }

  #open(
    target: Open["target"],
    count: number,
    keys?: readonly string[],
    kinds?: string,
    type?: TypeDefinition,
    number = -1,
  ): Open {
    const { maxDepth, stage } = this.#options;
    const depth = this.#stack.length;
    // The first is there for the root only.
    if (depth > maxDepth) throw new LimitError(stage, "depth", depth, maxDepth);
    const open = { target, keys, kinds, count, next: 0, type, number };
    this.#stack.push(open);
    return open;
  }

  readonly #fail: Fail = (message, cause) => {
    throw new FormatError(
      this.#options.stage,
      `the graph is damaged: ${message}`,
      {
        cause,
      },
    );
  };
}
