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
  /** What `map`, `slice` and `subarray` make: plain `Uint8Array`s. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }
}
