import { LenientBase64 } from "../../src/prefect/lenient_base64.ts";
import type { Bytes } from "../../src/types.ts";
import { base64 } from "../base64.ts";
import type { Codec } from "../stage.ts";

/** Larger chunks are decoded in pieces. */
const PIECE = 1 << 18;

/** Base64 as Python's `encodebytes` writes it, and as `decodebytes` reads it. */
export const mime: Codec = {
  name: "base64",
  encoder: () => base64({ lineLength: 76, lineEnd: "\n" }).encoder(),
  decoder() {
    const lenient = new LenientBase64();
    return new TransformStream<Bytes, Bytes>({
      transform(chunk, controller) {
        for (let at = 0; at < chunk.length; at += PIECE) {
          const bytes = lenient.push(chunk.subarray(at, at + PIECE));
          if (bytes.length > 0) controller.enqueue(bytes);
        }
      },
      flush: () => lenient.end(),
    });
  },
};
