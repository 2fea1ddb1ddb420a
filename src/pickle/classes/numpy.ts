import type { Bytes } from "../../types.ts";
import type { PickleArguments, PickleGlobals } from "../globals.ts";
import { DType } from "../values/dtype.ts";
import { NdArray } from "../values/ndarray.ts";
import { stridesOf } from "../values/_walk.ts";
import { MaskedArray, NpScalar } from "../values/npscalar.ts";
import { PyByteArray } from "../values/bytes.ts";
import { PyGlobal } from "../values/object.ts";
import { addDtypes, dtypeFrom, shapeOf } from "./dtypes.ts";
import { bytesFrom, floatFrom, listFrom, numberOf } from "./_state.ts";
import { Refusal } from "./_refusal.ts";

/** Where numpy 1 and numpy 2 have the same functions. */
const CORES = ["numpy.core", "numpy._core"];
/** Classes of arrays. */
const ARRAYS = [
  ["numpy", "ndarray"],
  ["numpy", "matrix"],
  ["numpy", "recarray"],
  ["numpy", "memmap"],
  ["numpy.matrixlib.defmatrix", "matrix"],
  ["numpy.core.records", "recarray"],
  ["numpy.rec", "recarray"],
  ["numpy._core.records", "recarray"],
] as const;

/** Classes and functions of numpy. */
export function addNumpy(globals: PickleGlobals): void {
  addDtypes(globals);
  for (const core of CORES) {
    globals.add(`${core}.multiarray`, "_reconstruct", {
      call: ([type]) => emptyOf(type),
      setState,
    });
    globals.add(`${core}.multiarray`, "scalar", { call: scalar });
    globals.add(`${core}.numeric`, "_frombuffer", {
      call: ([buffer, dtype, shape, order]) =>
        new NdArray({
          ...arrayOf(buffer, dtypeFrom(dtype), shapeOf(shape), order),
          // As numpy has it: what comes of `bytes` is not to be written into.
          writeable: buffer instanceof PyByteArray,
        }),
      setState,
    });
  }
  for (const [module, name] of ARRAYS) {
    globals.add(module, name, { call: ndarray, setState });
  }
  for (const name of ["float64", "float32", "float16"]) {
    globals.add("numpy", name, { call: ([value]) => floatScalar(name, value) });
  }
  globals.add("numpy.ma.core", "_mareconstruct", {
    call: masked,
    setState: setMasked,
  });
  globals.add("numpy.ma.core", "MaskedArray");
  globals.add("numpy.ma", "MaskedArray");
}

function emptyOf(type: unknown): unknown {
  if (!(type instanceof PyGlobal)) return new Refusal();
  return new NdArray({
    data: new Uint8Array(),
    dtype: DType.of("u1"),
    shape: [0],
    type: type.name,
  });
}

/** The number of items, as long as that is a number at all. */
function countOf(shape: readonly number[]): number {
  let count = 1;
  for (const length of shape) {
    count *= length;
    // Zero lengths come at any place, and make it none whatever came before.
    if (count > Number.MAX_SAFE_INTEGER && !shape.includes(0)) {
      throw new RangeError("there are too many items");
    }
  }
  return shape.includes(0) ? 0 : count;
}

/** `(version, shape, dtype, is in column order, bytes or list)`. */
function setState(array: NdArray, state: unknown): void {
  const parts = listFrom(state);
  // Very old ones have no version.
  const [shape, type, fortran, data] = parts.slice(parts.length - 4);
  const dtype = dtypeFrom(type);
  const order = fortran ? "F" : "C";
  const made = arrayOf(data, dtype, shapeOf(shape), order, true);
  Object.assign(array, made, { type: array.type });
}

function arrayOf(
  data: unknown,
  dtype: DType,
  shape: readonly number[],
  order: unknown,
  swap = false,
): NdArray {
  const count = countOf(shape);
  const items = dtype.kind === "O" || dtype.kind === "T" || holdsObjects(dtype);
  if (items !== Array.isArray(data)) {
    throw new TypeError("the data is not such as the type has");
  }
  const present = items
    ? (data as unknown[]).length
    : bytesFrom(rawBytes(data)).length;
  const expected = items ? count : count * dtype.itemsize;
  if (present !== expected) {
    throw new RangeError(`there is data of ${present}, not of ${expected}`);
  }
  const native = swap && !items && dtype.order === ">";
  return new NdArray({
    data: items
      ? data as unknown[]
      : native
      ? swapped(rawBytes(data), dtype)
      : plain(rawBytes(data)),
    // As numpy does: what its state sets has the order of the machine.
    dtype: native ? new DType({ ...dtype, order: "<" }) : dtype,
    shape,
    order: isColumns(order, shape) ? "F" : "C",
    // Objects are listed row by row, whatever the order in memory was.
    strides: items ? stridesOf(shape, dtype.itemsize, "C") : undefined,
  });
}

/** Arrays of one axis are in both orders; numpy calls them the first. */
function isColumns(order: unknown, shape: readonly number[]): boolean {
  return order === "F" && shape.filter((length) => length !== 1).length > 1 &&
    !shape.includes(0);
}

function holdsObjects(dtype: DType): boolean {
  if (dtype.sub) return holdsObjects(dtype.sub.dtype);
  for (const { dtype: part } of dtype.fields?.values() ?? []) {
    if (part.kind === "O" || holdsObjects(part)) return true;
  }
  return false;
}

/** Bytes, or what a buffer that travels apart is given as. */
function rawBytes(data: unknown): Bytes {
  return bytesFrom(data);
}

function plain(bytes: Bytes): Bytes {
  if (!(bytes instanceof PyByteArray)) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function swapped(bytes: Bytes, dtype: DType): Bytes {
  const size = dtype.kind === "c"
    ? dtype.itemsize / 2
    : dtype.kind === "U"
    ? 4
    : dtype.itemsize;
  const copy = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += size) {
    for (let j = 0; j < size; j++) copy[i + j] = bytes[i + size - 1 - j]!;
  }
  return copy;
}

/** `ndarray(shape, dtype, buffer, offset, strides, order)`. */
function ndarray(args: PickleArguments): NdArray {
  const [shape, type = "f8", buffer, offset, strides, order] = args;
  const dtype = dtypeFrom(type);
  const lengths = shapeOf(shape);
  if (buffer === undefined || buffer === null) {
    if (countOf(lengths) !== 0) throw new TypeError("there is no data");
    return arrayOf(new Uint8Array(), dtype, lengths, order);
  }
  const from = offset === undefined ? 0 : numberOf(offset);
  const steps = strides === undefined || strides === null
    ? undefined
    : listFrom(strides).map(numberOf);
  if (from < 0 || steps?.some((step) => step < 0)) {
    throw new RangeError("the data begins before it begins");
  }
  if (steps && steps.length !== lengths.length) {
    throw new RangeError("there is not one step for each axis");
  }
  countOf(lengths);
  return new NdArray({
    data: plain(rawBytes(buffer)),
    dtype,
    shape: lengths,
    order: isColumns(order, lengths) ? "F" : "C",
    offset: from,
    strides: steps,
  });
}

function scalar([type, data]: PickleArguments): unknown {
  const dtype = dtypeFrom(type);
  if (dtype.kind === "O") return data;
  // Protocols below 3 have text in place of bytes, if it was written by Python 2.
  const bytes = typeof data === "string"
    ? Uint8Array.from(data, (char) => char.charCodeAt(0))
    : data === undefined && dtype.itemsize <= 64
    ? new Uint8Array(dtype.itemsize)
    : plain(bytesFrom(data));
  if (dtype.order !== ">") return new NpScalar(dtype, bytes);
  return new NpScalar(
    new DType({ ...dtype, order: "<" }),
    swapped(bytes, dtype),
  );
}

function floatScalar(name: string, value: unknown): NpScalar {
  const dtype = dtypeFrom(name);
  const bytes = new Uint8Array(dtype.itemsize);
  const view = new DataView(bytes.buffer);
  const number = value === undefined ? 0 : floatFrom(value);
  if (dtype.itemsize === 8) view.setFloat64(0, number, true);
  else if (dtype.itemsize === 4) view.setFloat32(0, number, true);
  else throw new TypeError("halves are not made of numbers");
  return new NpScalar(dtype, bytes);
}

function masked(): MaskedArray {
  const none = emptyOf(new PyGlobal("numpy", "ndarray")) as NdArray;
  return new MaskedArray(none, none);
}

/** `(version, shape, dtype, is in column order, bytes or list, mask, fill value)`. */
function setMasked(array: MaskedArray, state: unknown): void {
  const [, shape, type, fortran, data, mask, fill] = listFrom(state);
  const lengths = shapeOf(shape);
  const order = fortran ? "F" : "C";
  const dtype = dtypeFrom(type);
  Object.assign(array, {
    array: arrayOf(data, dtype, lengths, order, true),
    mask: arrayOf(mask, maskType(dtype), lengths, order),
    fill: fill ?? null,
  });
}

/** One boolean for each item; one for each field, if there are fields. */
function maskType(dtype: DType): DType {
  if (!dtype.fields) return DType.of("?");
  const names = [...dtype.fields].map(([name, field]) => [
    name,
    maskType(field.dtype),
  ]);
  return dtypeFrom(names);
}
