// Stands in for `jsr:@std/streams/concat-readable-streams` where only npm can be reached.
// @ts-ignore: deno-std ships no types
import * as std from "deno-std/streams/concat_readable_streams.js";

export const concatReadableStreams = std
  .concatReadableStreams as unknown as <T>(
    ...streams: ReadableStream<T>[]
  ) => ReadableStream<T>;
