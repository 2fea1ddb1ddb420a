import { concat } from "../src/bytes.ts";
import { LimitError } from "../src/errors.ts";
import type { Bytes } from "../src/types.ts";

/** All bytes, up to a limit, and at their end what they are. */
export function wholeStream<Out>(
  stage: string,
  maxBytes: number,
  read: (bytes: Bytes) => Out,
): TransformStream<Bytes, Out> {
  const chunks: Bytes[] = [];
  let length = 0;
  return new TransformStream({
    transform(chunk) {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= maxBytes) return;
      throw new LimitError(stage, "bytes", length, maxBytes, {
        offset: maxBytes,
      });
    },
    flush: (controller) => controller.enqueue(read(concat(chunks))),
  });
}
