import type { Bytes } from "../../types.ts";
import { groups } from "./_item.ts";
import { forEachOffset, isContiguous, readerOf, stridesOf } from "./_walk.ts";
import type { DType } from "./dtype.ts";

/** The parts of an {@linkcode NdArray}. */
export interface NdArrayParts {
  /** The bytes of the items; of a type of objects (`O`, `T`), the items themselves. */
  readonly data: Bytes | unknown[];
  /** The type of the items. */
  readonly dtype: DType;
  /** The length along each axis. */
  readonly shape: readonly number[];
  /** Whether the last (`C`) or the first axis (`F`) is contiguous. @default {"C"} */
  readonly order?: "C" | "F" | undefined;
  /** Bytes from one item to the next along each axis; by default as the order has it. */
  readonly strides?: readonly number[] | undefined;
  /** Where the first item is. @default {0} */
  readonly offset?: number | undefined;
  /** The name of its class. @default {"ndarray"} */
  readonly type?: string | undefined;
  /** Whether Python may write into it. @default {true} */
  readonly writeable?: boolean | undefined;
}

/** Any typed array that an {@linkcode NdArray} can be. */
export type NdTypedArray =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/**
 * A numpy array: a view of bytes, which are not copied.
 *
 * @example
 * ```ts
 * import { DType, NdArray } from "@brine/brine/pickle";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const data = new Uint8Array(new Int16Array([1, 2, 3, 4, 5, 6]).buffer);
 * const array = new NdArray({ data, dtype: DType.of("<i2"), shape: [2, 3] });
 * deepEqual(array.toNested(), [[1, 2, 3], [4, 5, 6]]);
 * equal(array.get(1, 0), 4);
 * deepEqual(array.toTypedArray(), new Int16Array([1, 2, 3, 4, 5, 6]));
 * ```
 */
export class NdArray {
  /** The bytes of the items; of a type of objects (`O`, `T`), the items themselves. */
  readonly data: Bytes | unknown[];
  /** The type of the items. */
  readonly dtype: DType;
  /** The length along each axis. */
  readonly shape: readonly number[];
  /** Whether the last (`C`) or the first axis (`F`) is contiguous. */
  readonly order: "C" | "F";
  /** Bytes from one item to the next along each axis. */
  readonly strides: readonly number[];
  /** Where the first item is, in bytes. */
  readonly offset: number;
  /** The name of its class: `ndarray`, `matrix`, `recarray`. */
  readonly type: string;
  /** Whether Python may write into it. It is a note: nothing here is kept from writing. */
  readonly writeable: boolean;

  /**
   * Makes one of its parts.
   *
   * @param parts What it is made of.
   * @throws {RangeError} If the items are more than the data.
   */
  constructor(parts: NdArrayParts) {
    const { data, dtype, shape, order = "C", offset = 0 } = parts;
    const strides = parts.strides ?? stridesOf(shape, dtype.itemsize, order);
    const end = shape.includes(0) ? 0 : shape.reduce(
      (sum, length, axis) => sum + Math.max(0, (length - 1) * strides[axis]!),
      offset + dtype.itemsize,
    );
    const bytes = data.length * (Array.isArray(data) ? dtype.itemsize : 1);
    if (!(end <= bytes)) throw new RangeError("More items than data");
    this.data = data;
    this.dtype = dtype;
    this.shape = shape;
    this.order = order;
    this.strides = strides;
    this.offset = offset;
    this.type = parts.type ?? "ndarray";
    this.writeable = parts.writeable ?? true;
  }

  /** How many items there are. */
  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /**
   * An item, as Python's `item()` gives it; of dates and times, the number of their units.
   *
   * @param indices Its place, along each axis from 0.
   * @returns The item, `undefined` if there is none.
   */
  get(...indices: number[]): unknown {
    let at = this.offset;
    for (let axis = 0; axis < this.shape.length; axis++) {
      const index = indices[axis];
      if (index === undefined || !(index >= 0 && index < this.shape[axis]!)) {
        return undefined;
      }
      at += index * this.strides[axis]!;
    }
    return readerOf(this)(at);
  }

  /**
   * All items, the last axis first.
   *
   * @returns The items, in a list.
   */
  toArray(): unknown[] {
    const read = readerOf(this);
    const items: unknown[] = [];
    forEachOffset(this, (at) => items.push(read(at)));
    return items;
  }

  /**
   * All items in lists within lists, one for each axis; a single item, if there is no axis.
   *
   * @returns The lists.
   */
  toNested(): unknown {
    let items = this.toArray();
    const { shape } = this;
    if (shape.length === 0) return items[0];
    // Where an axis has no length, those before it say how many empty lists there are.
    const empty = shape.indexOf(0);
    if (empty > 0) {
      const count = shape.slice(0, empty).reduce((a, b) => a * b, 1);
      for (let i = 0; i < count; i++) items.push([]);
    }
    const from = empty < 0 ? shape.length : empty;
    for (let axis = from - 1; axis > 0; axis--) {
      items = groups(items, shape[axis]!);
    }
    return items;
  }

  /**
   * All items as a typed array, the last axis first. It is a view of the data where that is possible, and a copy where
   * the data is not aligned, not contiguous or of the other byte order. Booleans are bytes, dates and times 64-bit counts
   * of their units, complex numbers two floats each, halves floats.
   *
   * @returns The typed array.
   * @throws {TypeError} If there is none for such items.
   */
  toTypedArray(): NdTypedArray {
    const { dtype } = this;
    const Type = dtype.sub || Array.isArray(this.data)
      ? undefined
      : TYPED.get(dtype.kind + dtype.itemsize);
    if (!Type) throw new TypeError(`There is no typed array of ${dtype}`);
    const bytes = this.toBytes();
    if (dtype.kind === "f" && dtype.itemsize === 2) {
      return Float32Array.from(this.toArray() as number[]);
    }
    const unit = Type.BYTES_PER_ELEMENT;
    if (dtype.order === ">") {
      return new Type(swapped(bytes, unit).buffer);
    }
    const aligned = bytes.byteOffset % unit === 0 ? bytes : bytes.slice();
    return new Type(aligned.buffer, aligned.byteOffset, bytes.length / unit);
  }

  /**
   * The bytes of all items, the last axis first: a view of the data, if they are there in that order.
   *
   * @returns The bytes.
   * @throws {TypeError} If the items are objects.
   */
  toBytes(): Bytes {
    const { data, dtype: { itemsize }, offset } = this;
    if (Array.isArray(data)) throw new TypeError("Objects have no bytes");
    const length = this.size * itemsize;
    if (isContiguous(this)) return data.subarray(offset, offset + length);
    const bytes = new Uint8Array(length);
    let to = 0;
    forEachOffset(this, (at) => {
      for (let i = 0; i < itemsize; i++) bytes[to++] = data[at + i]!;
    });
    return bytes;
  }
}

function swapped(bytes: Bytes, unit: number): Bytes {
  const copy = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += unit) {
    for (let j = 0; j < unit; j++) copy[i + j] = bytes[i + unit - 1 - j]!;
  }
  return copy;
}

const TYPED: ReadonlyMap<
  string,
  {
    new (buffer: ArrayBuffer, offset?: number, length?: number): NdTypedArray;
    readonly BYTES_PER_ELEMENT: number;
  }
> = new Map<string, never>([
  ["b1", Uint8Array as never],
  ["i1", Int8Array as never],
  ["u1", Uint8Array as never],
  ["i2", Int16Array as never],
  ["u2", Uint16Array as never],
  ["i4", Int32Array as never],
  ["u4", Uint32Array as never],
  ["i8", BigInt64Array as never],
  ["u8", BigUint64Array as never],
  ["M8", BigInt64Array as never],
  ["m8", BigInt64Array as never],
  ["f2", Uint16Array as never],
  ["f4", Float32Array as never],
  ["f8", Float64Array as never],
  ["c8", Float32Array as never],
  ["c16", Float64Array as never],
]);
