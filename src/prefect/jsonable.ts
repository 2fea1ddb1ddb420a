import { LimitError } from "../errors.ts";
import {
  DataFrame,
  Index,
  MaskedArray,
  NA,
  NaT,
  NdArray,
  NpScalar,
  PdTimedelta,
  PdTimestamp,
  PyDeque,
  PyException,
  PyFloat,
  PyInt,
  PyObject,
  Series,
} from "../pickle/values/mod.ts";
import { setKey } from "../tree/tags.ts";
import { defaultClasses } from "./default_classes.ts";
import { encodeFlat } from "./encode.ts";
import {
  itemsOf,
  nested,
  nestedMasked,
  rowsOf,
  scalar,
} from "./jsonable_arrays.ts";
import { timedeltaText, timestampText } from "./jsonable_times.ts";
import { Refused } from "./refused.ts";
import { flatKeyText } from "./scalar_text.ts";

const OPTIONS = { classes: defaultClasses, lossy: true } as const;
const MAX_DEPTH = 1000;

/**
 * A value as plain JSON for readers that know nothing of Python: dates, UUIDs and the like become text; sets and arrays of numpy
 * lists; tables lists of rows, with the labels of the rows if they are more than numbers in order; exceptions objects with `type` and `message`; big integers text; what is not finite `null`; and
 * whatever has no such form, its name in `<…>`. This loses types, and is meant to.
 *
 * @param value A value that a serializer gave.
 * @returns What `JSON.stringify` takes.
 * @throws {LimitError} If it is nested deeper than 1,000, as what contains itself is.
 *
 * @example
 * ```ts
 * import { jsonable, serializer } from "@brine/brine/prefect";
 * import { deepEqual } from "node:assert/strict";
 *
 * const pickle = serializer("pickle");
 * const value = await pickle.loads(await pickle.dumps({ at: new Date(0), n: 2n ** 64n, s: new Set([1]) }));
 * deepEqual(jsonable(value), { at: "1970-01-01T00:00:00Z", n: "18446744073709551616", s: [1] });
 * ```
 */
export function jsonable(value: unknown): unknown {
  return plain(value, MAX_DEPTH, nothing);
}

/** Gives what a value is, if it can stay that or nearly so; `undefined` otherwise. */
export type Keep = (
  value: unknown,
  plain: (part: unknown) => unknown,
) => unknown;

const nothing: Keep = () => undefined;

/** The same for readers that know more types than JSON has: `keep` says which. */
export function plainExcept(value: unknown, keep: Keep): unknown {
  return plain(value, MAX_DEPTH, keep);
}

function plain(value: unknown, depth: number, keep: Keep): unknown {
  if (depth < 0) {
    throw new LimitError("json", "depth", MAX_DEPTH + 1, MAX_DEPTH);
  }
  const kept = keep(value, (part) => plain(part, depth - 1, keep));
  if (kept !== undefined) return kept;
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;
    case "object":
      if (value === null) return null;
      return ofObject(value, (part) => plain(part, depth - 1, keep));
  }
  return `<${typeof value}>`;
}

type Part = (part: unknown) => unknown;

function ofObject(value: object, part: Part): unknown {
  if (Array.isArray(value)) return Array.from(value, part);
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    return object(Object.entries(value), part);
  }
  if (value instanceof Map) {
    return object([...value].map(([key, item]) => [keyOf(key), item]), part);
  }
  if (value instanceof PyInt || value instanceof PyFloat) {
    return part(value.value);
  }
  if (value instanceof PyException) {
    return { type: `${value.module}.${value.name}`, message: value.message };
  }
  if (value instanceof PyDeque) return part(value.items);
  const plain = ofNumbers(value);
  return plain === undefined ? other(value, part) : part(plain);
}

/** What numpy and pandas have, a step nearer to JSON. */
function ofNumbers(value: object): unknown {
  if (value instanceof NpScalar) return scalar(value);
  if (value instanceof NdArray) return nested(value);
  if (value instanceof MaskedArray) return nestedMasked(value);
  if (value instanceof DataFrame) return [...rowsOf(value)];
  if (value instanceof Series) return itemsOf(value, keyOf);
  if (value instanceof Index) return value.toArray();
  if (value instanceof PdTimestamp) return timestampText(value);
  if (value instanceof PdTimedelta) return timedeltaText(value);
  return value === NA || value === NaT ? null : undefined;
}

function other(value: object, part: Part): unknown {
  try {
    return part(encodeFlat(value, OPTIONS));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return part(Array.from(value as Float64Array));
  }
  const parts = value instanceof PyObject ? partsOf(value) : undefined;
  if (parts !== undefined) return part(parts);
  const text = Object.hasOwn(Object.getPrototypeOf(value), "toString")
    ? String(value)
    : `<${
      (value as { name?: string }).name ?? value.constructor?.name ?? "object"
    }>`;
  return text;
}

/** What an object of an unknown class holds, if it has no attributes: an enum's value, a named tuple's items. */
function partsOf({ entries, items, args }: PyObject): unknown {
  if (entries) return new Map(entries);
  if (items) return items;
  return args.length > 1 ? args : args[0];
}

function keyOf(key: unknown): string {
  if (key instanceof PdTimestamp) return timestampText(key);
  try {
    return flatKeyText(key, OPTIONS) ?? String(key);
  } catch (error) {
    if (error instanceof Refused) return String(key);
    throw error;
  }
}

function object(entries: [string, unknown][], part: Part): unknown {
  const made = {};
  for (const [key, item] of entries) setKey(made, key, part(item));
  return made;
}
