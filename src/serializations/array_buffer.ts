import type { Serialization } from "../serialization.ts";

/** `ArrayBuffer` as one frame over the buffer itself. */
export const arrayBuffer: Serialization<ArrayBuffer> = {
  type: "ArrayBuffer",
  class: ArrayBuffer,
  serialize: (value) => ({ frames: [new Uint8Array(value)] }),
  deserialize({ frames: [frame] }) {
    if (!frame) throw new TypeError("it has no frame");
    const whole = frame.byteLength === frame.buffer.byteLength;
    return whole ? frame.buffer : frame.slice().buffer;
  },
};
