import type { Bytes } from "../../types.ts";
import type { PickleArguments, PickleGlobals } from "../globals.ts";
import { PyArray, type PyArrayData, type PyTypeCode } from "../values/array.ts";
import {
  bigintFrom,
  bytesFrom,
  floatFrom,
  listFrom,
  numberOf,
  textOf,
} from "./_state.ts";

type ArrayType = {
  new (buffer: ArrayBuffer, offset: number, length: number): PyArrayData;
  readonly BYTES_PER_ELEMENT: number;
};

/** The types of the letters on 64-bit Linux and macOS, where Python's `long` has eight bytes. */
const TYPES: ReadonlyMap<string, ArrayType> = new Map<string, ArrayType>([
  ["b", Int8Array],
  ["B", Uint8Array],
  ["u", Uint32Array],
  ["w", Uint32Array],
  ["h", Int16Array],
  ["H", Uint16Array],
  ["i", Int32Array],
  ["I", Uint32Array],
  ["l", BigInt64Array],
  ["L", BigUint64Array],
  ["q", BigInt64Array],
  ["Q", BigUint64Array],
  ["f", Float32Array],
  ["d", Float64Array],
]);

/** How the bytes are meant: kind, bytes of an item, whether the lowest comes last. */
const FORMATS:
  readonly (readonly [kind: string, size: number, big: boolean])[] = [
    ["u", 1, false],
    ["i", 1, false],
    ["u", 2, false],
    ["u", 2, true],
    ["i", 2, false],
    ["i", 2, true],
    ["u", 4, false],
    ["u", 4, true],
    ["i", 4, false],
    ["i", 4, true],
    ["u", 8, false],
    ["u", 8, true],
    ["i", 8, false],
    ["i", 8, true],
    ["f", 4, false],
    ["f", 4, true],
    ["f", 8, false],
    ["f", 8, true],
    ["16", 2, false],
    ["16", 2, true],
    ["32", 4, false],
    ["32", 4, true],
  ];

/** `array.array`. */
export function addArrays(globals: PickleGlobals): void {
  globals.add("array", "array", {
    call: ([code, items]) => fromItems(codeOf(code), items),
  });
  globals.add("array", "_array_reconstructor", { call: reconstruct });
}

function codeOf(value: unknown): PyTypeCode {
  const code = textOf(value);
  if (!TYPES.has(code)) throw new TypeError(`there are no arrays of ${code}`);
  return code as PyTypeCode;
}

function reconstruct([, code, format, bytes]: PickleArguments): PyArray {
  const typecode = codeOf(code);
  const found = FORMATS[numberOf(format)];
  if (!found) throw new RangeError("the format of the items is not known");
  const data = bytesFrom(bytes);
  const [kind, size, big] = found;
  if (data.length % size !== 0) throw new RangeError("an item is cut");
  if (kind === "16") return new PyArray(typecode, utf16(data, big));
  const Type = TYPES.get(typecode)!;
  if (Type.BYTES_PER_ELEMENT === size && !big) {
    return new PyArray(typecode, viewOf(Type, data));
  }
  return fromItems(typecode, itemsOf(data, kind, size, big));
}

function viewOf(Type: ArrayType, data: Bytes): PyArrayData {
  const size = Type.BYTES_PER_ELEMENT;
  const aligned = data.byteOffset % size === 0 ? data : data.slice();
  return new Type(aligned.buffer, aligned.byteOffset, data.length / size);
}

function itemsOf(
  data: Bytes,
  kind: string,
  size: number,
  big: boolean,
): unknown[] {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const items: unknown[] = [];
  for (let at = 0; at < data.length; at += size) {
    items.push(itemAt(view, at, kind, size, !big));
  }
  return items;
}

function itemAt(
  view: DataView,
  at: number,
  kind: string,
  size: number,
  little: boolean,
): number | bigint {
  if (kind === "f") {
    return size === 4
      ? view.getFloat32(at, little)
      : view.getFloat64(at, little);
  }
  const signed = kind === "i";
  switch (size) {
    case 1:
      return signed ? view.getInt8(at) : view.getUint8(at);
    case 2:
      return signed ? view.getInt16(at, little) : view.getUint16(at, little);
    case 4:
      return signed ? view.getInt32(at, little) : view.getUint32(at, little);
    default:
      return signed
        ? view.getBigInt64(at, little)
        : view.getBigUint64(at, little);
  }
}

/** Code points of UTF-16. */
function utf16(data: Bytes, big: boolean): Uint32Array<ArrayBuffer> {
  const units = itemsOf(data, "u", 2, big) as number[];
  let text = "";
  for (const unit of units) text += String.fromCharCode(unit);
  return points(text);
}

function points(text: string): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(text, (char) => char.codePointAt(0)!);
}

function fromItems(typecode: PyTypeCode, items: unknown): PyArray {
  const Type = TYPES.get(typecode)!;
  if (typeof items === "string") {
    if (Type !== Uint32Array) {
      throw new TypeError("text is no array of numbers");
    }
    return new PyArray(typecode, points(items));
  }
  const list = items === undefined ? [] : listFrom(items);
  if ((typecode === "u" || typecode === "w") && list.length > 0) {
    return new PyArray(typecode, points(list.map(textOf).join("")));
  }
  const size = Type.BYTES_PER_ELEMENT;
  const data = new Type(new ArrayBuffer(list.length * size), 0, list.length);
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
  for (let i = 0; i < list.length; i++) {
    const item = isBig ? bigintFrom(list[i]) : floatFrom(list[i]);
    (data as unknown as unknown[])[i] = item;
    if (typecode !== "f" && (data[i] as unknown) !== item && item === item) {
      throw new RangeError("an item is out of range");
    }
  }
  return new PyArray(typecode, data);
}
