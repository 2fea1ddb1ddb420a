import { FormatError, LimitError, UnknownNameError } from "../errors.ts";
import type { Registry } from "../registry.ts";
import { told } from "../told.ts";
import type { Bytes } from "../types.ts";
import {
  Definitions,
  type Fail,
  type ShapeDefinition,
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
import { Objects } from "./objects.ts";
import { TokenReader } from "./token_reader.ts";

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

/** What is left to read of something that lay too deep to be done with at once. */
type Rest =
  & {
    /** The part that is next; or whose value is being read. */
    readonly next: number;
    readonly isReading: boolean;
    readonly depth: number;
  }
  & (
    | { readonly array: unknown[]; readonly count: number }
    | { readonly object: Record<string, unknown>; shape: ShapeDefinition }
    | { readonly type: TypeDefinition; readonly number: number }
  );

/** So deep do calls go into a value; what is below is done when they have come back. */
const MAX_CALLS = 300;
const V = 118;

/** Reads the value that tokens spell: see `layout.ts`. */
export function readGraph(
  tokens: TokenSource,
  options: ReadGraphOptions,
): unknown {
  return new GraphReader(tokens, options).read();
}

class GraphReader {
  readonly #tokens: TokenReader;
  readonly #options: ReadGraphOptions;
  readonly #maxDepth: number;
  readonly #objects: Objects;
  readonly #definitions: Definitions;
  /** Calls go no deeper than this. */
  #limit = MAX_CALLS;
  /** The innermost first. */
  readonly #left: Rest[] = [];

  constructor(tokens: TokenSource, options: ReadGraphOptions) {
    this.#tokens = new TokenReader(tokens, this.#fail);
    this.#options = options;
    this.#maxDepth = options.maxDepth;
    this.#objects = new Objects(this.#fail);
    this.#definitions = new Definitions(tokens, options.registry, this.#fail);
  }

  read(): unknown {
    let value = this.#value(1);
    const stack: Rest[] = [];
    for (;;) {
      for (let rest; (rest = this.#left.pop());) stack.push(rest);
      const rest = stack.pop();
      if (!rest) break;
      this.#limit = rest.depth + MAX_CALLS;
      value = this.#goOn(rest, value);
    }
    this.#tokens.end();
    return value;
  }

  /** @param value What was being read when the rest was left. */
  #goOn(rest: Rest, value: unknown): unknown {
    const { isReading, depth } = rest;
    const next = isReading ? rest.next + 1 : rest.next;
    if ("array" in rest) {
      if (isReading) rest.array[rest.next] = value;
      return this.#fillArray(rest.array, rest.count, next, depth);
    }
    if ("object" in rest) {
      const { object, shape } = rest;
      if (isReading) object[shape.keys[rest.next]!] = value;
      return this.#fillObject(object, shape, next, depth);
    }
    return isReading
      ? this.#build(rest.type, rest.number, value)
      : this.#typed(rest.type, rest.number, depth);
  }

  #value(depth: number): unknown {
    return this.#valueOf(this.#tokens.next(), depth, false);
  }

  /** @param isHeader A list that is a header is nobody else's, and has no number. */
  #valueOf(token: unknown, depth: number, isHeader: boolean): unknown {
    if (typeof token !== "number" || !Number.isInteger(token)) {
      return this.#bigint(token);
    }
    if (token >= 0) return this.#objects.get(token);
    switch (token) {
      case PRIMITIVE:
        return this.#tokens.primitive();
      case PRIMITIVES: {
        this.#checkDepth(depth);
        const list = this.#tokens.primitives();
        if (!isHeader) this.#objects.add(list);
        return list;
      }
      case VALUES: {
        const array: unknown[] = [];
        if (!isHeader) this.#objects.add(array);
        return this.#fillArray(array, this.#tokens.count(), 0, depth);
      }
      case DEFINE_SHAPE:
        return this.#instance(this.#definitions.shape(), depth);
      case DEFINE_TYPE:
        return this.#begin(this.#definitions.type(), depth);
    }
    const definition = this.#definitions.get(token);
    return definition.isShape
      ? this.#instance(definition, depth)
      : this.#begin(definition, depth);
  }

  #bigint(token: unknown): unknown {
    if (typeof token !== "bigint") {
      return this.#fail(`a token says not what follows: ${told(token)}`);
    }
    const { registry } = this.#options;
    if (registry.get("bigint")) return token;
    throw new UnknownNameError("type", "bigint", registry.types());
  }

  #instance(shape: ShapeDefinition, depth: number): unknown {
    const object: Record<string, unknown> = {};
    this.#objects.add(object);
    return this.#fillObject(object, shape, 0, depth);
  }

  #fillArray(
    array: unknown[],
    count: number,
    from: number,
    depth: number,
  ): unknown {
    this.#checkDepth(depth);
    const left = this.#left;
    const isDeep = depth >= this.#limit;
    for (let next = from; next < count; next++) {
      if (!isDeep) array[next] = this.#value(depth + 1);
      if (!isDeep && left.length === 0) continue;
      left.push({ array, count, next, isReading: !isDeep, depth });
      break;
    }
    return array;
  }

  #fillObject(
    object: Record<string, unknown>,
    shape: ShapeDefinition,
    from: number,
    depth: number,
  ): unknown {
    this.#checkDepth(depth);
    const { keys, kinds } = shape;
    const left = this.#left;
    const isDeep = depth >= this.#limit;
    for (let next = from; next < keys.length; next++) {
      if (kinds.charCodeAt(next) !== V) {
        object[keys[next]!] = this.#tokens.primitive();
        continue;
      }
      if (!isDeep) object[keys[next]!] = this.#value(depth + 1);
      if (!isDeep && left.length === 0) continue;
      left.push({ object, shape, next, isReading: !isDeep, depth });
      break;
    }
    return object;
  }

  #begin(type: TypeDefinition, depth: number): unknown {
    this.#checkDepth(depth);
    return this.#typed(type, this.#objects.begin(type), depth);
  }

  #typed(type: TypeDefinition, number: number, depth: number): unknown {
    if (type.header !== "value") {
      const isBare = type.header === "none";
      return this.#build(
        type,
        number,
        isBare ? undefined : this.#tokens.primitive(),
      );
    }
    const left = this.#left;
    const isDeep = depth >= this.#limit;
    const header = isDeep
      ? undefined
      : this.#valueOf(this.#tokens.next(), depth + 1, true);
    if (!isDeep && left.length === 0) return this.#build(type, number, header);
    left.push({ type, number, next: 0, isReading: !isDeep, depth });
    return undefined;
  }

  #build(type: TypeDefinition, number: number, header: unknown): unknown {
    const frames = this.#tokens.frames(type.hasFrames, this.#options.frame);
    return this.#objects.build(type, number, header, frames);
  }

  #checkDepth(depth: number): void {
    if (depth <= this.#maxDepth) return;
    const { maxDepth, stage } = this.#options;
    throw new LimitError(stage, "depth", depth, maxDepth);
  }

  readonly #fail: Fail = (message, cause) => {
    const why = `the graph is damaged: ${message}`;
    throw new FormatError(this.#options.stage, why, { cause });
  };
}
