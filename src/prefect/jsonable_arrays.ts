/** Arrays and tables of Python as lists and rows. */
import type {
  DataFrame,
  DType,
  Index,
  MaskedArray,
  NdArray,
  NpScalar,
  Series,
} from "../pickle/values/mod.ts";
import { setKey } from "../tree/tags.ts";
import { dateTime64, timeDelta64 } from "./jsonable_times.ts";

/** Lists within lists; the items of structured arrays are objects, times are text. */
export function nested(array: NdArray): unknown {
  const items = array.toNested();
  const { dtype, shape } = array;
  if (!isCoded(dtype)) return items;
  return mapped(items, shape.length, (item) => decoded(dtype, item));
}

/** The same, with `null` for what is masked. */
export function nestedMasked({ array, mask }: MaskedArray): unknown {
  return masked(nested(array), mask.toNested(), array.shape.length);
}

/** The value as text if it is a time, and as an object if it is structured. */
export function scalar({ dtype, value }: NpScalar): unknown {
  return decoded(dtype, value);
}

function masked(items: unknown, mask: unknown, axes: number): unknown {
  if (axes === 0) return mask === true ? null : items;
  const masks = mask as unknown[];
  return (items as unknown[]).map((item, i) =>
    masked(item, masks[i], axes - 1)
  );
}

function mapped(
  items: unknown,
  axes: number,
  map: (item: unknown) => unknown,
): unknown {
  if (axes === 0) return map(items);
  return (items as unknown[]).map((item) => mapped(item, axes - 1, map));
}

/** Whether items are not what they stand for: counts of times, and tuples without the names of their fields. */
function isCoded({ kind, fields, sub }: DType): boolean {
  return kind === "M" || kind === "m" || fields !== undefined ||
    (sub !== undefined && isCoded(sub.dtype));
}

function decoded(dtype: DType, item: unknown): unknown {
  const { kind, fields, sub, unit = ["generic", 1] } = dtype;
  if (kind === "M") return dateTime64(item as bigint, unit);
  if (kind === "m") return timeDelta64(item as bigint, unit);
  if (sub) {
    return mapped(item, sub.shape.length, (part) => decoded(sub.dtype, part));
  }
  if (!fields) return item;
  const made = {};
  [...fields].forEach(([name, field], i) => {
    setKey(made, name, decoded(field.dtype, (item as unknown[])[i]));
  });
  return made;
}

/** Rows by the names of the columns; labels that say more than where a row is come first, as after `reset_index`. */
export function* rowsOf(table: DataFrame): Generator<Record<string, unknown>> {
  const { index, columns, data, length } = table;
  const labels = isPosition(index) ? [] : index.levels;
  const names = distinct([
    ...labels.map((_, level) => labelName(index, level)),
    ...columns.toArray().map(String),
  ]);
  const all = [...labels, ...data];
  for (let i = 0; i < length; i++) {
    const row = {};
    names.forEach((name, k) => setKey(row, name, all[k]!.at(i)));
    yield row;
  }
}

/** A list; an object, if the labels of the items say more than where they are, and pairs if two have the same. */
export function itemsOf(
  { index, values }: Series,
  keyOf: (label: unknown) => string,
): unknown {
  const items = values.toArray();
  if (isPosition(index)) return items;
  const labels = index.toArray();
  const keys = labels.map(keyOf);
  if (new Set(keys).size < keys.length) {
    return labels.map((label, i) => [label, items[i]]);
  }
  const made = {};
  keys.forEach((key, i) => setKey(made, key, items[i]));
  return made;
}

/** Whether labels are those that pandas gives when it is not told any: 0, 1, 2 … */
function isPosition(index: Index): boolean {
  return index.type === "RangeIndex" && index.names[0] === null &&
    Number(index.at(0) ?? 0) === 0 && Number(index.at(1) ?? 1) === 1;
}

/** As `reset_index` names it. */
function labelName({ names, levels }: Index, level: number): string {
  const name = names[level];
  if (name !== null && name !== undefined) return String(name);
  return levels.length === 1 ? "index" : `level_${level}`;
}

/** `a`, `a.1`: as `read_csv` tells columns of one name apart. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let i = 1; seen.has(unique); i++) {
      const other = `${name}.${i}`;
      if (!taken.has(other)) unique = other;
    }
    seen.add(unique);
    return unique;
  });
}
