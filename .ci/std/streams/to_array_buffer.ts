// Stands in for `jsr:@std/streams/to-array-buffer` where only npm can be reached.
// @ts-ignore: deno-std ships no types
import * as std from "deno-std/streams/to_array_buffer.js";

export const toArrayBuffer = std.toArrayBuffer as unknown as (
  stream: ReadableStream<Uint8Array>,
) => Promise<ArrayBuffer>;
