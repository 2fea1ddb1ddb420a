/**
 * The allow-list: what the names in a pickle stand for.
 *
 * @module
 */
import type { PickleValueOptions } from "./options.ts";

/** What a class or function may be called with. */
export type PickleArguments = readonly unknown[];

/** By name, what a class or function may be called with. */
export type PickleKeywords = ReadonlyMap<string, unknown>;

/**
 * What a name of Python stands for here: functions of JavaScript, which get data and give a value. Whatever they throw
 * becomes a `FormatError` that says where in the pickle. Without any of them, the name is allowed and what it makes stays
 * an inert `PyObject`.
 */
export interface PickleClass {
  /** The value itself, if the name is that of one. */
  readonly value?: unknown;
  /** How many arguments it is called with, at least and at most; not looked at if left out. */
  readonly arity?: readonly [least: number, most: number];
  /**
   * What calling it gives.
   *
   * @param args What it is called with.
   * @param kwargs What it is called with by name.
   * @param options What values become.
   * @returns The value.
   */
  call?(
    args: PickleArguments,
    kwargs: PickleKeywords,
    options: PickleValueOptions,
  ): unknown;
  /**
   * What `__new__` gives, if not the same.
   *
   * @param args What it is called with.
   * @param kwargs What it is called with by name.
   * @param options What values become.
   * @returns The value.
   */
  create?(
    args: PickleArguments,
    kwargs: PickleKeywords,
    options: PickleValueOptions,
  ): unknown;
  /**
   * Sets the state of a value that `call` or `create` gave, in place.
   *
   * @param value The value.
   * @param state Its state: a dict, a tuple, or whatever the class has.
   * @param options What values become.
   */
  setState?(value: never, state: unknown, options: PickleValueOptions): void;
}

/**
 * Names of Python and what they stand for. Only what is in here becomes a value; and since a name is only ever looked up
 * in here, none runs anything.
 *
 * @example A class of one's own
 * ```ts
 * import { defaultGlobals, dumps, loads, PickleGlobals, PyObject } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * class Point {
 *   x = 0;
 * }
 * const globals = new PickleGlobals(defaultGlobals).add("geometry", "Point", {
 *   call: () => new Point(),
 *   setState: (point: Point, state) => Object.assign(point, { x: (state as Point).x }),
 * });
 *
 * const pickle = dumps(new PyObject("geometry", "Point", { state: { x: 1 } }));
 * deepEqual(loads(pickle, { globals, unknown: "refuse" }), Object.assign(new Point(), { x: 1 }));
 * ```
 */
export class PickleGlobals {
  readonly #modules = new Map<string, Map<string, PickleClass>>();

  /**
   * Makes one of its parts.
   *
   * @param base What to begin with; copied.
   */
  constructor(base?: PickleGlobals) {
    if (!base) return;
    for (const [module, names] of base.#modules) {
      this.#modules.set(module, new Map(names));
    }
  }

  /**
   * Adds a name, or gives it another meaning.
   *
   * @param module The module as pickles name it.
   * @param name The name in it; with dots, if pickles have them.
   * @param meaning What it stands for.
   * @returns The globals themselves.
   */
  add(module: string, name: string, meaning: PickleClass = {}): this {
    let names = this.#modules.get(module);
    if (!names) this.#modules.set(module, names = new Map());
    names.set(name, meaning);
    return this;
  }

  /**
   * What a name stands for.
   *
   * @param module The module.
   * @param name The name in it.
   * @returns What it stands for, `undefined` if it is not known.
   */
  get(module: string, name: string): PickleClass | undefined {
    return this.#modules.get(module)?.get(name);
  }

  /** The names of all modules. */
  modules(): Iterable<string> {
    return this.#modules.keys();
  }
}
