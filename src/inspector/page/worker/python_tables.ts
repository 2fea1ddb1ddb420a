import { Column } from "../../../pickle/values/column.ts";
import { NdArray } from "../../../pickle/values/ndarray.ts";
import { MaskedArray } from "../../../pickle/values/npscalar.ts";
import { PyArray } from "../../../pickle/values/array.ts";
import { DataFrame, Index, Series } from "../../../pickle/values/table.ts";
import { cell } from "./describe.ts";
import type { TableColumn, Tabular } from "./tables.ts";

const MAX_COLUMNS = 200;

/** Arrays of one and two axes, and everything of pandas. */
export function tabularOfPython(value: object): Tabular | undefined {
  if (value instanceof DataFrame) return ofFrame(value);
  if (value instanceof Series) {
    const name = value.name === null || value.name === undefined
      ? "values"
      : cell(value.name);
    return {
      length: value.index.length,
      columns: [...indexColumns(value.index), columnOf(name, value.values)],
    };
  }
  if (value instanceof Index) {
    return { length: value.length, columns: indexColumns(value) };
  }
  if (value instanceof Column) {
    return { length: value.length, columns: [columnOf("value", value)] };
  }
  if (value instanceof MaskedArray) return ofArray(value.array, value.mask);
  if (value instanceof NdArray) return ofArray(value);
  if (value instanceof PyArray && typeof value.data !== "string") {
    const items = value.data as ArrayLike<unknown>;
    return {
      length: items.length,
      columns: [{ name: "value", at: (i) => items[i] }],
    };
  }
  return undefined;
}

function ofFrame({ columns, index, data, length }: DataFrame): Tabular {
  const shown = data.slice(0, MAX_COLUMNS);
  return {
    length,
    columns: [
      ...indexColumns(index),
      ...shown.map((column, i) => columnOf(cell(columns.at(i)), column)),
    ],
  };
}

function indexColumns(index: Index): TableColumn[] {
  return index.levels.map((level, i) =>
    columnOf(cell(index.names[i] ?? "index"), level)
  );
}

function columnOf(name: string, column: Column): TableColumn {
  return { name, at: (i) => column.at(i) };
}

function ofArray(array: NdArray, mask?: NdArray): Tabular | undefined {
  const { shape: [length, width = 1, ...more], dtype } = array;
  if (length === undefined || more.length > 0) return undefined;
  const isVector = array.shape.length === 1;
  const get = (...place: number[]) =>
    mask?.get(...place) ? null : array.get(...place);
  if (isVector && dtype.fields) {
    const names = [...dtype.fields.keys()];
    return {
      length,
      columns: names.map((name, k) => ({
        name,
        at: (i) => fieldOf(get(i), name, k),
      })),
    };
  }
  return {
    length,
    columns: Array.from({ length: Math.min(width, MAX_COLUMNS) }, (_, k) => ({
      name: isVector ? "value" : `[${k}]`,
      at: (i: number) => isVector ? get(i) : get(i, k),
    })),
  };
}

/** An item of a record, whatever form that has. */
function fieldOf(record: unknown, name: string, place: number): unknown {
  if (record instanceof Map) return record.get(name);
  if (Array.isArray(record)) return record[place];
  return (record as Record<string, unknown> | null)?.[name];
}
