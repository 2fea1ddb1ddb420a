/**
 * Zstandard.
 *
 * @module
 */
import { LimitError, TruncatedError } from "../src/errors.ts";
import { nativeZlib } from "../src/native.ts";
import { type Coder, PacedStream } from "./_paced_stream.ts";
import { encodeWith, type NewSection } from "./_section.ts";
import { CHUNK_SIZE, zlibSection } from "./_zlib_section.ts";
import { atOnce } from "./_whole_section.ts";
import { ZstdDecoder, type ZstdEngine } from "./_zstd_decoder.ts";
import { portableCompressor, portableEngine } from "./_zstd_portable.ts";
import type { Codec } from "./stage.ts";

/** Options of {@linkcode zstd}. */
export interface ZstdOptions {
  /**
   * From 1, which is fast, to 22, which is small.
   *
   * @default {3}
   */
  readonly level?: number;
  /**
   * Whether the encoder adds a checksum, as the command of that name does. The decoder checks one wherever there is one.
   *
   * @default {false}
   */
  readonly checksum?: boolean;
  /**
   * Bytes of memory that a frame may ask its decoder to keep.
   *
   * @default {134217728}
   */
  readonly maxWindow?: number;
}

/** Longer input is not compressed in one go: the result is in memory as a whole. */
const MAX_AT_ONCE = 1 << 22;
/** What the command line program accepts, too. */
const MAX_WINDOW = 128 * 1024 * 1024;

/**
 * Zstandard (RFC 8878), as the command of that name writes it.
 *
 * The decoder reads any number of frames after each other, and passes over skippable ones. An encoder that is told the
 * size of its input writes it down, which Dask demands, and fails if it turns out wrong.
 *
 * It runs on `node:zlib` where that has zstd (Bun, Deno, workerd, Node from 22.15). Elsewhere `fzstd` reads, and
 * `numcodecs` writes, a frame for each MiB; both are loaded when they are first needed.
 *
 * @param options How hard to try, and how much memory to grant.
 * @returns The codec. Its decoder fails with {@linkcode FormatError}, {@linkcode TruncatedError} or
 * {@linkcode LimitError}; the offset is that of the fault, or of an earlier byte in the chunk that held it.
 * @throws {RangeError} If there is no such level.
 *
 * @example
 * ```ts
 * import { zstd } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(zstd().encoder(4));
 * equal(await new Response(packed.pipeThrough(zstd().decoder())).text(), "salt");
 * ```
 */
export function zstd(options: ZstdOptions = {}): Codec {
  const { level = 3, checksum = false, maxWindow = MAX_WINDOW } = options;
  if (!(Number.isInteger(level) && level >= 1 && level <= 22)) {
    throw new RangeError(
      `Cannot use level ${level} of zstd: levels are 1 to 22`,
    );
  }
  return {
    name: "zstd",
    encoder(size) {
      const coder = encodeWith(compressor(level, checksum, size));
      return new PacedStream(
        size === undefined ? coder : (emit) => sized(coder(emit), size),
        2,
      );
    },
    decoder() {
      const engine = nativeEngine(maxWindow) ?? portableEngine;
      return new PacedStream((emit) =>
        new ZstdDecoder(engine, maxWindow, emit)
      );
    },
  };
}

/** A block of zstd has 128 KiB, RFC 8878 §3.1.1.2.4. */
const BLOCK_AND_MORE = 2 ** 18;

function compressor(
  level: number,
  checksum: boolean,
  size: number | undefined,
): NewSection {
  const zlib = nativeZlib();
  const create = zlib?.createZstdCompress;
  if (!create) {
    return (emit) => portableCompressor({ level, checksum, size }, emit);
  }
  const { constants } = zlib;
  const narrow = isWorkerd();
  const options = {
    chunkSize: narrow ? BLOCK_AND_MORE : CHUNK_SIZE,
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0,
    },
    ...(size === undefined ? {} : { pledgedSrcSize: size }),
  };
  return (emit) => {
    const streamed = () => zlibSection(create(options), emit);
    const compress = narrow ? undefined : zlib.zstdCompress;
    return compress && size !== undefined && size <= MAX_AT_ONCE
      ? atOnce(
        size,
        (bytes, done) => compress(bytes, options, done),
        streamed,
        emit,
      )
      : streamed();
  };
}

/** What zstd makes of the last block has to fit into one buffer in workerd: else it fails as if its input were cut. */
function isWorkerd(): boolean {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  return navigator?.userAgent === "Cloudflare-Workers";
}

function nativeEngine(maxWindow: number): ZstdEngine | undefined {
  const zlib = nativeZlib();
  const create = zlib?.createZstdDecompress;
  if (!create) return undefined;
  // The library's own limit is 128 MiB; ours stands before it, so it is lifted only if more was granted.
  const params = maxWindow > MAX_WINDOW
    ? { params: { [zlib.constants.ZSTD_d_windowLogMax]: 31 } }
    : {};
  return {
    byBlock: false,
    start: (emit) =>
      zlibSection(create({ chunkSize: CHUNK_SIZE, ...params }), emit),
  };
}

/** The runtimes do not agree about a size that was not true: one of them lets it pass if nothing came at all. */
function sized(coder: Coder, size: number): Coder {
  let offset = 0;
  return {
    async write(chunk) {
      offset += chunk.length;
      if (offset > size) {
        throw new LimitError("zstd", "bytes", offset, size, { offset: size });
      }
      await coder.write(chunk);
    },
    async end() {
      if (offset < size) {
        throw new TruncatedError("zstd", `${size} bytes were announced`, {
          offset,
        });
      }
      await coder.end();
    },
    close: () => coder.close(),
  };
}
