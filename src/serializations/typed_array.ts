import { bytesOf } from "../bytes.ts";
import type { Class, Parts, Serialization } from "../serialization.ts";
import type { Bytes } from "../types.ts";
import { isPart, MISALIGNED, shownBytes } from "./region.ts";

type View = ArrayBufferView<ArrayBuffer>;

interface ViewClass extends Class<View> {
  readonly name: string;
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): View;
}

const NAMES = [
  "Uint8Array",
  "Int8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "DataView",
] as const;

/**
 * Every typed array that the runtime has, and `DataView`, each as one frame: the bytes that the view shows, little-endian.
 * They come back as a view of the received bytes where these are aligned for it, else of one copy.
 */
export const typedArrays: readonly Serialization<View>[] = NAMES.flatMap(
  (name) => {
    const type = (globalThis as unknown as Record<string, ViewClass>)[name];
    return type ? [typedArray(type, name)] : [];
  },
);

function typedArray(type: ViewClass, name: string): Serialization<View> {
  const size = type.BYTES_PER_ELEMENT ?? 1;
  return {
    type: name,
    class: type,
    serialize: (value) => ({ frames: [frameOf(value)] }),
    deserialize(parts: Required<Parts>) {
      const frame = shownBytes(parts);
      if (frame.length % size) {
        throw new RangeError(`${frame.length} bytes are not whole elements`);
      }
      const isAligned = frame.byteOffset % size === 0;
      // One copy of a frame that has one reader; but a region may have any number of them.
      if (!isAligned && isPart(parts)) throw new RangeError(MISALIGNED);
      const { buffer, byteOffset, length } = isAligned ? frame : frame.slice();
      return new type(buffer, byteOffset, length / size);
    },
  };
}

/** Shared memory may change under way, so of that we take the bytes as they are now. */
function frameOf(view: View): Bytes {
  const bytes = bytesOf(view);
  return bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
}
