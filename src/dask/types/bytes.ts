import { bytesOf, concat } from "../../bytes.ts";
import { FormatError } from "../../errors.ts";
import {
  PyArray,
  type PyArrayData,
  type PyTypeCode,
} from "../../pickle/values/array.ts";
import { PyByteArray } from "../../pickle/values/bytes.ts";
import { told } from "../../told.ts";
import type { Bytes } from "../../types.ts";
import { countOf, listOf } from "../_header.ts";
import type { DaskRegistry } from "../registry.ts";
import { ArrowStream, PyMemoryView } from "../values.ts";

const STAGE = "dask";

/** Byte strings, and what is little more than that. */
export function addBytes(registry: DaskRegistry): void {
  registry.addType<Bytes>(Uint8Array as never, {
    module: "builtins",
    name: "bytes",
    serialize: (bytes) => ({ header: {}, frames: [bytesOf(bytes)] }),
    deserialize: (_header, frames) => concat(frames),
  });
  registry.addType(PyByteArray, {
    module: "builtins",
    name: "bytearray",
    serialize: (bytes) => ({ header: {}, frames: [bytesOf(bytes)] }),
    deserialize(_header, frames) {
      const { buffer, byteOffset, length } = concat(frames);
      return new PyByteArray(buffer, byteOffset, length);
    },
  });
  registry.addType(PyMemoryView, {
    module: "builtins",
    name: "memoryview",
    serialize: ({ bytes, format, shape }) => ({
      header: { format, shape },
      frames: [bytes],
    }),
    deserialize({ format, shape }, frames) {
      if (typeof format !== "string") {
        throw new FormatError(STAGE, "a memoryview without a format");
      }
      const lengths = listOf(shape, "a memoryview's shape").map(countOf);
      return new PyMemoryView(concat(frames), format, lengths);
    },
  });
  addArray(registry);
  addArrow(registry);
}

const INTEGERS = { 1: "8", 2: "16", 4: "32", 8: "64" } as const;
/** Bytes of an item of each letter, as Python has them on 64 bits. */
const SIZES: ReadonlyMap<string, keyof typeof INTEGERS> = new Map([
  ["b", 1],
  ["h", 2],
  ["i", 4],
  ["l", 8],
  ["q", 8],
]);

type ArrayClass = {
  new (buffer: ArrayBuffer, offset: number, length: number): PyArrayData;
  readonly BYTES_PER_ELEMENT: number;
};

function arrayClass(typecode: string): ArrayClass | undefined {
  if (typecode === "f") return Float32Array;
  if (typecode === "d") return Float64Array;
  if (typecode === "u" || typecode === "w") return Uint32Array;
  const size = SIZES.get(typecode.toLowerCase());
  if (size === undefined) return undefined;
  const isSigned = typecode === typecode.toLowerCase();
  if (size === 8) return isSigned ? BigInt64Array : BigUint64Array;
  const name = `${isSigned ? "Int" : "Uint"}${INTEGERS[size]}Array`;
  return (globalThis as unknown as Record<string, ArrayClass>)[name];
}

function addArray(registry: DaskRegistry): void {
  registry.addType(PyArray, {
    module: "array",
    name: "array",
    serialize: ({ typecode, bytes }) => ({
      header: { typecode, writeable: [null] },
      frames: [bytes],
    }),
    deserialize({ typecode }, frames) {
      const Type = typeof typecode === "string" && arrayClass(typecode);
      if (!Type) {
        throw new FormatError(STAGE, `no array has items of ${told(typecode)}`);
      }
      const bytes = concat(frames);
      const unit = Type.BYTES_PER_ELEMENT;
      if (bytes.length % unit !== 0) {
        throw new FormatError(STAGE, "an array ends within an item");
      }
      const { buffer, byteOffset, length } = bytes.byteOffset % unit === 0
        ? bytes
        : bytes.slice();
      const data = new Type(buffer, byteOffset, length / unit);
      return new PyArray(typecode as PyTypeCode, data);
    },
  });
}

function addArrow(registry: DaskRegistry): void {
  for (const name of ["RecordBatch", "Table"] as const) {
    registry.addType(ArrowStream, {
      module: "pyarrow.lib",
      name,
      typeOf: ({ type }) => ({ module: "pyarrow.lib", name: type }),
      serialize: ({ bytes }) => ({ header: {}, frames: [bytes] }),
      deserialize: (_header, frames) => new ArrowStream(concat(frames), name),
    });
  }
}
