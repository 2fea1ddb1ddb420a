import { TYPED } from "./_typed.ts";
import { bytesOf } from "../bytes.ts";
import { FormatError, SerializeError, TruncatedError } from "../errors.ts";
import { dumps } from "../pickle/dumps.ts";
import { loads } from "../pickle/loads.ts";
import type { PickleLoadOptions } from "../pickle/options.ts";
import { DType } from "../pickle/values/dtype.ts";
import { NdArray } from "../pickle/values/ndarray.ts";
import { stridesOf } from "../pickle/values/_walk.ts";
import type { Bytes } from "../types.ts";
import { dtypeOfDescr, writeDescr } from "./_descr.ts";
import { MAGIC, readHeader } from "./_header.ts";

const STAGE = "npy";
/** The data begins at a multiple of it, so that it can be mapped into memory. */
const ALIGNMENT = 64;

/** Options for {@linkcode readNpy}. */
export interface NpyReadOptions {
  /** How arrays of objects are read, which are pickles; `false` refuses them. @default {{}} */
  readonly pickle?: Omit<PickleLoadOptions, "buffers"> | false | undefined;
}

/** An array, or what can be taken for one. */
export type NpyArray = NdArray | ArrayBufferView<ArrayBuffer>;

/**
 * The array of a `.npy` file (numpy's format 1.0 to 3.0).
 *
 * @param file The bytes of the file; what follows the array is left alone.
 * @param options How objects are read.
 * @returns The array: a view of the bytes, unless its items are objects.
 * @throws {FormatError} If it is no such file; {@linkcode TruncatedError} if it is cut.
 *
 * @example
 * ```ts
 * import { readNpy, writeNpy } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const file = writeNpy(new Float32Array([1, 2.5]));
 * deepEqual(readNpy(file).toArray(), [1, 2.5]);
 * ```
 */
export function readNpy(file: Bytes, options: NpyReadOptions = {}): NdArray {
  const { descr, fortran, shape, at } = readHeader(file);
  const dtype = dtypeOfDescr(descr);
  const order = fortran ? "F" : "C";
  if (dtype.kind === "O" || holdsObjects(dtype)) {
    return readObjects(file.subarray(at), dtype, shape, order, options);
  }
  const size = shape.reduce((product, length) => product * length, 1);
  const end = at + size * dtype.itemsize;
  if (!(end <= file.length)) {
    throw new TruncatedError(STAGE, "the input ends within the array", {
      offset: file.length,
    });
  }
  return new NdArray({ data: file.subarray(at, end), dtype, shape, order });
}

/**
 * A `.npy` file, as `numpy.save` writes it.
 *
 * @param array The array, or a typed array, which has one axis.
 * @returns The bytes of the file.
 * @throws {SerializeError} If it holds objects that cannot be pickled.
 *
 * @example
 * ```ts
 * import { readNpy, writeNpy } from "@brine/brine/dask";
 * import { DType, NdArray } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const data = new Uint8Array([1, 2, 3, 4]);
 * const array = new NdArray({ data, dtype: DType.of("u1"), shape: [2, 2] });
 * deepEqual(readNpy(writeNpy(array)).toNested(), [[1, 2], [3, 4]]);
 * ```
 */
export function writeNpy(array: NpyArray): Bytes {
  const made = array instanceof NdArray ? array : ofTyped(array);
  const { dtype, shape } = made;
  const isColumns = !isPacked(made, "C") && isPacked(made, "F");
  const axes = shape.map((length) => `${length},`).join(" ");
  const tuple = shape.length > 1 ? axes.slice(0, -1) : axes;
  const text = `{'descr': ${writeDescr(dtype)}, 'fortran_order': ${
    isColumns ? "True" : "False"
  }, 'shape': (${tuple}), }`;
  const bytes = contentOf(made, isColumns);
  // Room for the axis that others append along, as numpy leaves it.
  const growing = isColumns ? shape.at(-1) : shape[0];
  const room = growing === undefined ? 0 : 21 - String(growing).length;
  const header = headerOf(text + " ".repeat(room));
  const file = new Uint8Array(header.length + bytes.length);
  file.set(header);
  file.set(bytes, header.length);
  return file;
}

function contentOf(array: NdArray, isColumns: boolean): Bytes {
  const { data, offset, size, dtype } = array;
  // As numpy does: objects are a pickle of their array.
  if (Array.isArray(data)) return dumps(array, { protocol: 4 });
  return isColumns
    ? data.subarray(offset, offset + size * dtype.itemsize)
    : array.toBytes();
}

/** A typed array as one of numpy, which has one axis. */
export function ofTyped(view: ArrayBufferView<ArrayBuffer>): NdArray {
  const name = Object.prototype.toString.call(view).slice(8, -1);
  const dtype = TYPED.get(name);
  if (dtype === undefined) {
    throw new SerializeError(`numpy has no arrays such as ${name}`, "$");
  }
  const type = DType.of(dtype);
  const shape = [view.byteLength / type.itemsize];
  return new NdArray({ data: bytesOf(view), dtype: type, shape });
}

/** Version 1.0 if it fits, 3.0 if its text is not Latin-1, else 2.0; filled up with spaces. */
function headerOf(text: string): Bytes {
  // deno-lint-ignore no-control-regex
  const isLatin = /^[\x00-\xff]*$/.test(text);
  const bytes = isLatin
    ? Uint8Array.from(text, (char) => char.charCodeAt(0))
    : new TextEncoder().encode(text);
  const isLong = bytes.length > 0xffff - ALIGNMENT;
  const version = isLatin ? isLong ? 2 : 1 : 3;
  const before = version === 1 ? 10 : 12;
  const length = Math.ceil((before + bytes.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = new Uint8Array(length).fill(0x20);
  header.set([...MAGIC, version, 0]);
  const view = new DataView(header.buffer);
  if (version === 1) view.setUint16(8, length - before, true);
  else view.setUint32(8, length - before, true);
  header.set(bytes, before);
  header[length - 1] = 0x0a;
  return header;
}

function readObjects(
  pickle: Bytes,
  dtype: DType,
  shape: readonly number[],
  order: "C" | "F",
  { pickle: options = {} }: NpyReadOptions,
): NdArray {
  if (options === false) {
    throw new FormatError(STAGE, "the items are objects, which are pickled");
  }
  const array = loads(pickle, options);
  if (!(array instanceof NdArray)) {
    throw new FormatError(STAGE, "the pickle is none of an array");
  }
  if (String(array.shape) === String(shape)) return array;
  return new NdArray({ data: array.toArray(), dtype, shape, order });
}

function holdsObjects({ fields, sub }: DType): boolean {
  const parts = sub
    ? [sub.dtype]
    : [...fields?.values() ?? []].map(({ dtype }) => dtype);
  return parts.some((part) => part.kind === "O" || holdsObjects(part));
}

function isPacked(array: NdArray, order: "C" | "F"): boolean {
  const packed = stridesOf(array.shape, array.dtype.itemsize, order);
  return packed.every((stride, i) =>
    stride === array.strides[i] || array.shape[i]! < 2
  );
}
