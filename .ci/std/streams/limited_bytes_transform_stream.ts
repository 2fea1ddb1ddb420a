// Stands in for `jsr:@std/streams/limited-bytes-transform-stream` where only npm can be reached.
// @ts-ignore: deno-std ships no types
import * as std from "deno-std/streams/limited_bytes_transform_stream.js";

export const LimitedBytesTransformStream = std
  .LimitedBytesTransformStream as unknown as new (
    size: number,
    options?: { error?: boolean },
  ) => TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>;
