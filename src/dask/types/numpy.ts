import { bytesOf, concat } from "../../bytes.ts";
import { FormatError } from "../../errors.ts";
import { dumps } from "../../pickle/dumps.ts";
import { loads } from "../../pickle/loads.ts";
import { DType } from "../../pickle/values/dtype.ts";
import { NdArray } from "../../pickle/values/ndarray.ts";
import { stridesOf } from "../../pickle/values/_walk.ts";
import type { Bytes, Message } from "../../types.ts";
import { TYPED } from "../../npy/_typed.ts";
import { listOf } from "../_header.ts";
import type {
  DaskDeserialize,
  DaskRegistry,
  DaskType,
  DeserializeTools,
  SerializeTools,
} from "../registry.ts";
import type { Serializer } from "../serialize.ts";
import type { DaskHeader } from "../values.ts";

const STAGE = "dask";
const MAX_AXES = 64;

/** Subclasses of numpy's arrays by what they were pickled as. */
const SUBCLASSES = [
  "numpy.matrix",
  "numpy.matrixlib.defmatrix.matrix",
  "numpy.recarray",
  "numpy.rec.recarray",
  "numpy.memmap",
];

/** Arrays of numpy and of JavaScript. */
export function addNumpy(registry: DaskRegistry): void {
  const numpy = { module: "numpy", name: "ndarray" };
  for (const [name, dtype] of TYPED) {
    // Which is Python's `bytes`.
    if (name === "Uint8Array") continue;
    const cls = (globalThis as unknown as Record<string, never>)[name];
    if (!cls) continue;
    registry.addType<ArrayBufferView<ArrayBuffer>>(cls, {
      ...numpy,
      serialize: (view, tools) =>
        ofTypedArray(view, dtype, tools as Serializer),
      deserialize: readNdArray as never,
      reader: ndArrayReader as never,
    });
  }
  const type: DaskType<NdArray> = {
    ...numpy,
    typeOf: ({ type }) => ({ module: "numpy", name: type }),
    serialize: writeNdArray,
    deserialize: readNdArray,
    reader: ndArrayReader,
  };
  registry.addType(NdArray, type, SUBCLASSES);
}

/** Arrays of the same type and length, which often follow each other, have one header. */
function ofTypedArray(
  view: ArrayBufferView<ArrayBuffer>,
  dtype: string,
  { like }: Serializer,
): Message {
  const size = (view as unknown as Float64Array).BYTES_PER_ELEMENT;
  const { byteLength } = view;
  if (like.dtype !== dtype || like.byteLength !== byteLength) {
    like.dtype = dtype;
    like.byteLength = byteLength;
    like.header = {
      dtype: [0, dtype],
      shape: [byteLength / size],
      strides: [size],
      writeable: [true],
    };
  }
  return { header: like.header, frames: [bytesOf(view)] };
}

/** An array's header and its bytes: as they are, if they are without gaps in either order. */
export function writeNdArray(array: NdArray, tools: SerializeTools): Message {
  const { dtype, data } = array;
  if (Array.isArray(data)) {
    return { header: { pickle: true }, frames: tools.pickle(array) };
  }
  const whole = array.shape;
  const isBroadcast = array.size > 0 &&
    array.strides.some((stride, i) => stride === 0 && whole[i]! > 1);
  const dense = isBroadcast ? withoutRepeats(array) : array;
  const { shape, size } = dense;
  const isColumns = dense.size > 0 && isPacked(dense, "F") &&
    !isPacked(dense, "C");
  const strides = stridesOf(shape, dtype.itemsize, isColumns ? "F" : "C");
  const bytes = isColumns
    ? data.subarray(dense.offset, dense.offset + size * dtype.itemsize)
    : dense.toBytes();
  return {
    header: {
      dtype: dtype.kind === "V" ? [1, dumps(dtype)] : [0, dtype.str],
      shape,
      strides: isBroadcast
        ? strides.map((stride, i) => array.strides[i] === 0 ? 0 : stride)
        : strides,
      writeable: [array.writeable],
      ...isBroadcast && { broadcast_to: whole },
      ...array.type === "matrix" && { matrix: true },
    },
    frames: [bytes],
  };
}

/** One item along each axis where all are the same. */
function withoutRepeats(array: NdArray): NdArray {
  const shape = array.shape.map((length, i) =>
    array.strides[i] === 0 ? 1 : length
  );
  return new NdArray({ ...array, shape });
}

function isPacked(
  array: Pick<NdArray, "dtype" | "shape" | "strides">,
  order: "C" | "F",
): boolean {
  const packed = stridesOf(array.shape, array.dtype.itemsize, order);
  return packed.every((stride, i) =>
    stride === array.strides[i] || array.shape[i]! < 2
  );
}

/** Whether a header is that of an array, whatever its class. */
export function isNdArray(header: DaskHeader): boolean {
  return "dtype" in header && "shape" in header && "strides" in header;
}

/** An array over the frame; nothing is copied unless there are more frames than one. */
export const readNdArray: DaskDeserialize<NdArray> = (header, frames, tools) =>
  ndArrayReader(header, tools)(frames);

/** The same for all arrays with that header. */
function ndArrayReader(
  header: DaskHeader,
  tools: DeserializeTools,
): (frames: readonly Bytes[]) => NdArray {
  if (header.pickle === true) return (frames) => unpickled(frames, tools);
  const dtype = readDType(header.dtype);
  const to = header.broadcast_to;
  const isBroadcast = Array.isArray(to) && to.length > 0;
  const shape = lengthsOf(isBroadcast ? to : header.shape);
  const strides = stridesOfHeader(header, shape, dtype);
  const { writeable } = header;
  // Before 2024.1 it was left out, and Python got an array, too.
  const isMatrix = header.matrix === true && shape.length === 2;
  const isLike = (order: "C" | "F") =>
    isPacked({ dtype, shape, strides }, order);
  const parts = {
    dtype,
    shape,
    strides,
    order: isLike("F") && !isLike("C") ? "F" : "C",
    type: isMatrix ? "matrix" : "ndarray",
    writeable: !Array.isArray(writeable) || writeable[0] !== false,
  } as const;
  return (frames) => {
    try {
      return new NdArray({ ...parts, data: bytesOf(concat(frames)) });
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new FormatError(STAGE, "an array is larger than its frame", {
        cause,
      });
    }
  };
}

function stridesOfHeader(
  header: DaskHeader,
  shape: readonly number[],
  { itemsize }: DType,
): readonly number[] {
  const strides = listOf(header.strides, "an array's strides").map(numberOf);
  if (strides.length !== shape.length) {
    throw new FormatError(STAGE, "an array's strides do not fit its shape");
  }
  // What stands for an axis of one item, or of none, means nothing.
  const packed = stridesOf(shape, itemsize, "C");
  const steps = strides.map((stride, i) =>
    shape[i] === 1 || (stride < 0 && shape.includes(0)) ? packed[i]! : stride
  );
  if (steps.every((stride) => stride >= 0)) return steps;
  throw new FormatError(STAGE, "an array begins before its frame");
}

/** The buffers of objects within are not to be written into, as Dask has it. */
function unpickled(frames: readonly Bytes[], tools: DeserializeTools): NdArray {
  const value = tools.unpickle(frames);
  if (value instanceof NdArray) return value;
  throw new FormatError(STAGE, "the pickle of an array is none");
}

/** `[0, name]` or `[1, pickle]`. */
function readDType(value: unknown): DType {
  const [form, name] = listOf(value, "an array's dtype");
  if (form === 0 && typeof name === "string") {
    try {
      return DType.of(name);
    } catch (cause) {
      throw new FormatError(STAGE, "an array's dtype is not known", { cause });
    }
  }
  if (form === 1 && name instanceof Uint8Array) {
    const dtype = loads(bytesOf(name as Bytes));
    if (dtype instanceof DType) return dtype;
  }
  throw new FormatError(STAGE, "an array's dtype is neither name nor pickle");
}

function lengthsOf(value: unknown): number[] {
  const lengths = listOf(value, "an array's shape").map(numberOf);
  if (lengths.length > MAX_AXES || lengths.some((length) => length < 0)) {
    throw new FormatError(STAGE, "an array's shape is none");
  }
  const size = lengths.reduce((product, length) => product * length, 1);
  if (size <= Number.MAX_SAFE_INTEGER || lengths.includes(0)) return lengths;
  throw new FormatError(STAGE, "an array has too many items");
}

function numberOf(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new FormatError(STAGE, "an array's lengths are not whole numbers");
}
