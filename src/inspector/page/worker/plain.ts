import { plainBytes as fromHeader } from "../../../cli/plain_bytes.ts";
import type { Bytes } from "../../../types.ts";

/** How long a frame is when it is decompressed, where its first or last bytes tell. */
export function plainBytes(
  codec: string | null | false | undefined,
  frame: Bytes,
): number | null {
  if (codec === "lz4" && frame.length >= 4) {
    return new DataView(frame.buffer, frame.byteOffset, 4).getUint32(0, true);
  }
  if (codec === "snappy") return varint(frame);
  return fromHeader(codec ?? null, frame) ?? null;
}

/** The number that a block of snappy begins with. */
function varint(frame: Bytes): number | null {
  let value = 0;
  for (let i = 0; i < 5 && i < frame.length; i++) {
    value += (frame[i]! & 127) * 2 ** (7 * i);
    if (frame[i]! < 128) return value;
  }
  return null;
}
