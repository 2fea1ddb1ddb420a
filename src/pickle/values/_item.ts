import { PyComplex } from "./number.ts";
import { PyTuple } from "./sequence.ts";
import type { DType } from "./dtype.ts";

/** Reads the item at an offset, as Python's `item()` gives it; dates and times as the number of their units. */
export function readItem(view: DataView, at: number, dtype: DType): unknown {
  const little = dtype.order !== ">";
  const { kind, itemsize } = dtype;
  if (dtype.sub) return readSub(view, at, dtype.sub);
  switch (kind) {
    case "b":
      return view.getUint8(at) !== 0;
    case "i":
    case "u":
    case "M":
    case "m":
      return readInteger(view, at, itemsize, little, kind);
    case "f":
      return readFloat(view, at, itemsize, little);
    case "c":
      return new PyComplex(
        readFloat(view, at, itemsize / 2, little),
        readFloat(view, at + itemsize / 2, itemsize / 2, little),
      );
    case "U":
      return readText(view, at, itemsize, little);
    case "S":
      return trimmed(bytesAt(view, at, itemsize));
    default:
      return dtype.fields
        ? PyTuple.from(
          [...dtype.fields.values()].map((field) =>
            readItem(view, at + field.offset, field.dtype)
          ),
        )
        : bytesAt(view, at, itemsize);
  }
}

function readSub(
  view: DataView,
  at: number,
  { dtype, shape }: {
    readonly dtype: DType;
    readonly shape: readonly number[];
  },
): unknown {
  const count = shape.reduce((product, length) => product * length, 1);
  let items: unknown[] = [];
  for (let i = 0; i < count; i++) {
    items.push(readItem(view, at + i * dtype.itemsize, dtype));
  }
  for (let axis = shape.length - 1; axis > 0; axis--) {
    items = groups(items, shape[axis]!);
  }
  return items;
}

/** Items in lists of that length; there must be a length. */
export function groups(items: unknown[], length: number): unknown[] {
  const grouped: unknown[] = [];
  for (let i = 0; i < items.length; i += length) {
    grouped.push(items.slice(i, i + length));
  }
  return grouped;
}

function readInteger(
  view: DataView,
  at: number,
  itemsize: number,
  little: boolean,
  kind: string,
): number | bigint {
  const signed = kind !== "u";
  switch (itemsize) {
    case 1:
      return signed ? view.getInt8(at) : view.getUint8(at);
    case 2:
      return signed ? view.getInt16(at, little) : view.getUint16(at, little);
    case 4:
      return signed ? view.getInt32(at, little) : view.getUint32(at, little);
  }
  const value = signed
    ? view.getBigInt64(at, little)
    : view.getBigUint64(at, little);
  if (kind === "M" || kind === "m") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readFloat(
  view: DataView,
  at: number,
  itemsize: number,
  little: boolean,
): number {
  if (itemsize === 8) return view.getFloat64(at, little);
  if (itemsize === 4) return view.getFloat32(at, little);
  if (itemsize === 2) return half(view.getUint16(at, little));
  return extended(view, little ? at : at + itemsize - 10, little);
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = bits >> 10 & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent
    ? sign * 2 ** (exponent - 25) * (1024 + fraction)
    : sign * 2 ** -24 * fraction;
}

/** The 80 bits that x86 calls a long double. */
function extended(view: DataView, at: number, little: boolean): number {
  const head = view.getUint16(little ? at + 8 : at, little);
  const mantissa = view.getBigUint64(little ? at : at + 2, little);
  const sign = head & 0x8000 ? -1 : 1;
  const exponent = head & 0x7fff;
  if (exponent === 0x7fff) {
    return BigInt.asUintN(63, mantissa) ? NaN : sign * Infinity;
  }
  const power = exponent - 16446;
  // In two steps, because one alone may be out of range where the product is not.
  return sign * (Number(mantissa) * 2 ** Math.max(power + 63, -1000) / 2 ** 63 *
    2 ** Math.min(0, power + 63 + 1000)) *
    2 ** 0;
}

function readText(
  view: DataView,
  at: number,
  itemsize: number,
  little: boolean,
): string {
  let end = itemsize;
  while (end > 0 && view.getUint32(at + end - 4, true) === 0) end -= 4;
  let text = "";
  for (let i = 0; i < end; i += 4) {
    const point = view.getUint32(at + i, little);
    text += point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
  }
  return text;
}

function bytesAt(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
