/**
 * A Python class or function, by name. It is a name and no more: nothing is ever imported or called.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyGlobal } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(loads(dumps(new PyGlobal("builtins", "len"))), new PyGlobal("builtins", "len"));
 * ```
 */
export class PyGlobal {
  /** The module. */
  readonly module: string;
  /** The name in it, perhaps with dots. */
  readonly name: string;

  /**
   * Makes one of its parts.
   *
   * @param module The module.
   * @param name The name in it.
   */
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  /** Both, with a dot between them. */
  toString(): string {
    return `${this.module}.${this.name}`;
  }
}

/** What a {@linkcode PyObject} holds, apart from its class. */
export interface PyObjectParts {
  /** What the class was called with. @default {[]} */
  readonly args?: readonly unknown[] | undefined;
  /** What the class was called with by name. */
  readonly kwargs?: ReadonlyMap<string, unknown> | undefined;
  /** The state that was set after that: a dict of attributes as a rule. */
  readonly state?: unknown;
  /** What was appended to it as to a list. */
  readonly items?: readonly unknown[] | undefined;
  /** What was set in it as in a dict. */
  readonly entries?: readonly (readonly [unknown, unknown])[] | undefined;
  /** The class, where the pickle itself describes it: a `PyDefinedClass`. */
  readonly definition?: PyGlobal | undefined;
  /** Whether the instance was made without calling the class. @default whether there is a state and no argument */
  readonly bare?: boolean | undefined;
}

/**
 * An instance of a Python class that there is no JavaScript class for: what its pickle says, and nothing that acts. With
 * the name of a function as its class, it is a call that was not made.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyObject } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const point = loads(dumps(new PyObject("geometry", "Point", { state: { x: 1 } }))) as PyObject;
 * equal(point.name, "Point");
 * equal(point.get("x"), 1);
 * ```
 */
export class PyObject {
  /** The module of the class. */
  readonly module: string;
  /** The qualified name of the class. */
  readonly name: string;
  /** What the class was called with. */
  readonly args: readonly unknown[];
  /** What the class was called with by name. */
  readonly kwargs: ReadonlyMap<string, unknown> | undefined;
  /** The state that was set after that. */
  readonly state: unknown;
  /** What was appended to it as to a list. */
  readonly items: readonly unknown[] | undefined;
  /** What was set in it as in a dict. */
  readonly entries: readonly (readonly [unknown, unknown])[] | undefined;
  /** The class, where the pickle itself describes it: a `PyDefinedClass`. */
  readonly definition: PyGlobal | undefined;
  /** Whether the instance was made without calling the class, by `__new__` alone. */
  readonly bare: boolean;

  /**
   * Makes one of its parts.
   *
   * @param module The module of the class.
   * @param name The qualified name of the class.
   * @param parts What it holds.
   */
  constructor(module: string, name: string, parts: PyObjectParts = {}) {
    this.module = module;
    this.name = name;
    this.args = parts.args ?? [];
    this.kwargs = parts.kwargs;
    this.state = parts.state;
    this.items = parts.items;
    this.entries = parts.entries;
    this.definition = parts.definition;
    this.bare = parts.bare ??
      (this.args.length === 0 && parts.state !== undefined);
  }

  /**
   * The attributes in the state: those of `__dict__`, then those of `__slots__`; of a pydantic model its fields.
   *
   * @returns Names and values, in order.
   */
  attributes(): Map<string, unknown> {
    const found = new Map<string, unknown>();
    const { state } = this;
    const parts = Array.isArray(state) && state.length === 2 ? state : [state];
    for (const part of parts) addEntries(found, part);
    if (found.has("__dict__") && isPydantic(found)) {
      const fields = new Map<string, unknown>();
      addEntries(fields, found.get("__dict__"));
      return fields;
    }
    return found;
  }

  /**
   * An attribute.
   *
   * @param name Its name.
   * @returns Its value, `undefined` if there is none.
   */
  get(name: string): unknown {
    return this.attributes().get(name);
  }
}

/**
 * A member of a Python enum.
 *
 * @example
 * ```ts
 * import { PyEnum } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(new PyEnum("paint", "Color", { member: "RED", value: 1 }).member, "RED");
 * ```
 */
export class PyEnum {
  /** The module of the class. */
  readonly module: string;
  /** The qualified name of the class. */
  readonly name: string;
  /** The name of the member, if it is known. */
  readonly member: string | undefined;
  /** The value of the member, if it is known. */
  readonly value: unknown;

  /**
   * Makes one of its parts.
   *
   * @param module The module of the class.
   * @param name The qualified name of the class.
   * @param which The member's name, its value, or both.
   */
  constructor(
    module: string,
    name: string,
    which: {
      readonly member?: string | undefined;
      readonly value?: unknown;
    },
  ) {
    this.module = module;
    this.name = name;
    this.member = which.member;
    this.value = which.value;
  }

  /** Its value. */
  valueOf(): unknown {
    return this.value;
  }
}

/** State as pydantic writes it, version 1 and 2. */
function isPydantic(state: ReadonlyMap<string, unknown>): boolean {
  return state.has("__fields_set__") || state.has("__pydantic_fields_set__");
}

function addEntries(into: Map<string, unknown>, part: unknown): void {
  if (part instanceof Map) {
    for (const [name, value] of part) {
      if (typeof name === "string") into.set(name, value);
    }
  } else if (isDict(part)) {
    for (const name of Object.keys(part)) into.set(name, part[name]);
  }
}

/** Whether it is an object as dicts are read: of no class. */
function isDict(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
