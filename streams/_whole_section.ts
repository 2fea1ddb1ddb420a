import type { Bytes } from "../src/types.ts";
import type { Emit } from "./_paced_stream.ts";
import type { Section } from "./_section.ts";

/** Codes some bytes beside the main thread, and calls back. */
type Compress = (
  bytes: Bytes,
  done: (error: Error | null, coded: Uint8Array) => void,
) => void;

/**
 * One run over input of a known size: if all of it comes as one chunk, as the frames of messages do, it is coded in one go.
 * An engine for each frame costs Deno some 20 MB more.
 */
export function atOnce(
  size: number,
  compress: Compress,
  streamed: () => Section,
  emit: Emit,
): Section {
  let section: Section | undefined;
  let taken = 0;
  return {
    async write(bytes) {
      if (section || bytes.length < size) {
        section ??= streamed();
        return await section.write(bytes);
      }
      const coded = await new Promise<Uint8Array>((resolve, reject) =>
        compress(
          bytes,
          (error, coded) => error ? reject(error) : resolve(coded),
        )
      );
      taken = bytes.length;
      const { buffer, byteOffset, length } = coded as Bytes;
      await emit(new Uint8Array(buffer, byteOffset, length));
      return taken;
    },
    async end() {
      if (taken > 0) return;
      section ??= streamed();
      await section.end();
    },
    close() {
      section?.close();
    },
    get taken() {
      return section?.taken ?? taken;
    },
  };
}
