import type { Column } from "./values/column.ts";
import { NdArray } from "./values/ndarray.ts";
import { PyObject } from "./values/object.ts";
import { PdTimedelta, PdTimestamp } from "./values/pdscalar.ts";
import { DataFrame, Index, Series } from "./values/table.ts";
import {
  builtin,
  call,
  named,
  type Plan,
  Planned,
  type Reducer,
} from "./write_plan.ts";

/** Tables of pandas and their parts, each by its class; by calls that every version since 1.5 has. */
export const pandasReducers: readonly Reducer[] = [
  [DataFrame, ofDataFrame],
  [
    Series,
    ({ name, index, values }: Series) =>
      call("pandas", "Series", dataOf(values), index, typeOf(values), name),
  ],
  [Index, ofIndex],
  [PdTimestamp, ofTimestamp],
  [
    PdTimedelta,
    ({ value, unit }: PdTimedelta) => call("pandas", "Timedelta", value, unit),
  ],
];

/** A dict of columns by number, and then their names: these may be anything, and more than one the same. */
function ofDataFrame({ columns, index, data }: DataFrame): Plan {
  const byNumber = new Map(
    data.map((column, i) => [BigInt(i), columnOf(column, index)]),
  );
  const frame = new Planned(call("pandas", "DataFrame", byNumber, index));
  return {
    call: new Planned(builtin("getattr", frame, "set_axis")),
    args: [columns],
    kwargs: new Map([["axis", 1n]]),
  };
}

function columnOf(column: Column, index: Index): unknown {
  const data = dataOf(column);
  return typeOf(column) === null
    ? data
    : new Planned(call("pandas", "Series", data, index, typeOf(column)));
}

/** Named where pandas might otherwise look at the items and take text for one of its own types. */
function typeOf({ dtype }: Column): string | null {
  return dtype === "object" ? dtype : null;
}

/** What pandas makes the column of: an array as it is, and otherwise the items, with the name of their type. */
function dataOf(column: Column): unknown {
  const { dtype, source } = column;
  if (dtype === "category") {
    const { codes, categories } = source as {
      codes: NdArray;
      categories: Column;
    };
    const fromCodes = builtin(
      "getattr",
      named("pandas", "Categorical"),
      "from_codes",
    );
    return new Planned({
      call: new Planned(fromCodes),
      args: [codes, dataOf(categories)],
    });
  }
  if (source instanceof NdArray && !EXTENSION.test(dtype)) return source;
  return new Planned(call("pandas", "array", column.toArray(), dtype));
}

/** Types that numpy has not, though what is in them is in one of its arrays. */
const EXTENSION = /^str|^period|,/;

function ofIndex(index: Index): Plan {
  const { type, names, levels } = index;
  if (type === "MultiIndex") {
    const fromTuples = new Planned(
      builtin("getattr", named("pandas", "MultiIndex"), "from_tuples"),
    );
    return { call: fromTuples, args: [index.toArray(), null, [...names]] };
  }
  const [column] = levels;
  const source = column!.source as {
    start: number;
    stop: number;
    step: number;
  };
  if (type === "RangeIndex") {
    const { start, stop, step } = source;
    const range = [start, stop, step].map(BigInt);
    return call("pandas", "RangeIndex", ...range, null, false, names[0]);
  }
  const dtype = typeOf(column!);
  return call("pandas", "Index", dataOf(column!), dtype, false, names[0]);
}

function ofTimestamp({ value, unit, tz }: PdTimestamp): Plan {
  const kwargs = new Map<string, unknown>([["unit", unit]]);
  // The zone as a name, where it is of a library that newer versions do without.
  const isPytz = tz instanceof PyObject && tz.name === "UTC";
  if (tz !== null) kwargs.set("tz", isPytz ? tz.name : tz);
  return { ...call("pandas", "Timestamp", value), kwargs };
}
