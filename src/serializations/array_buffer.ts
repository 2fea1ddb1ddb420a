import type { Serialization } from "../serialization.ts";
import { isPart, MISALIGNED, shownBytes } from "./region.ts";

/** `ArrayBuffer` as one frame over the buffer itself. */
export const arrayBuffer: Serialization<ArrayBuffer> = {
  type: "ArrayBuffer",
  class: ArrayBuffer,
  serialize: (value) => ({ frames: [new Uint8Array(value)] }),
  exact: true,
  deserialize(parts) {
    const bytes = shownBytes(parts);
    if (bytes.byteLength === bytes.buffer.byteLength) return bytes.buffer;
    if (isPart(parts)) throw new RangeError(MISALIGNED);
    return bytes.slice().buffer;
  },
};
