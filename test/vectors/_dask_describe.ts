/** Values as `dask-vectors/1` describes them; `vecdesc.py` beside the vectors is the model. */
import { createHash } from "node:crypto";
import { encodeBase64 } from "@std/encoding/base64";
import {
  MASKED,
  PyMemoryView,
  Serialized,
  sparseEntries,
} from "../../streams/dask/mod.ts";
import {
  type Column,
  DataFrame,
  DType,
  ELLIPSIS,
  Index,
  MaskedArray,
  NaT,
  NdArray,
  NOT_IMPLEMENTED,
  NpScalar,
  PdTimedelta,
  PdTimestamp,
  PyArray,
  PyByteArray,
  PyComplex,
  PyCounter,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyDefaultDict,
  PyEnum,
  PyException,
  PyFloat,
  PyFraction,
  PyFrozenSet,
  PyGlobal,
  PyInt,
  PyObject,
  PyOrderedDict,
  PyRange,
  PySlice,
  PyTime,
  PyTimeDelta,
  PyTuple,
  PyUUID,
  Series,
} from "../../src/pickle/mod.ts";

// deno-lint-ignore no-explicit-any
export type Desc = Record<string, any>;

const SMALL = 4096;

export function blob(bytes: Uint8Array): Desc {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const plain = new Uint8Array(bytes);
  const n = bytes.length;
  return { n, sha256, ...n <= SMALL && { b64: encodeBase64(plain) } };
}

export function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

/** As Python spells a float. */
function repr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

const float = (v: number): Desc => ({ t: "float", bits: bits(v), v: repr(v) });

export function describe(value: unknown): Desc {
  switch (typeof value) {
    case "boolean":
      return { t: "bool", v: value };
    case "bigint":
      return { t: "int", v: String(value) };
    case "number":
      return Number.isInteger(value) && !Object.is(value, -0)
        ? { t: "int", v: String(value) }
        : float(value);
    case "string":
      return { t: "str", v: value };
    case "object":
      if (value === null) return { t: "none" };
      return numpy(value) ?? pandas(value) ?? builtin(value) ??
        standard(value) ?? collection(value);
  }
  throw new TypeError(`${typeof value} is no value of Python`);
}

function dtype(of: DType): unknown {
  if (of.fields) {
    return {
      names: [...of.fields.keys()],
      itemsize: of.itemsize,
      fields: [...of.fields].map(([name, { dtype: type, offset }]) => ({
        name,
        dtype: dtype(type),
        offset,
      })),
    };
  }
  if (of.sub) return { base: dtype(of.sub.dtype), shape: [...of.sub.shape] };
  return of.str;
}

function numpy(value: object): Desc | undefined {
  if (value === MASKED) return { t: "masked" };
  if (value instanceof NdArray) return arrayOf(value);
  if (value instanceof DType) return { t: "dtype", dtype: dtype(value) };
  if (value instanceof NpScalar) {
    const { dtype: type, bytes } = value;
    return { t: "npscalar", dtype: dtype(type), ...blob(bytes) };
  }
  if (!(value instanceof MaskedArray)) return undefined;
  const { array, mask, fill } = value;
  const isNone = mask.shape.length === 0;
  return {
    t: "masked_array",
    data: arrayOf(array),
    mask: isNone ? { t: "none" } : arrayOf(mask),
    fill_value: fill instanceof NpScalar || typeof fill === "string"
      ? describe(fill)
      : scalarOf(array.dtype, Number(fill)),
  };
}

function scalarOf(type: DType, value: number): Desc {
  const bytes = new Uint8Array(type.itemsize);
  const view = new DataView(bytes.buffer);
  if (type.str === "<f8") view.setFloat64(0, value, true);
  else view.setInt32(0, value, true);
  return { t: "npscalar", dtype: type.str, ...blob(bytes) };
}

function arrayOf(array: NdArray): Desc {
  const { shape, strides, type, writeable } = array;
  const common = {
    t: type === "matrix" ? "matrix" : "ndarray",
    dtype: dtype(array.dtype),
    shape: [...shape],
    strides: [...strides],
    writeable,
    c: isPacked(array, [...shape.keys()].reverse()),
    f: isPacked(array, [...shape.keys()]),
  };
  return Array.isArray(array.data) || holdsObjects(array.dtype)
    ? { ...common, items: array.toArray().map(describe) }
    : { ...common, ...blob(array.toBytes()) };
}

function holdsObjects({ kind, fields }: DType): boolean {
  return kind === "O" ||
    [...fields?.values() ?? []].some(({ dtype }) => holdsObjects(dtype));
}

function isPacked({ shape, strides, dtype }: NdArray, axes: number[]): boolean {
  if (shape.includes(0)) return true;
  let next = dtype.itemsize;
  return axes.every((axis) => {
    const fits = shape[axis] === 1 || strides[axis] === next;
    next *= shape[axis]!;
    return fits;
  });
}

function items(column: Column): Desc[] {
  const isFloat = /^float/.test(column.dtype);
  return column.toArray().map((item) =>
    isFloat && typeof item === "number" ? float(item) : describe(item)
  );
}

function pandas(value: object): Desc | undefined {
  if (value === NaT) return { t: "NaT" };
  if (value instanceof DataFrame) {
    const { columns, index, data } = value;
    return {
      t: "dataframe",
      columns: indexOf(columns),
      index: indexOf(index),
      cols: data.map((column, i) =>
        describe(new Series(columns.at(i), index, column))
      ),
    };
  }
  if (value instanceof Series) {
    const { name, values, index } = value;
    return {
      t: "series",
      name: describe(name),
      dtype: values.dtype,
      index: indexOf(index),
      values: items(values),
    };
  }
  if (value instanceof Index) return indexOf(value);
  if (value instanceof PdTimestamp) {
    const ns = value.epochNanoseconds;
    const rest = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
    const text = new Date(Number((ns - rest) / 1_000_000n)).toISOString();
    const digits = String(rest).padStart(9, "0");
    const fraction = rest === 0n
      ? ""
      : `.${rest % 1000n === 0n ? digits.slice(0, 6) : digits}`;
    return {
      t: "timestamp",
      iso: text.slice(0, 19) + fraction,
      ns: String(ns),
    };
  }
  if (value instanceof PdTimedelta) {
    return { t: "pdtimedelta", ns: String(value.nanoseconds) };
  }
  return undefined;
}

function indexOf(index: Index): Desc {
  const [first] = index.levels;
  if (index.type === "MultiIndex") {
    return {
      t: "multiindex",
      names: index.names.map(describe),
      values: index.toArray().map(describe),
    };
  }
  const name = describe(index.names[0]);
  if (index.type !== "RangeIndex") {
    return { t: "index", dtype: index.dtype, name, values: items(first!) };
  }
  const labels = index.toArray() as number[];
  const step = labels.length > 1 ? labels[1]! - labels[0]! : 1;
  const start = labels[0] ?? 0;
  const stop = start + labels.length * step;
  return { t: "rangeindex", start, stop, step, name };
}

function builtin(value: object): Desc | undefined {
  if (value === ELLIPSIS) return { t: "ellipsis" };
  if (value === NOT_IMPLEMENTED) return { t: "notimplemented" };
  if (value instanceof PyFloat) return float(value.value);
  if (value instanceof PyInt) return { t: "int", v: String(value.value) };
  if (value instanceof PyByteArray) return { t: "bytearray", ...blob(value) };
  if (value instanceof Uint8Array) return { t: "bytes", ...blob(value) };
  if (value instanceof PyComplex) {
    return { t: "complex", re: bits(value.re), im: bits(value.im) };
  }
  if (value instanceof PyMemoryView) {
    const { format, shape, bytes } = value;
    return { t: "memoryview", format, shape: [...shape], ...blob(bytes) };
  }
  if (value instanceof PyArray) {
    const { typecode, data, bytes } = value;
    const itemsize = data.BYTES_PER_ELEMENT;
    return { t: "array", typecode, itemsize, ...blob(bytes) };
  }
  if (value instanceof PyRange) {
    const { start, stop, step } = value;
    return { t: "range", start, stop, step };
  }
  if (value instanceof PySlice) {
    const { start, stop, step } = value;
    return { t: "slice", items: [start, stop, step].map(describe) };
  }
  return undefined;
}

function standard(value: object): Desc | undefined {
  if (value instanceof PyDate) return { t: "date", iso: String(value) };
  if (value instanceof PyDateTime) return { t: "datetime", iso: String(value) };
  if (value instanceof PyTime) return { t: "time", iso: String(value) };
  if (value instanceof PyTimeDelta) {
    const { days, seconds, microseconds: us } = value;
    return { t: "timedelta", days, seconds, us };
  }
  if (value instanceof PyDecimal) return { t: "decimal", v: value.text };
  if (value instanceof PyFraction) {
    return { t: "fraction", v: `${value.numerator}/${value.denominator}` };
  }
  if (value instanceof PyUUID) return { t: "uuid", v: value.text };
  if (value instanceof PyGlobal) return { t: "global", name: String(value) };
  if (value instanceof PyEnum) {
    const { module, name, member } = value;
    return { t: "enum", cls: `${module}.${name}`, name: member };
  }
  if (value instanceof PyException) {
    const { module, name, args } = value;
    // Python keeps two of an OSError's.
    const shown = name === "FileNotFoundError" ? args.slice(0, 2) : args;
    return {
      t: "exception",
      cls: `${module}.${name}`,
      args: shown.map(describe),
    };
  }
  if (value instanceof Serialized) {
    const { header, frames } = value;
    return {
      t: "serialized",
      header: describe(header),
      frames: frames.map(blob),
    };
  }
  return value instanceof PyObject ? objectOf(value) : undefined;
}

function objectOf(value: PyObject): Desc {
  const cls = `${value.module}.${value.name}`;
  if (value.module.startsWith("scipy.sparse")) return sparseOf(value);
  if (value.name === "BufferHolder") {
    const bytes = value.args[0] as Uint8Array<ArrayBuffer>;
    const mv = new PyMemoryView(new Uint8Array(bytes));
    return { t: "object", cls, attrs: { mv: describe(mv) } };
  }
  const attrs = [...value.attributes()].map(([k, v]) => [k, describe(v)]);
  return { t: "object", cls, attrs: Object.fromEntries(attrs) };
}

function sparseOf(value: PyObject): Desc {
  const { shape, coords, values } = sparseEntries(value);
  const data = value.get("data") as NdArray;
  const coo = coords.map(([row, column], i) => [row, column, values[i]])
    .sort((a, b) =>
      (a[0] as number) - (b[0] as number) || (a[1] as number) - (b[1] as number)
    );
  return {
    t: "sparse",
    format: value.name.slice(0, 3),
    shape,
    dtype: data.dtype.str,
    coo: coo.map(([row, column, v]) => [row, column, bits(v as number)]),
  };
}

function collection(value: object): Desc {
  if (value instanceof PyTuple) {
    return { t: "tuple", items: Array.from(value, describe) };
  }
  if (Array.isArray(value)) return { t: "list", items: value.map(describe) };
  if (value instanceof Set) {
    const t = value instanceof PyFrozenSet ? "frozenset" : "set";
    const text = new Map([...value].map((item) => {
      const desc = describe(item);
      return [sorted(desc), desc];
    }));
    return { t, items: [...text.keys()].sort().map((key) => text.get(key)) };
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const items = entries.map(([k, v]) => [describe(k), describe(v)]);
  const cls = value instanceof PyOrderedDict
    ? "OrderedDict"
    : value instanceof PyDefaultDict
    ? "defaultdict"
    : value instanceof PyCounter
    ? "Counter"
    : undefined;
  return { t: "dict", items, ...cls && { cls: `collections.${cls}` } };
}

/** JSON as Python writes it with sorted keys. */
function sorted(desc: Desc): string {
  const keys = Object.keys(desc).sort();
  return `{${
    keys.map((key) => `"${key}": ${JSON.stringify(desc[key])}`).join(", ")
  }}`;
}

/** What differs: every key of what is expected must be there, and equal. */
export function differences(
  expected: unknown,
  got: unknown,
  path = "$",
): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) {
      return [`${path}: not ${expected.length} items`];
    }
    return expected.flatMap((item, i) =>
      differences(item, got[i], `${path}[${i}]`)
    );
  }
  if (typeof expected === "object" && expected !== null) {
    return Object.entries(expected).flatMap(([key, value]) => {
      const found = (got as Desc | undefined)?.[key];
      return found === undefined
        ? [`${path}.${key}: missing, not ${JSON.stringify(value)}`]
        : differences(value, found, `${path}.${key}`);
    });
  }
  return Object.is(expected, got)
    ? []
    : [`${path}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`];
}
