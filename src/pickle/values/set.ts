/**
 * A Python `frozenset`. A Python `set` is a plain `Set`.
 *
 * @typeParam T The type of its items.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyFrozenSet } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(loads(dumps(new PyFrozenSet(["a"]))), new PyFrozenSet(["a"]));
 * ```
 */
export class PyFrozenSet<T = unknown> extends Set<T> {}
