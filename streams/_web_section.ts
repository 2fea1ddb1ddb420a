import type { Bytes } from "../src/types.ts";
import type { Emit } from "./_paced_stream.ts";
import { CutError, type Section } from "./_section.ts";

/** Deno makes one chunk of all that a chunk expands to, up to a thousand times its size. */
const MAX_INPUT = 16 * 1024;
const MAX_OUTPUT = 64 * 1024;

/**
 * One run through a `CompressionStream` or `DecompressionStream`, for runtimes without Node's modules. It cannot tell
 * where the coded data ends, so it takes all bytes; what follows the end is for the runtime to refuse.
 */
export function webSection(
  stream: ReadableWritablePair<Bytes, Bytes>,
  emit: Emit,
): Section {
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  let taken = 0;
  const pump = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (let i = 0; i < value.length; i += MAX_OUTPUT) {
        await emit(value.subarray(i, i + MAX_OUTPUT));
      }
    }
  };
  const pumped = pump();
  // Each is awaited below, but perhaps not before it has failed.
  pumped.catch(() => {});
  writer.closed.catch(() => {});
  return {
    async write(bytes) {
      for (let i = 0; i < bytes.length; i += MAX_INPUT) {
        const slice = bytes.subarray(i, i + MAX_INPUT);
        await Promise.race([writer.write(slice), pumped]);
        taken += slice.length;
      }
      return bytes.length;
    },
    async end() {
      try {
        await Promise.all([writer.close(), pumped]);
      } catch (cause) {
        throw new CutError("the runtime refused the end", { cause });
      }
    },
    close() {
      const reason = new Error("the stream was closed");
      reader.cancel(reason).catch(() => {});
      writer.abort(reason).catch(() => {});
    },
    get taken() {
      return taken;
    },
  };
}
