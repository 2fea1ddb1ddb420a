import type { Bytes } from "../../types.ts";
import { readItem } from "./_item.ts";
import type { DType } from "./dtype.ts";
import type { NdArray } from "./ndarray.ts";

/**
 * A numpy scalar, `numpy.float32(1.5)`: its type and its bytes.
 *
 * @example
 * ```ts
 * import { DType, NpScalar } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const scalar = new NpScalar(DType.of("<i2"), new Uint8Array([1, 1]));
 * equal(scalar.value, 257);
 * ```
 */
export class NpScalar {
  /** Its type. */
  readonly dtype: DType;
  /** Its bytes. */
  readonly bytes: Bytes;

  /**
   * Makes one of its parts.
   *
   * @param dtype Its type.
   * @param bytes Its bytes, as many as the type says.
   * @throws {RangeError} If they are not as many.
   */
  constructor(dtype: DType, bytes: Bytes) {
    if (bytes.length !== dtype.itemsize) {
      throw new RangeError(`${bytes.length} bytes are not one ${dtype}`);
    }
    this.dtype = dtype;
    this.bytes = bytes;
  }

  /** The value as Python's `item()` gives it; of dates and times, the number of their units. */
  get value(): unknown {
    const { buffer, byteOffset, byteLength } = this.bytes;
    const view = new DataView(buffer, byteOffset, byteLength);
    return readItem(view, 0, this.dtype);
  }

  /** The value. */
  valueOf(): unknown {
    return this.value;
  }
}

/**
 * A numpy masked array.
 *
 * @example
 * ```ts
 * import { DType, MaskedArray, NdArray } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const of = (dtype: string, ...bytes: number[]) =>
 *   new NdArray({ data: new Uint8Array(bytes), dtype: DType.of(dtype), shape: [bytes.length] });
 * deepEqual(new MaskedArray(of("u1", 5, 6), of("b1", 0, 1)).toArray(), [5, null]);
 * ```
 */
export class MaskedArray {
  /** All items, those that are masked among them. */
  readonly array: NdArray;
  /** Of each, whether it is masked. */
  readonly mask: NdArray;
  /** What Python shows in place of those. */
  readonly fill: unknown;

  /**
   * Makes one of its parts.
   *
   * @param array All items.
   * @param mask Of each, whether it is masked.
   * @param fill What Python shows in place of those.
   */
  constructor(array: NdArray, mask: NdArray, fill: unknown = null) {
    this.array = array;
    this.mask = mask;
    this.fill = fill;
  }

  /**
   * All items, the last axis first.
   *
   * @returns The items, `null` in place of those that are masked.
   */
  toArray(): unknown[] {
    const mask = this.mask.toArray();
    return this.array.toArray().map((item, i) => mask[i] ? null : item);
  }
}
