import type { ColumnParts } from "../values/column.ts";
import type { NdArray } from "../values/ndarray.ts";
import { readerOf } from "../values/_walk.ts";
import { PyObject } from "../values/object.ts";
import {
  NaT,
  PdTimedelta,
  PdTimestamp,
  type PdUnit,
} from "../values/pdscalar.ts";
import { PyTimeZone, type PyTzInfo, PyZoneInfo } from "../values/timezone.ts";
import { dictOf } from "./_state.ts";

const NAMES: Readonly<Record<string, string>> = {
  i: "int",
  u: "uint",
  f: "float",
  c: "complex",
};

/** Not a time. */
const NONE = -(2n ** 63n);

/** Reads the items of an array of one axis. */
export function itemsOf(array: NdArray): (index: number) => unknown {
  if (array.shape.length !== 1) throw new RangeError("this is no column");
  const read = readerOf(array);
  const [stride] = array.strides;
  return (index) => read(array.offset + index * stride!);
}

/** A column that is an array of numpy. */
export function numpyParts(array: NdArray): ColumnParts {
  const { dtype } = array;
  const length = array.shape[0]!;
  const parts = { length, source: array };
  const read = itemsOf(array);
  switch (dtype.kind) {
    case "M":
      return datesParts(array, null);
    case "m": {
      const unit = unitOf(array);
      return {
        ...parts,
        dtype: `timedelta64[${unit}]`,
        read: (index) => {
          const value = read(index) as bigint;
          return value === NONE ? NaT : new PdTimedelta(value, unit);
        },
      };
    }
    case "b":
      return { ...parts, dtype: "bool", read };
    case "O":
      return { ...parts, dtype: "object", read };
    default: {
      const name = NAMES[dtype.kind];
      const text = name ? `${name}${dtype.itemsize * 8}` : dtype.str;
      return { ...parts, dtype: text, read };
    }
  }
}

/** A column of dates, in a zone or without one. */
export function datesParts(
  array: NdArray,
  tz: PyTzInfo | null,
): ColumnParts {
  const unit = unitOf(array);
  const read = itemsOf(array);
  return {
    dtype: tz ? `datetime64[${unit}, ${zoneName(tz)}]` : `datetime64[${unit}]`,
    length: array.shape[0]!,
    source: array,
    read: (index) => {
      const value = read(index);
      if (typeof value !== "bigint") throw new TypeError("this is no date");
      return value === NONE ? NaT : new PdTimestamp(value, unit, tz);
    },
  };
}

function unitOf({ dtype }: NdArray): PdUnit {
  const [unit, count] = dtype.unit ?? ["ns", 1];
  if (count !== 1 || !["s", "ms", "us", "ns"].includes(unit)) {
    throw new TypeError(`pandas has no dates in ${dtype}`);
  }
  return unit as PdUnit;
}

/** The zone, which is part of the type of a column. */
export function tzOf(parts: ReadonlyMap<string, unknown>): PyTzInfo | null {
  const tz = parts.get("tz");
  if (tz !== undefined) return tz as PyTzInfo | null;
  const dtype = parts.get("dtype");
  if (!(dtype instanceof PyObject)) return null;
  const found = dtype.state === undefined
    ? dtype.args[1]
    : dictOf(dtype.state).get("tz");
  return (found ?? null) as PyTzInfo | null;
}

/**
 * The name of a zone as pandas shows it.
 *
 * @param tz The zone.
 * @returns Its name.
 */
export function zoneName(tz: PyTzInfo): string {
  if (tz instanceof PyZoneInfo) return tz.key;
  if (tz instanceof PyTimeZone) {
    return tz.name ?? (tz.offset === 0 ? "UTC" : `UTC${tz}`);
  }
  if (tz.module === "pytz" && tz.name.endsWith("FixedOffset")) {
    return `pytz.FixedOffset(${tz.args[0]})`;
  }
  return typeof tz.args[0] === "string" ? tz.args[0] : tz.name;
}
