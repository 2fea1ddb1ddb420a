import type { PickleClass, PickleGlobals } from "../globals.ts";
import { Column, type ColumnParts } from "../values/column.ts";
import { NdArray } from "../values/ndarray.ts";
import { PyGlobal } from "../values/object.ts";
import { arrowParts } from "./arrow.ts";
import { datesParts, numpyParts, tzOf } from "./pandas_numpy.ts";
import {
  categoricalParts,
  intervalParts,
  maskedParts,
  periodParts,
  sparseParts,
  stringParts,
} from "./pandas_kinds.ts";
import { arrayOf, columnOf, type Parts } from "./pandas_parts.ts";
import { Refusal } from "./_refusal.ts";
import { stateEntries } from "./_state.ts";

/** A column of nothing. */
export const EMPTY: Column = Column.of([]);

/** Where the classes are; pandas 3 has them in `pandas.arrays` and `pandas`. */
const ARRAYS: Readonly<Record<string, string>> = {
  "pandas.core.arrays.integer": "IntegerArray",
  "pandas.core.arrays.floating": "FloatingArray",
  "pandas.core.arrays.boolean": "BooleanArray",
  "pandas.core.arrays.string_": "StringArray StringArrayNumpySemantics",
  "pandas.core.arrays.string_arrow":
    "ArrowStringArray ArrowStringArrayNumpySemantics",
  "pandas.core.arrays.arrow.array": "ArrowExtensionArray",
  "pandas.core.arrays.arrow": "ArrowExtensionArray",
  "pandas.core.arrays.sparse.array": "SparseArray",
  "pandas.core.arrays.sparse": "SparseArray",
  "pandas.core.arrays.interval": "IntervalArray",
  "pandas.core.arrays.period": "PeriodArray",
  "pandas.core.arrays.datetimes": "DatetimeArray",
  "pandas.core.arrays.timedeltas": "TimedeltaArray",
  "pandas.core.arrays.categorical": "Categorical",
  "pandas.core.arrays.numpy_": "PandasArray NumpyExtensionArray",
  "pandas.arrays":
    "IntegerArray FloatingArray BooleanArray StringArray ArrowStringArray ArrowExtensionArray SparseArray IntervalArray PeriodArray DatetimeArray TimedeltaArray Categorical NumpyExtensionArray",
  "pandas": "Categorical",
};

/** Of columns that are yet to be filled, the class. */
const kinds = new WeakMap<Column, string>();
/** Of columns in blocks of several, how to make another of any of the rows. */
const rows = new WeakMap<Column, (row: NdArray) => Column>();
const blocks = new WeakMap<Column, NdArray>();

/** The classes of arrays. */
export function addPandasArrays(globals: PickleGlobals): void {
  for (const [module, names] of Object.entries(ARRAYS)) {
    for (const name of names.split(" ")) globals.add(module, name, array(name));
  }
  globals.add("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked", {
    call: ([cls, , state]) => {
      if (!(cls instanceof PyGlobal)) return new Refusal();
      const column = empty(cls.name);
      if (state !== undefined && state !== null) setState(column, state);
      return column;
    },
    setState,
  });
}

function array(name: string): PickleClass {
  return {
    call: () => new Refusal(),
    create: (args) => args.length > 0 ? new Refusal() : empty(name),
    setState,
  };
}

function empty(kind: string): Column {
  const column = Column.of([]);
  kinds.set(column, kind);
  return column;
}

/** A dict of parts, or `(type, array, dict)`. */
function setState(column: Column, state: unknown): void {
  const kind = kinds.get(column)!;
  const parts = partsOf(state);
  const data = parts.get("data");
  if (data instanceof NdArray && data.shape.length === 2) {
    const make = (row: NdArray) =>
      new Column(columnParts(kind, new Map([...parts, ["data", row]])));
    rows.set(column, make);
    blocks.set(column, data);
    Column.become(
      column,
      columnParts(kind, new Map([...parts, ["data", flat(data)]])),
    );
    return;
  }
  Column.become(column, columnParts(kind, parts));
}

function partsOf(state: unknown): Map<string, unknown> {
  if (Array.isArray(state)) {
    const parts = stateEntries(state[2]) ?? new Map<string, unknown>();
    // In either order.
    const [a, b] = state;
    const isArray = a instanceof NdArray;
    parts.set("dtype", isArray ? b : a);
    parts.set("data", isArray ? a : b);
    return parts;
  }
  const parts = stateEntries(state);
  if (!parts) throw new TypeError("this is no array");
  const named = new Map<string, unknown>();
  for (const [name, value] of parts) {
    named.set(name === "_ndarray" ? "data" : name.replace(/^_/, ""), value);
  }
  return named;
}

/** Read as `Column.become` has it. */
export function columnParts(kind: string, parts: Parts): ColumnParts {
  switch (kind) {
    case "IntegerArray":
    case "FloatingArray":
    case "BooleanArray":
      return maskedParts(parts);
    case "StringArray":
    case "StringArrayNumpySemantics":
      return stringParts(parts);
    case "ArrowStringArray":
    case "ArrowStringArrayNumpySemantics":
    case "ArrowExtensionArray":
      return arrowParts(parts);
    case "SparseArray":
      return sparseParts(parts);
    case "IntervalArray":
      return intervalParts(parts);
    case "PeriodArray":
      return periodParts(parts);
    case "DatetimeArray":
      return datesParts(arrayOf(parts), tzOf(parts));
    case "Categorical":
      return categoricalParts(parts);
    case "TimedeltaArray":
    case "PandasArray":
    case "NumpyExtensionArray":
      return numpyParts(arrayOf(parts));
    default:
      throw new TypeError(`there are no arrays of class ${kind}`);
  }
}

/** One of the columns of a block. */
export function rowOf(values: unknown, row: number, count: number): Column {
  if (values instanceof NdArray && values.shape.length === 2) {
    return columnOf(rowView(values, row, count));
  }
  if (values instanceof Column) {
    const block = blocks.get(values);
    if (block) return rows.get(values)!(rowView(block, row, count));
  }
  if (count !== 1) throw new RangeError("a block has too few columns");
  return columnOf(values);
}

function rowView(block: NdArray, row: number, count: number): NdArray {
  const { data, dtype, offset, shape, strides } = block;
  if (shape[0] !== count) throw new RangeError("a block has too few columns");
  return new NdArray({
    data,
    dtype,
    shape: [shape[1]!],
    strides: [strides[1]!],
    offset: offset + row * strides[0]!,
  });
}

/** All items of a block one after the other, if they are so in the data; else of its first row. */
function flat(block: NdArray): NdArray {
  return block.shape[0] === 0
    ? new NdArray({ data: block.data, dtype: block.dtype, shape: [0] })
    : rowView(block, 0, block.shape[0]!);
}
