import { packFramesPrelude } from "../../src/dask/pack.ts";
import type { Bytes } from "../../src/types.ts";
import { writeU64 } from "../../src/wire/u64.ts";

/** All that stands before the frames of a message on a TCP connection. */
export function tcpHead(frames: readonly Bytes[]): Bytes {
  const prelude = packFramesPrelude(frames);
  const head = new Uint8Array(8 + prelude.length);
  let length = prelude.length;
  for (const frame of frames) length += frame.length;
  writeU64(new DataView(head.buffer), 0, length);
  head.set(prelude, 8);
  return head;
}
