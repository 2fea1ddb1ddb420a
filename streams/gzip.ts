/**
 * The three formats around DEFLATE.
 *
 * @module
 */
import type { Input, NewCoder } from "../src/codecs/input.ts";
import { type NativeZlib, nativeZlib } from "../src/native.ts";
import type { Bytes } from "../src/types.ts";
import { GzipDecoder } from "./_gzip_decoder.ts";
import { type Coder, type Emit, PacedStream } from "./_paced_stream.ts";
import { decodeWith, encodeWith, type NewSection } from "./_section.ts";
import { webSection } from "./_web_section.ts";
import { StepsStream } from "./_steps_stream.ts";
import { CHUNK_SIZE, type ZlibEngine, zlibSection } from "./_zlib_section.ts";
import type { Codec } from "./stage.ts";

/** Options of {@linkcode gzip} and {@linkcode deflateRaw}. */
export interface DeflateOptions {
  /**
   * From 0, which stores, over 1, which is fast, to 9, which is small. Without Node's modules the runtime's own level
   * is used, whatever is asked for: the web standard has no word for it.
   *
   * @default {6}
   */
  readonly level?: number;
}

/**
 * Gzip (RFC 1952), as the command of that name writes it.
 *
 * The decoder reads all members of a file that has several, passes over zeros after a member, and refuses anything else.
 * The checksum of a member comes at its end, when the member has been delivered.
 *
 * Without Node's modules (`node:zlib`) it reads by itself, since most runtimes' `DecompressionStream` knows one member only.
 *
 * @param options How hard to try.
 * @returns The codec. Its decoder fails with {@linkcode FormatError} or {@linkcode TruncatedError}; the offset is that of
 * the fault, or of an earlier byte in the chunk that held it.
 * @throws {RangeError} If there is no such level.
 *
 * @example
 * ```ts
 * import { gzip } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const { readable, writable } = gzip({ level: 9 }).encoder();
 * const packed = new Blob(["salt and water"]).stream().pipeTo(writable);
 * equal(await new Response(readable.pipeThrough(gzip().decoder())).text(), "salt and water");
 * await packed;
 * ```
 */
export function gzip(options: DeflateOptions = {}): Codec {
  return deflateCodec("gzip", options, {
    portable: async () => {
      const { readGzip } = await import("../src/codecs/deflate/reader.ts");
      return readGzip;
    },
    encoder: (zlib, options) => zlib.createGzip!(options),
    decoder: (zlib) => (emit) =>
      new GzipDecoder(
        (out) =>
          zlibSection(zlib.createInflateRaw!({ chunkSize: CHUNK_SIZE }), out),
        emit,
      ),
  });
}

/** Options of {@linkcode deflate}. */
export interface ZlibOptions extends DeflateOptions {
  /**
   * Whether the decoder passes over what follows, as Python's `zlib.decompress` does.
   *
   * @default {false}
   */
  readonly ignoresRest?: boolean;
}

/**
 * DEFLATE in the zlib format (RFC 1950), which HTTP calls `deflate` and Dask `zlib`.
 *
 * @param options How hard to try.
 * @returns The codec. Its decoder fails with {@linkcode FormatError} or {@linkcode TruncatedError}; the offset is that of
 * the fault, or of an earlier byte in the chunk that held it.
 * @throws {RangeError} If there is no such level.
 *
 * @example
 * ```ts
 * import { deflate, pipe } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(deflate().encoder());
 * equal(await new Response(packed.pipeThrough(deflate().decoder())).text(), "salt");
 * equal(pipe(deflate()).name, "deflate");
 * ```
 */
export function deflate(options: ZlibOptions = {}): Codec {
  const portable = async () => {
    const { readZlib } = await import("../src/codecs/deflate/reader.ts");
    return (input: Input) => readZlib(input, true);
  };
  const codec = deflateCodec("deflate", options, {
    ...options.ignoresRest && { portable },
    encoder: (zlib, options) => zlib.createDeflate!(options),
    decoder: (zlib) =>
      decodeWith(
        "deflate",
        (out) =>
          zlibSection(zlib.createInflate!({ chunkSize: CHUNK_SIZE }), out),
        options.ignoresRest,
      ),
  });
  return { ...codec, compression: "zlib" };
}

/**
 * DEFLATE with nothing around it (RFC 1951): no header, no checksum. A flipped bit mostly goes unnoticed, so put it where
 * something else has a checksum.
 *
 * @param options How hard to try.
 * @returns The codec. Its decoder fails with {@linkcode FormatError} or {@linkcode TruncatedError}; the offset is that of
 * the fault, or of an earlier byte in the chunk that held it.
 * @throws {RangeError} If there is no such level.
 *
 * @example
 * ```ts
 * import { deflateRaw } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(deflateRaw().encoder());
 * equal(await new Response(packed.pipeThrough(deflateRaw().decoder())).text(), "salt");
 * ```
 */
export function deflateRaw(options: DeflateOptions = {}): Codec {
  return deflateCodec("deflate-raw", options, {
    encoder: (zlib, options) => zlib.createDeflateRaw!(options),
    decoder: (zlib) =>
      decodeWith(
        "deflate-raw",
        (out) =>
          zlibSection(zlib.createInflateRaw!({ chunkSize: CHUNK_SIZE }), out),
      ),
  });
}

/** What differs between the three where there is `node:zlib`. */
interface Engines {
  /** Reads without it, where what runtimes have for the web does less. */
  portable?(): Promise<NewCoder>;
  encoder(
    zlib: NativeZlib,
    options: { level: number; chunkSize: number },
  ): ZlibEngine;
  decoder(zlib: NativeZlib): (emit: Emit) => Coder;
}

function deflateCodec(
  name: "gzip" | "deflate" | "deflate-raw",
  { level = 6 }: DeflateOptions,
  engines: Engines,
): Codec {
  if (!(Number.isInteger(level) && level >= 0 && level <= 9)) {
    throw new RangeError(
      `Cannot use level ${level} of ${name}: levels are 0 to 9`,
    );
  }
  type Pair = ReadableWritablePair<Bytes, Bytes>;
  const options = { level, chunkSize: CHUNK_SIZE };
  return {
    name,
    encoder() {
      const zlib = nativeZlib();
      const newSection: NewSection = (emit) =>
        zlib
          ? zlibSection(engines.encoder(zlib, options), emit)
          : webSection(new CompressionStream(name) as Pair, emit);
      return new PacedStream(encodeWith(newSection), 2);
    },
    decoder() {
      const zlib = nativeZlib();
      const { portable } = engines;
      if (!zlib && portable) return new StepsStream(name, portable);
      return new PacedStream(
        zlib ? engines.decoder(zlib) : decodeWith(
          name,
          (emit) => webSection(new DecompressionStream(name) as Pair, emit),
        ),
      );
    },
  };
}
