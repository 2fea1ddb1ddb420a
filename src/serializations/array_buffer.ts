import type { Bytes } from "../types.ts";
import type { Serialization } from "../serialization.ts";

/** `ArrayBuffer` as one frame over the buffer itself. */
export const arrayBuffer: Serialization<ArrayBuffer> = {
  type: "ArrayBuffer",
  class: ArrayBuffer,
  serialize: (value) => ({ frames: [new Uint8Array(value)] }),
  deserialize({ frames }) {
    const frame = onlyFrame(frames);
    const whole = frame.byteLength === frame.buffer.byteLength;
    return whole ? frame.buffer : frame.slice().buffer;
  },
};

/** The frame of a value that has just one. */
export function onlyFrame(frames: readonly Bytes[]): Bytes {
  const [frame] = frames;
  if (frame && frames.length === 1) return frame;
  throw new TypeError(`it has ${frames.length} frames, not one`);
}
