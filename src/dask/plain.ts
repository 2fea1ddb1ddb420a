import { LimitError } from "../errors.ts";
import { NdArray } from "../pickle/values/ndarray.ts";
import { NpScalar } from "../pickle/values/npscalar.ts";
import { PyFloat, PyInt } from "../pickle/values/number.ts";
import { setKey } from "../tree/tags.ts";

const MAX_DEPTH = 1_000;
type Arrays = "list" | "typed";
/** Kinds of items that are numbers, booleans or text in JavaScript, too. */
const PLAIN = "biufUO";

/** Options for {@linkcode plainValue}. */
export interface PlainOptions {
  /** What arrays of numbers with one axis become: lists, or typed arrays. @default {"list"} */
  readonly arrays?: "list" | "typed" | undefined;
}

/**
 * A value with lists, objects and numbers in place of what stands for Python's tuples, dicts, scalars and arrays of numpy, as
 * far as their items are numbers, booleans or text; and the rest as it is. Types are lost, but nothing of the values: what no
 * list or object can hold stays what it is, for JSON to refuse.
 *
 * @param value A value that Dask, numpy or a pickle gave.
 * @param options What arrays become.
 * @returns The same, as plain as it can be; nothing of what was handed in is changed.
 * @throws {LimitError} If it is nested deeper than 1,000, as what contains itself is.
 *
 * @example
 * ```ts
 * import { deserialize, plainValue, serialize } from "@brine/brine/dask";
 * import { equal } from "node:assert/strict";
 *
 * const { header, frames } = serialize({ x: new Float64Array([1, 2.5]) });
 * equal(JSON.stringify(plainValue(deserialize(header, frames))), '{"x":[1,2.5]}');
 * ```
 */
export function plainValue(
  value: unknown,
  { arrays = "list" }: PlainOptions = {},
): unknown {
  return plain(value, arrays, 0);
}

function plain(value: unknown, arrays: Arrays, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) {
    throw new LimitError("plain", "depth", depth, MAX_DEPTH);
  }
  if (Array.isArray(value)) {
    return value.map((item) => plain(item, arrays, depth + 1));
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) {
    return objectOf(Object.entries(value), arrays, depth);
  }
  if (prototype === Map.prototype) {
    const entries = [...value as Map<unknown, unknown>];
    return entries.every(([key]) => typeof key === "string")
      ? objectOf(entries as [string, unknown][], arrays, depth)
      : new Map(
        entries.map(([key, item]) => [key, plain(item, arrays, depth + 1)]),
      );
  }
  if (value instanceof NdArray) return listOf(value, arrays, depth);
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyInt) return numberOf(value.value);
  if (value instanceof NpScalar) return isPlain(value) ? value.value : value;
  return value;
}

function objectOf(
  entries: [string, unknown][],
  arrays: Arrays,
  depth: number,
): unknown {
  const made = {};
  for (const [key, item] of entries) {
    setKey(made, key, plain(item, arrays, depth + 1));
  }
  return made;
}

/** Not those that have no like: times, complex and structured items, and floats of more than 64 bits. */
function isPlain({ dtype: { kind, itemsize } }: NdArray | NpScalar): boolean {
  return PLAIN.includes(kind) && (kind !== "f" || itemsize <= 8);
}

function listOf(array: NdArray, arrays: Arrays, depth: number): unknown {
  if (!isPlain(array)) return array;
  const { shape, dtype: { kind, itemsize } } = array;
  const isTyped = shape.length === 1 &&
    ("iu".includes(kind) || kind === "f" && itemsize >= 4);
  if (isTyped && arrays === "typed") return array.toTypedArray();
  const items = array.toNested();
  // Others are numbers and text already, however deep.
  return array.dtype.kind === "O" ? plain(items, arrays, depth + 1) : items;
}

function numberOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
