/**
 * A Python `bytearray`. Python's `bytes` are a plain `Uint8Array`.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyByteArray } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(loads(dumps(new PyByteArray([1, 2]))) instanceof PyByteArray, true);
 * equal(loads(dumps(new Uint8Array([1, 2]))) instanceof PyByteArray, false);
 * ```
 */
export class PyByteArray extends Uint8Array<ArrayBuffer> {
  /**
   * Makes one of bytes, or as a view of a buffer.
   *
   * @param source How many, the bytes, or the buffer.
   * @param byteOffset Where in the buffer it begins.
   * @param length How many bytes of the buffer it has.
   */
  constructor(
    source: number | Iterable<number> | ArrayBuffer = 0,
    byteOffset?: number,
    length?: number,
  ) {
    super(source as ArrayBuffer, byteOffset, length);
  }

  /** What `map`, `slice` and `subarray` make: plain `Uint8Array`s. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }
}
