/**
 * Arrays of Apache Arrow, as far as pandas keeps columns in them: numbers, booleans, text and bytes.
 *
 * @module
 */
import type { Bytes } from "../../types.ts";
import type { PickleGlobals } from "../globals.ts";
import type { ColumnParts } from "../values/column.ts";
import { DType } from "../values/dtype.ts";
import { PyObject } from "../values/object.ts";
import { NA } from "../values/pdscalar.ts";
import { readItem } from "../values/_item.ts";
import { bytesFrom, listFrom, numberOf, textOf } from "./_state.ts";
import type { Parts } from "./pandas_parts.ts";
import { stringType } from "./pandas_kinds.ts";

const NAMES =
  "_restore_array chunked_array type_for_alias py_buffer ChunkedArray StringArray string large_string";

/** Types of numbers by their names in Arrow. */
const NUMBERS: ReadonlyMap<string, string> = new Map([
  ["int8", "i1"],
  ["int16", "i2"],
  ["int32", "i4"],
  ["int64", "i8"],
  ["uint8", "u1"],
  ["uint16", "u2"],
  ["uint32", "u4"],
  ["uint64", "u8"],
  ["halffloat", "f2"],
  ["float", "f4"],
  ["double", "f8"],
]);

/** The functions of pyarrow, whose calls stay inert until a column is made of them. */
export function addArrow(globals: PickleGlobals): void {
  for (const name of NAMES.split(" ")) globals.add("pyarrow.lib", name);
}

/** What reads the items of one chunk. */
interface Chunk {
  readonly length: number;
  readonly read: (index: number) => unknown;
}

/** A column in Arrow. */
export function arrowParts(parts: Parts): ColumnParts {
  const source = parts.get("pa_array") ?? parts.get("data");
  const dtype = parts.get("dtype");
  const [chunks, type] = chunksOf(source);
  const isText = dtype instanceof PyObject && dtype.name === "StringDtype";
  const name = isText ? stringType(dtype) : `${type}[pyarrow]`;
  const missing = name === "str" ? NaN : NA;
  let length = 0;
  const starts = chunks.map((chunk) => (length += chunk.length) - chunk.length);
  return {
    dtype: name,
    length,
    source,
    read: (index) => {
      let k = starts.length - 1;
      while (k > 0 && starts[k]! > index) k--;
      return chunks[k]!.read(index - starts[k]!) ?? missing;
    },
  };
}

function chunksOf(source: unknown): [Chunk[], string] {
  if (!(source instanceof PyObject)) throw new TypeError("there is no data");
  if (source.name === "_restore_array") {
    return [[chunkOf(source)], typeOf(listFrom(source.args[0])[0])];
  }
  if (source.name !== "chunked_array") {
    throw new TypeError(`a ${source.name} is no array of Arrow`);
  }
  const [chunks, type] = source.args;
  return [
    listFrom(chunks).map((chunk) => chunkOf(chunk as PyObject)),
    typeOf(type),
  ];
}

function typeOf(type: unknown): string {
  if (type instanceof PyObject && type.name === "type_for_alias") {
    return textOf(type.args[0]);
  }
  throw new TypeError("this type of Arrow is not known");
}

/** `(type, length, missing, offset, buffers, children, dictionary)`. */
function chunkOf({ name, args }: PyObject): Chunk {
  if (name !== "_restore_array") throw new TypeError("this is no chunk");
  const [type, size, , from, buffers] = listFrom(args[0]);
  const [validity, ...data] = listFrom(buffers).map(bufferOf);
  const length = numberOf(size);
  const offset = numberOf(from);
  const read = readerOf(typeOf(type), data, offset + length);
  if (validity && validity.length * 8 < offset + length) {
    throw new RangeError("there is too little data");
  }
  return {
    length,
    read: (index) =>
      validity && !bitOf(validity, offset + index)
        ? undefined
        : read(offset + index),
  };
}

function bufferOf(buffer: unknown): Bytes | undefined {
  if (buffer === null) return undefined;
  return bytesFrom(buffer instanceof PyObject ? buffer.args[0] : buffer);
}

function bitOf(bits: Bytes, index: number): boolean {
  return (bits[index >> 3]! >> (index & 7) & 1) === 1;
}

function readerOf(
  type: string,
  [first, second]: (Bytes | undefined)[],
  count: number,
): (index: number) => unknown {
  const data = first ?? new Uint8Array();
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const check = (bytes: number) => {
    if (data.length < bytes) throw new RangeError("there is too little data");
  };
  if (type === "bool") {
    check(Math.ceil(count / 8));
    return (index) => bitOf(data, index);
  }
  const number = NUMBERS.get(type);
  if (number) {
    const dtype = DType.of(number);
    check(count * dtype.itemsize);
    return (index) => readItem(view, index * dtype.itemsize, dtype);
  }
  const [, large, kind] = /^(large_)?(string|utf8|binary)$/.exec(type) ?? [];
  if (!kind) throw new TypeError(`columns of ${type} are not known`);
  const size = large ? 8 : 4;
  check(count === 0 ? 0 : (count + 1) * size);
  const text = second ?? new Uint8Array();
  const at = (index: number) =>
    large
      ? Number(view.getBigInt64(index * 8, true))
      : view.getInt32(index * 4, true);
  return (index) => {
    const bytes = text.subarray(at(index), at(index + 1));
    return kind === "binary" ? bytes : new TextDecoder().decode(bytes);
  };
}
