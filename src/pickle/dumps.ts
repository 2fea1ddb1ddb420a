import type { Bytes } from "../types.ts";
import { type PickleDumpOptions, writerOptions } from "./write_options.ts";
import { Writer } from "./writer.ts";

/**
 * The pickle of a value, as CPython's C pickler writes it: of plain data, byte for byte.
 *
 * A `number` becomes an `int` if it is a safe integer, else a `float`; a `bigint` an `int`; an object or `Map` a `dict`; an
 * array a `list`; a `Set` a `set`; `Uint8Array` `bytes`; other typed arrays arrays of numpy; a `Date`, or a value of
 * `Temporal`, its like in `datetime`; an `Error` an exception. What stands for Python's other types are the classes of this
 * module. Objects that are the same stay the same, and cycles are no matter; depth is not limited.
 *
 * @param value The value.
 * @param options Protocol, and what becomes of values that could be more than one thing in Python.
 * @returns The pickle.
 * @throws {SerializeError} If it holds something that Python could not load, or not as what it is; with the path.
 *
 * @example
 * ```ts
 * import { dumps, PyTuple } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const bytes = dumps({ a: [1, 0.5, PyTuple.of(null)] }, { protocol: 2 });
 * equal(bytes.length, 35);
 * ```
 */
export function dumps(value: unknown, options: PickleDumpOptions = {}): Bytes {
  const all = writerOptions(options);
  // Most values are trees, and those are written faster; what is called back is to be called once.
  const isTree = !all.bufferCallback && all.classes.size === 0;
  return (isTree && new Writer(all, true).dump(value)) ||
    new Writer(all, false).dump(value)!;
}
