/** A whole number: a `bigint` where a `number` would not be exact. */
export type PyInteger = number | bigint;

/**
 * A Python `range`.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyRange } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(loads(dumps(new PyRange(1, 10, 3))), new PyRange(1, 10, 3));
 * ```
 */
export class PyRange {
  /** The first number. */
  readonly start: PyInteger;
  /** The number before which it ends. */
  readonly stop: PyInteger;
  /** The distance between two; not 0. */
  readonly step: PyInteger;

  /**
   * Makes one of its parts.
   *
   * @param start The first number.
   * @param stop The number before which it ends.
   * @param step The distance between two.
   */
  constructor(start: PyInteger, stop: PyInteger, step: PyInteger = 1) {
    if (BigInt(step) === 0n) throw new RangeError("A range has a step");
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/**
 * A Python `slice`; its parts may be anything, and are `null` or integers as a rule.
 *
 * @example
 * ```ts
 * import { dumps, loads, PySlice } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(loads(dumps(new PySlice(null, 5, 2))), new PySlice(null, 5, 2));
 * ```
 */
export class PySlice {
  /** Where it begins. */
  readonly start: unknown;
  /** Where it ends. */
  readonly stop: unknown;
  /** Its step. */
  readonly step: unknown;

  /**
   * Makes one of its parts.
   *
   * @param start Where it begins.
   * @param stop Where it ends.
   * @param step Its step.
   */
  constructor(start: unknown, stop: unknown, step: unknown = null) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/**
 * A value of which Python has only one: `Ellipsis`, `NotImplemented`, `pandas.NA`, `pandas.NaT`.
 *
 * @example
 * ```ts
 * import { ELLIPSIS, PySingleton } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(ELLIPSIS instanceof PySingleton, true);
 * equal(`${ELLIPSIS}`, "Ellipsis");
 * ```
 */
export class PySingleton {
  /** The module it is found in. */
  readonly module: string;
  /** Its name there. */
  readonly name: string;

  /**
   * Makes one of its parts.
   *
   * @param module The module it is found in.
   * @param name Its name there.
   */
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
    Object.freeze(this);
  }

  /** Its name. */
  toString(): string {
    return this.name;
  }
}

/**
 * Python's `...`.
 *
 * @example
 * ```ts
 * import { dumps, ELLIPSIS, loads } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(loads(dumps(ELLIPSIS)), ELLIPSIS);
 * ```
 */
export const ELLIPSIS: PySingleton = new PySingleton("builtins", "Ellipsis");

/**
 * Python's `NotImplemented`.
 *
 * @example
 * ```ts
 * import { dumps, loads, NOT_IMPLEMENTED } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(loads(dumps(NOT_IMPLEMENTED)), NOT_IMPLEMENTED);
 * ```
 */
export const NOT_IMPLEMENTED: PySingleton = new PySingleton(
  "builtins",
  "NotImplemented",
);
