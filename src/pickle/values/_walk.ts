import { readItem } from "./_item.ts";
import type { NdArray } from "./ndarray.ts";

/** Bytes from one item to the next along each axis. */
export function stridesOf(
  shape: readonly number[],
  itemsize: number,
  order: "C" | "F",
): number[] {
  const strides = new Array<number>(shape.length);
  let stride = itemsize;
  for (let i = 0; i < shape.length; i++) {
    const axis = order === "F" ? i : shape.length - 1 - i;
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

export function isContiguous({ shape, strides, dtype }: NdArray): boolean {
  const packed = stridesOf(shape, dtype.itemsize, "C");
  return strides.every((stride, axis) =>
    stride === packed[axis] || shape[axis]! < 2
  );
}

/** Reads the item at a place. */
export function readerOf({ data, dtype }: NdArray): (at: number) => unknown {
  if (Array.isArray(data)) return (at) => data[at / dtype.itemsize];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return (at) => readItem(view, at, dtype);
}

/** The place of each item, the last axis first; an odometer, because there may be many axes. */
export function forEachOffset(array: NdArray, use: (at: number) => void): void {
  const { shape, strides, size } = array;
  const indices = new Array<number>(shape.length).fill(0);
  let at = array.offset;
  for (let i = 0; i < size; i++) {
    use(at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++indices[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      indices[axis] = 0;
    }
  }
}
