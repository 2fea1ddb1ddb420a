/**
 * A Python `tuple`: an array in all but its class, so that a tuple is never mistaken for a list. What is made from it by
 * `map`, `slice` and the like is a plain array.
 *
 * @typeParam T The type of its items.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyTuple } from "@brine/brine/pickle";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const [x, y] = loads(dumps(PyTuple.of<unknown>(1, "a"))) as PyTuple;
 * deepEqual([x, y], [1, "a"]);
 * equal(Array.isArray(PyTuple.of(1)), true);
 * ```
 */
export class PyTuple<T = unknown> extends Array<T> {
  /** What `map` and the like make: plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /**
   * A tuple of these items.
   *
   * @typeParam T The type of its items.
   * @param items The items.
   * @returns The tuple.
   */
  static override of<T>(...items: T[]): PyTuple<T> {
    return PyTuple.from(items);
  }

  /**
   * A tuple of the items of something iterable.
   *
   * @typeParam T The type of its items.
   * @param items The items.
   * @returns The tuple.
   */
  static override from<T>(items: Iterable<T> | ArrayLike<T>): PyTuple<T> {
    const tuple = new PyTuple<T>();
    const list = Array.isArray(items) ? items as T[] : Array.from(items);
    for (let i = 0; i < list.length; i++) tuple.push(list[i]!);
    return tuple;
  }
}

/**
 * A Python named tuple: a tuple with the names of its fields, and that of its class.
 *
 * @example
 * ```ts
 * import { PyNamedTuple } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const point = new PyNamedTuple("geometry", "Point", ["x", "y"], [1, 2]);
 * equal(point.get("y"), 2);
 * equal(point[1], 2);
 * ```
 */
export class PyNamedTuple extends PyTuple {
  /** The module of the class. */
  readonly module: string;
  /** The qualified name of the class. */
  readonly name: string;
  /** The names of the fields, in order. */
  readonly fields: readonly string[];

  /**
   * Makes one of its parts.
   *
   * @param module The module of the class.
   * @param name The qualified name of the class.
   * @param fields The names of the fields.
   * @param values Their values, as many.
   */
  constructor(
    module: string,
    name: string,
    fields: readonly string[],
    values: readonly unknown[],
  ) {
    super();
    this.module = module;
    this.name = name;
    this.fields = fields;
    for (let i = 0; i < values.length; i++) this.push(values[i]);
  }

  /**
   * The value of a field.
   *
   * @param field Its name.
   * @returns The value, `undefined` if there is no such field.
   */
  get(field: string): unknown {
    const index = this.fields.indexOf(field);
    return index < 0 ? undefined : this[index];
  }
}

/**
 * A Python `collections.deque`.
 *
 * @example
 * ```ts
 * import { PyDeque } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(new PyDeque([1, 2], 4).items, [1, 2]);
 * ```
 */
export class PyDeque {
  /** The items. */
  readonly items: unknown[];
  /** How many it holds at most, `null` for any number. */
  readonly maxlen: number | null;

  /**
   * Makes one of its parts.
   *
   * @param items The items; kept, not copied.
   * @param maxlen How many it holds at most.
   */
  constructor(items: unknown[] = [], maxlen: number | null = null) {
    this.items = items;
    this.maxlen = maxlen;
  }
}
