import type { Serialization } from "../serialization.ts";
import { shownBytes } from "./region.ts";

/** `ArrayBuffer` as one frame over the buffer itself. */
export const arrayBuffer: Serialization<ArrayBuffer> = {
  type: "ArrayBuffer",
  class: ArrayBuffer,
  serialize: (value) => ({ frames: [new Uint8Array(value)] }),
  exact: true,
  deserialize(parts) {
    const bytes = shownBytes(parts);
    const whole = bytes.byteLength === bytes.buffer.byteLength;
    return whole ? bytes.buffer : bytes.slice().buffer;
  },
};
