/**
 * A Python `collections.OrderedDict`.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyOrderedDict } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const dict = new PyOrderedDict([["b", 1], ["a", 2]]);
 * deepEqual(loads(dumps(dict)), dict);
 * ```
 */
export class PyOrderedDict extends Map<unknown, unknown> {}

/**
 * A Python `collections.Counter`.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyCounter } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const counter = new PyCounter([["a", 2], ["b", 1]]);
 * deepEqual(loads(dumps(counter)), counter);
 * ```
 */
export class PyCounter extends Map<unknown, unknown> {}

/**
 * A Python `collections.defaultdict`. Nothing is ever made by its factory here: it is only kept.
 *
 * @example
 * ```ts
 * import { PyDefaultDict, PyGlobal } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const dict = new PyDefaultDict(new PyGlobal("builtins", "list"), [["k", [1]]]);
 * equal(dict.size, 1);
 * ```
 */
export class PyDefaultDict extends Map<unknown, unknown> {
  /** What Python calls for a missing key: a {@linkcode PyGlobal} as a rule, or `null`. */
  readonly factory: unknown;

  /**
   * Makes one of its parts.
   *
   * @param factory What Python calls for a missing key.
   * @param entries The entries.
   */
  constructor(
    factory: unknown = null,
    entries: Iterable<readonly [unknown, unknown]> = [],
  ) {
    super(entries);
    this.factory = factory;
  }
}
