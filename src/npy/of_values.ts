import { bytesOf } from "../bytes.ts";
import { SerializeError } from "../errors.ts";
import { DType } from "../pickle/values/dtype.ts";
import { NdArray } from "../pickle/values/ndarray.ts";
import type { Bytes } from "../types.ts";
import { ofTyped } from "./npy.ts";

const MAX_AXES = 32;
const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;

/**
 * The array that numpy makes of a number or of lists within lists: of `int64` if all items are integers, of `uint64` if some
 * are too large for that, of `float64` if there are others; of booleans or of text if all are that. A typed array is one
 * axis; what is an array already is given back.
 *
 * @param value The number, the text, the lists, or the array.
 * @returns The array.
 * @throws {SerializeError} If lists beside each other differ in length, or items in kind.
 *
 * @example
 * ```ts
 * import { ndArrayOf } from "@brine/brine/dask";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const array = ndArrayOf([[1, 2], [3, 4.5]]);
 * deepEqual(array.shape, [2, 2]);
 * equal(array.dtype.str, "<f8");
 * ```
 */
export function ndArrayOf(value: unknown): NdArray {
  if (value instanceof NdArray) return value;
  if (ArrayBuffer.isView(value)) {
    return ofTyped(value as ArrayBufferView<ArrayBuffer>);
  }
  const shape: number[] = [];
  let items: readonly unknown[] = [value];
  while (items.length > 0 && Array.isArray(items[0])) {
    const { length } = items[0];
    const lists = items as readonly (readonly unknown[])[];
    const isEven = lists.every((list) =>
      Array.isArray(list) && list.length === length
    );
    items = lists.flat();
    // Holes are left out.
    const isWhole = items.length === lists.length * length;
    if (!isEven || !isWhole || shape.length === MAX_AXES) {
      throw new SerializeError("only lists of one length make an array", "$");
    }
    shape.push(length);
  }
  const [dtype, data] = contentOf(items);
  return new NdArray({ dtype: DType.of(dtype), data, shape });
}

/** The items as numpy has them. */
function contentOf(items: readonly unknown[]): [dtype: string, data: Bytes] {
  const all = (...types: string[]) =>
    items.every((item) => types.includes(typeof item));
  if (items.length > 0 && all("boolean")) {
    return ["|b1", Uint8Array.from(items as boolean[], Number)];
  }
  if (items.length > 0 && all("string")) return textOf(items as string[]);
  if (!all("number", "bigint")) {
    throw new SerializeError(
      "an array is of numbers, of booleans or of text",
      "$",
    );
  }
  const isInteger = (item: unknown) =>
    typeof item === "bigint" ||
    Number.isSafeInteger(item) && !Object.is(item, -0);
  if (items.length === 0 || !items.every(isInteger)) {
    return ["<f8", bytesOf(Float64Array.from(items as number[], Number))];
  }
  const integers = (items as number[]).map(BigInt);
  let least = 0n;
  let most = 0n;
  for (const integer of integers) {
    if (integer < least) least = integer;
    if (integer > most) most = integer;
  }
  if (least >= MIN_INT && most <= MAX_INT) {
    return ["<i8", bytesOf(BigInt64Array.from(integers))];
  }
  if (least < 0n || most > MAX_UINT) {
    throw new SerializeError("an array has no integers of over 64 bits", "$");
  }
  return ["<u8", bytesOf(BigUint64Array.from(integers))];
}

/** Text of fixed length, four bytes to a character. */
function textOf(items: readonly string[]): [dtype: string, data: Bytes] {
  const points = items.map((text) =>
    Array.from(text, (char) => char.codePointAt(0)!)
  );
  const length = points.reduce((most, { length }) => Math.max(most, length), 1);
  const data = new Uint32Array(length * items.length);
  points.forEach((text, i) => data.set(text, i * length));
  return [`<U${length}`, bytesOf(data)];
}
