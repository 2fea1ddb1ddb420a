import type { Bytes } from "../../mod.ts";
import { ZstdFrames } from "../zstd_frames.ts";

/**
 * How long a frame is when it is decompressed, where that can be told without doing so: zstd notes it down at the
 * beginning, gzip at the end. Nothing relies on it: it is for show.
 */
export function plainBytes(
  codec: string | null | false,
  frame: Bytes,
): number | undefined {
  if (!codec) return frame.length;
  if (codec === "gzip") return gzipSize(frame);
  return codec === "zstd" ? zstdSize(frame) : undefined;
}

function gzipSize(frame: Bytes): number | undefined {
  if (frame.length < 18) return undefined;
  const end = frame.byteOffset + frame.length;
  return new DataView(frame.buffer, end - 4, 4).getUint32(0, true);
}

function zstdSize(frame: Bytes): number | undefined {
  const head = frame.subarray(0, 18);
  const walk = new ZstdFrames(Infinity);
  try {
    // The magic number is one piece; the header is read on the way to the end of the next.
    walk.next(head, walk.next(head, 0).end);
    return walk.header.contentSize;
  } catch {
    return undefined;
  }
}
