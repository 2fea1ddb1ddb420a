import type { Bytes } from "../../types.ts";

/** The letters for the items of an `array.array`. */
export type PyTypeCode =
  | "b"
  | "B"
  | "u"
  | "w"
  | "h"
  | "H"
  | "i"
  | "I"
  | "l"
  | "L"
  | "q"
  | "Q"
  | "f"
  | "d";

/** Any typed array that an `array.array` can be. */
export type PyArrayData =
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
 * A Python `array.array`: its letter, and its items as a typed array. Text (`u`, `w`) is code points in a
 * `Uint32Array`.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyArray } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const array = new PyArray("d", new Float64Array([0.5]));
 * deepEqual((loads(dumps(array)) as PyArray).data, new Float64Array([0.5]));
 * ```
 */
export class PyArray {
  /** The letter for what it holds. */
  readonly typecode: PyTypeCode;
  /** The items. */
  readonly data: PyArrayData;

  /**
   * Makes one of its parts.
   *
   * @param typecode The letter for what it holds.
   * @param data The items; kept, not copied.
   */
  constructor(typecode: PyTypeCode, data: PyArrayData) {
    this.typecode = typecode;
    this.data = data;
  }

  /** The text of an array of letter `u` or `w`. */
  get text(): string {
    let text = "";
    for (const point of this.data) text += String.fromCodePoint(Number(point));
    return text;
  }

  /** The bytes of the items, aliased. */
  get bytes(): Bytes {
    const { buffer, byteOffset, byteLength } = this.data;
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
}
