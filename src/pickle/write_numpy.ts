import { bytesOf } from "../bytes.ts";
import type { Bytes } from "../types.ts";
import { PyArray, type PyArrayData, type PyTypeCode } from "./values/array.ts";
import { DType } from "./values/dtype.ts";
import { NdArray } from "./values/ndarray.ts";
import { stridesOf } from "./values/_walk.ts";
import { MaskedArray, NpScalar } from "./values/npscalar.ts";
import { PyTuple } from "./values/sequence.ts";
import { PickleBuffer } from "./write_bytes.ts";
import {
  call,
  named,
  type Plan,
  type PlanContext,
  Planned,
  type Reducer,
} from "./write_plan.ts";

type View = ArrayBufferView<ArrayBuffer> & { readonly length: number };

/** Of each typed array: numpy's type, the letter of an `array.array`, and that one's number for the machine's format. */
const TYPES: readonly (readonly [string, string, PyTypeCode | "", number])[] = [
  ["Int8Array", "|i1", "b", 1],
  ["Uint8ClampedArray", "|u1", "B", 0],
  ["Int16Array", "<i2", "h", 4],
  ["Uint16Array", "<u2", "H", 2],
  ["Int32Array", "<i4", "i", 8],
  ["Uint32Array", "<u4", "I", 6],
  ["BigInt64Array", "<i8", "q", 12],
  ["BigUint64Array", "<u8", "Q", 10],
  ["Float16Array", "<f2", "", -1],
  ["Float32Array", "<f4", "f", 14],
  ["Float64Array", "<f8", "d", 16],
];
const FORMATS: ReadonlyMap<string, number> = new Map([
  ["Uint8Array", 0],
  ...TYPES.map(([name, , , format]) => [name, format] as const),
]);
/** Text in an `array.array`: UTF-32, little-endian. */
const TEXT_FORMAT = 20;

/** Arrays, each by its class. */
export const arrayReducers: readonly Reducer[] = [
  ...TYPES.flatMap(([name, dtype, typecode]): Reducer[] => {
    const type = (globalThis as unknown as Record<string, Reducer[0]>)[name];
    return type
      ? [[
        type,
        (view: View, context) => ofView(view, dtype, typecode, context),
      ]]
      : [];
  }),
  [NdArray, ofNdArray],
  [DType, planOfDType],
  [
    NpScalar,
    ({ dtype, bytes }: NpScalar) =>
      call("numpy.core.multiarray", "scalar", dtype, bytes),
  ],
  [MaskedArray, ofMasked],
  [
    PyArray,
    (array: PyArray, { protocol }) =>
      ofArray(array.typecode, array.data, protocol),
  ],
];

function ofView(
  view: View,
  dtype: string,
  typecode: PyTypeCode | "",
  { protocol, typedArrays }: PlanContext,
): Plan {
  if (typedArrays === "array") {
    if (typecode === "") throw new TypeError("array.array has no such items");
    return ofArray(typecode, view as unknown as PyArrayData, protocol);
  }
  return ndarray([view.length], dtype, bytesOf(view), "C");
}

/** `numpy.ndarray(shape, dtype, buffer)`, which every version of numpy has. */
function ndarray(
  shape: readonly number[],
  dtype: unknown,
  bytes: Bytes,
  order: "C" | "F",
  writeable = true,
): Plan {
  return call(
    "numpy",
    "ndarray",
    PyTuple.from(shape.map(BigInt)),
    dtype,
    new PickleBuffer(bytes, !writeable),
    ...order === "F" ? [0n, null, "F"] : [],
  );
}

function ofArray(
  typecode: PyTypeCode,
  data: PyArrayData,
  protocol: number,
): Plan {
  const isText = typecode === "u" || typecode === "w";
  if (protocol < 3) {
    const items: unknown[] = isText
      ? Array.from(data as Uint32Array, (point) => String.fromCodePoint(point))
      : Array.from<number | bigint>(data);
    const isInt = !"fd".includes(typecode);
    const list = isText || !isInt
      ? items
      : items.map((n) => BigInt(n as number));
    return call("array", "array", typecode, list);
  }
  const name = Object.prototype.toString.call(data).slice(8, -1);
  const format = isText ? TEXT_FORMAT : FORMATS.get(name);
  if (format === undefined || format < 0) {
    throw new TypeError(`array.array cannot be a ${name}`);
  }
  return call(
    "array",
    "_array_reconstructor",
    named("array", "array"),
    typecode,
    BigInt(format),
    bytesOf(data),
  );
}

function ofNdArray(array: NdArray, { protocol }: PlanContext): Plan {
  const { dtype, shape, type } = array;
  if (Array.isArray(array.data)) return ofObjects(array);
  const order = isFortran(array) ? "F" : "C";
  const bytes = order === "F"
    ? array.data.subarray(
      array.offset,
      array.offset + array.size * dtype.itemsize,
    )
    : array.toBytes();
  // Before protocol 5, numpy gives arrays of the other byte order in that of the machine.
  const isPlain = type === "ndarray" || type === "memmap";
  if (isPlain && (dtype.order !== ">" || protocol >= 5)) {
    const { writeable } = array;
    return ndarray(shape, dtypeArgument(dtype), bytes, order, writeable);
  }
  return reconstructed(array, type, order === "F", new Uint8Array(bytes));
}

function isFortran({ shape, strides, dtype }: NdArray): boolean {
  const packed = (order: "C" | "F") => {
    const expected = stridesOf(shape, dtype.itemsize, order);
    return strides.every((stride, i) =>
      stride === expected[i] || shape[i]! < 2
    );
  };
  return !packed("C") && packed("F");
}

/** Objects are a list, row by row, whatever the order in memory is. */
function ofObjects(array: NdArray): Plan {
  const { type, order } = array;
  return reconstructed(array, type, order === "F", array.toArray());
}

/** As numpy itself writes what it has no buffer for: an empty array, and then its state. */
function reconstructed(
  { shape, dtype }: NdArray,
  type: string,
  fortran: boolean,
  items: unknown,
): Plan {
  return {
    ...call(
      "numpy.core.multiarray",
      "_reconstruct",
      named("numpy", type),
      PyTuple.of(0n),
      new Uint8Array([0x62]),
    ),
    state: PyTuple.of<unknown>(
      1n,
      PyTuple.from(shape.map(BigInt)),
      dtype,
      fortran,
      items,
    ),
  };
}

function ofMasked({ array, mask, fill }: MaskedArray): Plan {
  const more = fill === null || fill === undefined
    ? []
    : [null, false, true, 0n, fill];
  return call("numpy.ma", "MaskedArray", array, mask, ...more);
}

function planOfDType(dtype: DType): Plan {
  if (dtype.kind === "T") return call("numpy.dtypes", "StringDType");
  return call(
    "numpy",
    "dtype",
    partsOf(dtype),
    ...dtype.aligned ? [true] : [],
  );
}

/** What numpy takes for a type: its name, or names, formats and offsets of the fields. */
function dtypeArgument(dtype: DType): unknown {
  return dtype.kind === "T" || dtype.aligned ? dtype : partsOf(dtype);
}

function partsOf(dtype: DType): unknown {
  const { fields, sub, itemsize, type } = dtype;
  if (sub) {
    return PyTuple.of<unknown>(
      dtypeArgument(sub.dtype),
      PyTuple.from(sub.shape.map(BigInt)),
    );
  }
  if (!fields) return dtype.str;
  const all = [...fields.values()];
  const parts = new Map<string, unknown>([
    ["names", [...fields.keys()]],
    ["formats", all.map((field) => dtypeArgument(field.dtype))],
    ["offsets", all.map(({ offset }) => BigInt(offset))],
    ["itemsize", BigInt(itemsize)],
  ]);
  if (all.some(({ title }) => title !== undefined)) {
    parts.set("titles", all.map(({ title }) => title ?? null));
  }
  if (type === undefined) return parts;
  const dot = type.lastIndexOf(".");
  const module = dot < 0 ? "numpy" : type.slice(0, dot);
  return PyTuple.of<unknown>(
    named(module, type.slice(dot + 1)),
    new Planned(call("numpy", "dtype", parts)),
  );
}
