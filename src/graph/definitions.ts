import { UnknownNameError } from "../errors.ts";
import type { Registry } from "../registry.ts";
import type { Serialization } from "../serialization.ts";
import { told } from "../told.ts";
import { FIRST_CODE, type TokenSource } from "./layout.ts";

/** The objects with certain keys. */
export interface ShapeDefinition {
  readonly isShape: true;
  readonly keys: readonly string[];
  /** What stands under each key: "p" or "v". */
  readonly kinds: string;
}

/** The values of a type. */
export interface TypeDefinition {
  readonly isShape: false;
  readonly serialization: Serialization;
  /** Whether they are objects, with a number. */
  readonly isObject: boolean;
  readonly header: "none" | "primitive" | "value";
  readonly hasFrames: boolean;
}

/** What a code stands for. */
export type Definition = ShapeDefinition | TypeDefinition;

/** Ends the reading; the message says why. */
export type Fail = (message: string, cause?: unknown) => never;

const KINDS = /^[pv]*$/;
const KIND = /^o?[pv]?f?$/;

/** What codes stand for, as a graph defines them on its way. */
export class Definitions {
  readonly #tokens: TokenSource;
  readonly #registry: Registry;
  readonly #fail: Fail;
  readonly #all: Definition[] = [];

  constructor(tokens: TokenSource, registry: Registry, fail: Fail) {
    this.#tokens = tokens;
    this.#registry = registry;
    this.#fail = fail;
  }

  /** What a code was defined to be. */
  get(code: number): Definition {
    return this.#all[FIRST_CODE - code] ??
      this.#fail(`nothing has the code ${code}`);
  }

  /** Reads the definition of a shape. */
  shape(): ShapeDefinition {
    const kinds = this.#tokens.next();
    if (typeof kinds !== "string" || !KINDS.test(kinds)) {
      return this.#fail("a shape says not what its keys hold");
    }
    if (kinds.length > this.#tokens.left) this.#fail("a shape lacks keys");
    const keys: string[] = [];
    for (let i = 0; i < kinds.length; i++) {
      const key = this.#tokens.next();
      if (typeof key !== "string" || key === "__proto__") {
        return this.#fail(`no shape has a key ${told(key)}`);
      }
      keys.push(key);
    }
    return this.#define({ isShape: true, keys, kinds });
  }

  /** Reads the definition of a type. */
  type(): TypeDefinition {
    const name = this.#tokens.next();
    const kind = this.#tokens.next();
    if (
      typeof name !== "string" || typeof kind !== "string" || !KIND.test(kind)
    ) return this.#fail("a type says not what it is made of");
    const serialization = this.#registry.get(name);
    if (!serialization) {
      throw new UnknownNameError("type", name, this.#registry.types());
    }
    return this.#define({
      isShape: false,
      serialization,
      isObject: kind.startsWith("o"),
      header: kind.includes("v")
        ? "value"
        : kind.includes("p")
        ? "primitive"
        : "none",
      hasFrames: kind.endsWith("f"),
    });
  }

  #define<D extends Definition>(definition: D): D {
    this.#all.push(definition);
    return definition;
  }
}
