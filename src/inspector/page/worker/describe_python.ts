import { Column } from "../../../pickle/values/column.ts";
import { NdArray } from "../../../pickle/values/ndarray.ts";
import {
  DataFrame,
  Index,
  MaskedArray,
  PyArray,
  PyByteArray,
  PyDeque,
  PyException,
  PyFrozenSet,
  PyNamedTuple,
  PyObject,
  PyTuple,
  Series,
} from "../../../pickle/values/mod.ts";
import {
  cell,
  cut,
  describe,
  type Described,
  listOf,
  partsOf,
} from "./describe.ts";
import { describeScalar } from "./describe_scalars.ts";

/** Python's values, numpy's and those of pandas. */
export function describePython(value: object): Described | undefined {
  const prototype = Object.getPrototypeOf(value);
  if (
    prototype === Object.prototype || prototype === Array.prototype ||
    prototype === null
  ) {
    return undefined;
  }
  return describeArray(value) ?? describeTable(value) ??
    describeObject(value) ?? describeScalar(value);
}

function describeArray(value: object): Described | undefined {
  if (value instanceof MaskedArray) {
    const described = describeArray(value.array)!;
    return { ...described, type: `masked ${described.type}` };
  }
  if (!(value instanceof NdArray)) return undefined;
  const { shape, dtype, type } = value;
  const label = `${type}(${shape.join(" × ")}) ${dtype}`;
  if (shape.length === 0) return { ...describe(value.get()), type: label };
  const item = (i: number) =>
    shape.length === 1 ? value.get(i) : sliceOf(value, i);
  return listOf(label, shape[0]!, item);
}

/** One step along the first axis: a view. */
function sliceOf(array: NdArray, index: number): NdArray {
  const { data, dtype, shape, strides, offset } = array;
  const start = offset + index * strides[0]!;
  return new NdArray({
    data,
    dtype,
    shape: shape.slice(1),
    strides: strides.slice(1),
    offset: start,
  });
}

function describeTable(value: object): Described | undefined {
  if (value instanceof DataFrame) {
    const names = Array.from(
      { length: value.data.length },
      (_, i) => cell(value.columns.at(i)),
    );
    const described = partsOf(
      `DataFrame(${value.length} × ${value.data.length})`,
      [...names.map((name, i) => [name, value.data[i]] as const), [
        "index",
        value.index,
      ]],
    );
    return { ...described, preview: cut(names.join(", "), 100), tone: "array" };
  }
  if (value instanceof Series) {
    const { index, values } = value;
    const label = `Series(${values.length}) ${values.dtype}`;
    return listOf(
      label,
      values.length,
      (i) => values.at(i),
      (i) => cell(index.at(i)),
    );
  }
  if (value instanceof Index) {
    return listOf(
      `${value.type}(${value.length}) ${value.dtype}`,
      value.length,
      (i) => value.at(i),
    );
  }
  if (value instanceof Column) {
    return listOf(
      `${value.dtype}(${value.length})`,
      value.length,
      (i) => value.at(i),
    );
  }
  if (value instanceof PyArray && typeof value.data !== "string") {
    const items = value.data as ArrayLike<unknown>;
    return listOf(
      `array(${items.length}) ${value.typecode}`,
      items.length,
      (i) => items[i],
    );
  }
  return undefined;
}

function describeObject(value: object): Described | undefined {
  if (value instanceof PyTuple && !(value instanceof PyNamedTuple)) {
    return listOf(`tuple(${value.length})`, value.length, (i) => value[i]);
  }
  if (value instanceof PyFrozenSet) {
    const items = [...value];
    return listOf(`frozenset(${items.length})`, items.length, (i) => items[i]);
  }
  if (value instanceof PyByteArray) {
    return {
      ...listOf(`bytearray(${value.length})`, value.length, (i) => value[i]),
      tone: "bytes",
    };
  }
  if (value instanceof PyNamedTuple) {
    return partsOf(
      `${value.name}`,
      value.fields.map((field, i) => [field, value[i]]),
    );
  }
  if (value instanceof PyDeque) {
    return listOf(
      `deque(${value.items.length})`,
      value.items.length,
      (i) => value.items[i],
    );
  }
  if (value instanceof PyException) {
    const { module, name, args, attributes, cause, traceback } = value;
    const parts: [string, unknown][] = [["args", args], ...attributes];
    if (cause !== undefined) parts.push(["cause", cause]);
    if (traceback !== undefined) parts.push(["traceback", traceback]);
    return partsOf(`${module}.${name}`, parts, cut(value.message), "error");
  }
  if (value instanceof PyObject) {
    const { module, name, args, kwargs, state, items, entries } = value;
    const parts: [string, unknown][] = [];
    if (args.length > 0) parts.push(["args", args]);
    if (kwargs && kwargs.size > 0) parts.push(["kwargs", kwargs]);
    if (state !== undefined && state !== null) {
      const attributes = [...value.attributes()];
      if (attributes.length > 0) parts.push(...attributes);
      else parts.push(["state", state]);
    }
    if (items && items.length > 0) parts.push(["items", items]);
    if (entries && entries.length > 0) {
      parts.push(["entries", new Map(entries)]);
    }
    return partsOf(`${module}.${name}`, parts);
  }
  return undefined;
}
