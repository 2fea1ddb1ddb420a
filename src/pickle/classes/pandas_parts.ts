import { Column } from "../values/column.ts";
import { NdArray } from "../values/ndarray.ts";
import { PyObject } from "../values/object.ts";
import { Index } from "../values/table.ts";
import { numpyParts } from "./pandas_numpy.ts";
import { listFrom } from "./_state.ts";

/** What is in an array of pandas, by name. */
export type Parts = ReadonlyMap<string, unknown>;

/** The array of numpy that is inside. */
export function arrayOf(parts: Parts): NdArray {
  const data = parts.get("data") ?? parts.get("codes") ?? parts.get("dates");
  if (data instanceof NdArray) return data;
  if (data instanceof Column && data.source instanceof NdArray) {
    return data.source;
  }
  throw new TypeError("there is no data");
}

/** The column that a value is. */
export function columnOf(value: unknown): Column {
  if (value instanceof Column) return value;
  if (value instanceof NdArray) {
    if (value.shape.length !== 1) throw new RangeError("this is no column");
    return new Column(numpyParts(value));
  }
  if (value instanceof Index) {
    return value.levels.length === 1
      ? value.levels[0]!
      : Column.of(value.toArray());
  }
  if (Array.isArray(value)) return Column.of(listFrom(value));
  const name = value instanceof PyObject ? value.name : typeof value;
  throw new TypeError(`a ${name} is no column`);
}
