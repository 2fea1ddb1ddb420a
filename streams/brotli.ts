/**
 * Brotli.
 *
 * @module
 */
import { nativeZlib } from "../src/native.ts";
import type { Bytes } from "../src/types.ts";
import { PacedStream } from "./_paced_stream.ts";
import { decodeWith, encodeWith, type NewSection } from "./_section.ts";
import { StepsStream } from "./_steps_stream.ts";
import { webSection } from "./_web_section.ts";
import { CHUNK_SIZE, zlibSection } from "./_zlib_section.ts";
import type { Codec } from "./stage.ts";

/** Options of {@linkcode brotli}. */
export interface BrotliOptions {
  /**
   * From 0, which is fast, to 11, which is small and a hundred times slower. A `CompressionStream` has a quality of its own,
   * whatever is asked for, and the encoder written here makes no more of 9 to 11 than of 8.
   *
   * @default {4}
   */
  readonly quality?: number;
}

/**
 * Brotli (RFC 7932). It has no checksum: a flipped bit may go unnoticed, so put it where something else has one.
 *
 * It runs on `node:zlib` (Node, Bun, Deno, workerd), or else on a `CompressionStream` that knows `"brotli"`. Chromium has
 * neither, nor has workerd without Node's modules: there it is read and written in JavaScript, which is loaded when the
 * first bytes come. That decoder reads all of the format, at a third of the speed; that encoder comes to about the size of
 * gzip at 10 to 20 MB/s, since it uses neither the format's dictionary nor its contexts.
 *
 * @param options How hard to try.
 * @returns The codec. Its decoder fails with {@linkcode FormatError} or {@linkcode TruncatedError}; the offset is that of
 * the fault, or of an earlier byte in the chunk that held it.
 * @throws {RangeError} If there is no such quality.
 *
 * @example
 * ```ts
 * import { brotli } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(brotli().encoder());
 * equal(await new Response(packed.pipeThrough(brotli().decoder())).text(), "salt");
 * ```
 */
export function brotli({ quality = 4 }: BrotliOptions = {}): Codec {
  if (!(Number.isInteger(quality) && quality >= 0 && quality <= 11)) {
    throw new RangeError(
      `Cannot use quality ${quality} of brotli: qualities are 0 to 11`,
    );
  }
  return {
    name: "brotli",
    encoder() {
      const native = compressor(quality);
      if (native) return new PacedStream(encodeWith(native), 2);
      return new StepsStream("brotli", async () => {
        const { writeBrotli } = await import("../src/codecs/brotli/writer.ts");
        return (input) => writeBrotli(input, quality);
      });
    },
    decoder() {
      const native = decompressor();
      if (native) return new PacedStream(decodeWith("brotli", native));
      return new StepsStream("brotli", async () => {
        const { readBrotli } = await import("../src/codecs/brotli/reader.ts");
        return readBrotli;
      });
    },
  };
}

function compressor(quality: number): NewSection | undefined {
  const zlib = nativeZlib();
  if (!zlib) return webBrotli((format) => new CompressionStream(format));
  const options = {
    chunkSize: CHUNK_SIZE,
    params: { [zlib.constants.BROTLI_PARAM_QUALITY]: quality },
  };
  return (emit) => zlibSection(zlib.createBrotliCompress!(options), emit);
}

function decompressor(): NewSection | undefined {
  const zlib = nativeZlib();
  if (!zlib) return webBrotli((format) => new DecompressionStream(format));
  const options = { chunkSize: CHUNK_SIZE };
  return (emit) =>
    zlibSection(zlib.createBrotliDecompress!(options), emit, true);
}

/** The types of the platform do not know `"brotli"` everywhere; nor do the platforms. */
function webBrotli(
  make: (format: CompressionFormat) => GenericTransformStream,
): NewSection | undefined {
  let stream: ReadableWritablePair<Bytes, Bytes>;
  try {
    stream = make("brotli" as CompressionFormat) as typeof stream;
  } catch {
    return undefined;
  }
  return (emit) => webSection(stream, emit);
}
