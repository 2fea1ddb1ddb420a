import { isPlainCopy, isWellFormed } from "../plain.ts";
import { refuseForeign } from "../tree/foreign.ts";

/**
 * The value as the encoder may have it, for readers that know nothing of tags: refused, with the path, is whatever msgpack
 * itself could not bring back.
 *
 * @param value The value.
 * @param maxDepth Arrays and objects within each other.
 * @param index Its place in the stream, where its path begins.
 */
export function nativeOnly(
  value: unknown,
  maxDepth: number,
  index: number,
): unknown {
  if (!isPlainCopy(value, maxDepth) || !isWellFormed(value)) {
    refuseForeign(value, { maxDepth, isNative, at: index });
  }
  return value;
}

/** What msgpack has beyond plain data: byte strings, times, `NaN` and the infinities, and wide integers. */
function isNative(value: unknown): boolean {
  switch (typeof value) {
    case "number":
      return !Object.is(value, -0);
    case "bigint":
      // Narrower ones come back as numbers.
      return !Number.isSafeInteger(Number(value)) &&
        value >= -(2n ** 63n) && value < 2n ** 64n;
    case "object":
      return value instanceof Date
        ? !Number.isNaN(value.getTime())
        : value instanceof Uint8Array;
    default:
      return false;
  }
}
