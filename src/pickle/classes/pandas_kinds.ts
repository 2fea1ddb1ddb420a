/**
 * The arrays that are pandas' own.
 *
 * @module
 */
import type { Column, ColumnParts } from "../values/column.ts";
import { NdArray } from "../values/ndarray.ts";
import { PyObject } from "../values/object.ts";
import { NA, NaT } from "../values/pdscalar.ts";
import { dictOf, numberOf } from "./_state.ts";
import { arrayOf, columnOf, type Parts } from "./pandas_parts.ts";
import { itemsOf, numpyParts } from "./pandas_numpy.ts";

/** Numbers or booleans, and a mask. */
export function maskedParts(parts: Parts): ColumnParts {
  const data = arrayOf(parts);
  const mask = parts.get("mask");
  if (!(mask instanceof NdArray) || mask.shape[0] !== data.shape[0]) {
    throw new TypeError("the mask does not fit the data");
  }
  const { dtype, read } = numpyParts(data);
  const isMissing = itemsOf(mask);
  return {
    dtype: dtype === "bool"
      ? "boolean"
      : dtype.replace(/^(u?)(.)/, (_, u, letter) =>
        u.toUpperCase() + letter.toUpperCase()),
    length: data.shape[0]!,
    source: { data, mask },
    read: (index) => isMissing(index) ? NA : read(index),
  };
}

/** Text, and what is missing among it. */
export function stringParts(parts: Parts): ColumnParts {
  const data = arrayOf(parts);
  return {
    dtype: stringType(parts.get("dtype")),
    length: data.shape[0]!,
    source: data,
    read: itemsOf(data),
  };
}

/** `str` if NaN stands for what is missing, else `string`. */
export function stringType(dtype: unknown): string {
  if (!(dtype instanceof PyObject)) return "string";
  const [, missing] = dtype.args;
  return isNaN(missing) ? "str" : "string";
}

function isNaN(value: unknown): boolean {
  return typeof value === "number" && value !== value;
}

/** Codes, and what they stand for. */
export function categoricalParts(parts: Parts): ColumnParts {
  const codes = arrayOf(parts);
  const dtype = parts.get("dtype");
  const categories = columnOf(
    parts.get("categories") ??
      (dtype instanceof PyObject
        ? dictOf(dtype.state).get("categories")
        : undefined),
  );
  const code = itemsOf(codes);
  const missing = categories.dtype.startsWith("datetime") ? NaT : NaN;
  return {
    dtype: "category",
    length: codes.shape[0]!,
    source: { codes, categories },
    read: (index) => {
      const number = numberOf(code(index));
      return number < 0 ? missing : categories.at(number);
    },
  };
}

/** Values at some places, and one for all others. */
export function sparseParts(parts: Parts): ColumnParts {
  const places = parts.get("sparse_index");
  const values = columnOf(parts.get("sparse_values"));
  const dtype = parts.get("dtype");
  if (!(places instanceof PyObject) || !(dtype instanceof PyObject)) {
    throw new TypeError("this is no sparse array");
  }
  const fill = dictOf(dtype.state).get("_fill_value") ??
    dictOf(dtype.state).get("fill_value");
  const found = sparsePlaces(places, values);
  return {
    dtype: `Sparse[${values.dtype}, ${fill}]`,
    length: numberOf(places.args[0]),
    source: { values, fill },
    read: (index) => {
      const at = found.get(index);
      return at === undefined ? fill : values.at(at);
    },
  };
}

/** Of each place that has a value, which. */
function sparsePlaces(
  { name, args: [, starts, lengths] }: PyObject,
  values: Column,
): Map<number, number> {
  const found = new Map<number, number>();
  const from = columnOf(starts);
  const counts = name === "BlockIndex" ? columnOf(lengths) : undefined;
  for (let i = 0; i < from.length; i++) {
    const start = numberOf(from.at(i));
    const count = counts ? numberOf(counts.at(i)) : 1;
    if (count > values.length - found.size) {
      throw new RangeError("there are more places than values");
    }
    for (let k = 0; k < count; k++) found.set(start + k, found.size);
  }
  return found;
}

/** Pairs of bounds. */
export function intervalParts(parts: Parts): ColumnParts {
  const left = columnOf(parts.get("left"));
  const right = columnOf(parts.get("right"));
  if (left.length !== right.length) throw new RangeError("a bound is missing");
  const closed = parts.get("closed") ?? closedOf(parts.get("dtype"));
  return {
    dtype: `interval[${left.dtype}, ${closed}]`,
    length: left.length,
    source: { left, right, closed },
    read: (index) => {
      const [from, to] = [left.at(index), right.at(index)];
      if (isNaN(from)) return NaN;
      return new PyObject("pandas", "Interval", { args: [from, to, closed] });
    },
  };
}

function closedOf(dtype: unknown): unknown {
  if (!(dtype instanceof PyObject)) return "right";
  return dtype.state === undefined
    ? dtype.args[1] ?? "right"
    : dictOf(dtype.state).get("closed") ?? "right";
}

/** Numbers of months, days or whatever the type says. */
export function periodParts(parts: Parts): ColumnParts {
  const data = arrayOf(parts);
  const dtype = parts.get("dtype");
  const given = dtype instanceof PyObject ? dtype.args[0] : parts.get("freq");
  // The type may be told by its name, which has the frequency in it.
  const freq = typeof given === "string"
    ? given.replace(/^period\[(.*)\]$/i, "$1")
    : given;
  const ordinal = itemsOf(data);
  return {
    dtype: `period[${frequency(freq)}]`,
    length: data.shape[0]!,
    source: data,
    read: (index) => {
      const value = ordinal(index);
      return value === -(2n ** 63n)
        ? NaT
        : new PyObject("pandas", "Period", { args: [null, freq, value] });
    },
  };
}

const FREQUENCIES: Readonly<Record<string, string>> = {
  Day: "D",
  Hour: "H",
  Minute: "T",
  Second: "S",
  MonthEnd: "M",
  QuarterEnd: "Q-DEC",
  YearEnd: "A-DEC",
  BusinessDay: "B",
};

function frequency(freq: unknown): string {
  return freq instanceof PyObject
    ? FREQUENCIES[freq.name] ?? freq.name
    : String(freq);
}
