import { decompress as decompressZstd } from "fzstd";
import { concat } from "../bytes.ts";
import { inflateZlib } from "../codecs/deflate/reader.ts";
import {
  compressSized,
  decompressSized,
  sizeOfSized,
} from "../codecs/lz4/sized.ts";
import { compressSnappy, decompressSnappy } from "../codecs/snappy/block.ts";
import { FormatError, LimitError, TruncatedError } from "../errors.ts";
import { nativeZlib } from "../native.ts";
import type { Bytes } from "../types.ts";
import { ZstdFrames, type ZstdPiece } from "../zstd_frames.ts";
import { readBlosc } from "./_blosc.ts";
import type { DaskCompression } from "./compression.ts";
import type { DaskRegistry } from "./registry.ts";

/** Bytes that Cloudflare's workers allow as a limit. */
const WORKERS_LIMIT = 1 << 27;

/** Above this, what a frame of zstd says of its size is not believed before it is true. */
const BELIEVED = 1 << 20;

/** Dask's compressions, by its names for them. */
export const compressions: readonly (readonly [string, DaskCompression])[] = [
  ["zlib", { compress: deflate, decompress: inflate }],
  ["lz4", {
    compress: compressSized,
    decompress: decompressSized,
    sizeOf: sizeOfSized,
  }],
  ["snappy", { compress: compressSnappy, decompress: decompressSnappy }],
  ["zstd", {
    compress: writeZstd,
    decompress: readZstd,
    sizeOf: (bytes) => firstZstdFrame(bytes).size,
  }],
  ["blosc", { decompress: readBlosc }],
];

function deflate(bytes: Bytes): Bytes | undefined {
  const zlib = nativeZlib();
  return zlib?.deflateSync && view(zlib.deflateSync(bytes));
}

function inflate(bytes: Bytes, limit: number): Bytes {
  const zlib = nativeZlib();
  if (!zlib?.inflateSync) return inflateZlib(bytes, limit);
  const { inflateSync } = zlib;
  return guarded(
    "zlib",
    bytes,
    limit,
    () =>
      bounded(
        limit,
        (maxOutputLength) => inflateSync(bytes, { maxOutputLength }),
      ),
  );
}

/** What an engine makes, of at most so many bytes, or of as many as it may be asked for. */
function bounded(
  limit: number,
  work: (maxOutputLength: number) => Uint8Array,
): Uint8Array {
  try {
    return work(Math.max(1, limit));
  } catch (error) {
    const isAsk = /out of range/.test((error as Error).message);
    if (!isAsk || limit <= WORKERS_LIMIT) throw error;
    return work(WORKERS_LIMIT);
  }
}

/** Dask reads no frame that does not say how long it is, and Deno's engine does not know that by itself. */
function writeZstd(bytes: Bytes): Bytes | undefined {
  const { zstdCompressSync } = nativeZlib() ?? {};
  const pledged = { pledgedSrcSize: bytes.length };
  return zstdCompressSync && view(zstdCompressSync(bytes, pledged));
}

/** Of frames that follow each other only the first is read, as Dask does. No engine says that its input was cut: the result is short. */
function readZstd(bytes: Bytes, limit: number, room = 0): Bytes {
  const { frame, size } = firstZstdFrame(bytes);
  if (size > limit) {
    throw new LimitError("zstd", "bytes", size, limit, { offset: 0 });
  }
  const { zstdDecompressSync } = nativeZlib() ?? {};
  const plain = guarded("zstd", frame, limit, () => {
    if (!zstdDecompressSync) return decompressZstd(frame);
    // The engine makes so much room at once; a little more, or it does so again at the end.
    const believed = Math.min(size + 64, 128 * BELIEVED);
    const chunkSize = Math.max(believed, room);
    return bounded(
      limit,
      (maxOutputLength) =>
        zstdDecompressSync(frame, { maxOutputLength, chunkSize }),
    );
  });
  if (plain.length === size) return plain;
  throw new FormatError("zstd", `${plain.length} bytes, not ${size}`);
}

function firstZstdFrame(bytes: Bytes): { frame: Bytes; size: number } {
  const walk = new ZstdFrames(2 ** 53);
  let piece: ZstdPiece = { end: 0, data: true, ends: undefined };
  do {
    piece = walk.next(bytes, piece.end);
  } while (piece.ends !== "frame" && piece.end < bytes.length);
  if (piece.ends !== "frame") {
    throw new TruncatedError("zstd", "the input ends too early", {
      offset: bytes.length,
    });
  }
  const size = piece.data ? walk.header.contentSize : undefined;
  if (size === undefined) {
    throw new FormatError("zstd", "the frame does not say how long it is");
  }
  return { frame: bytes.subarray(0, piece.end), size };
}

/** The engine's own errors, as ours. */
function guarded(
  stage: string,
  bytes: Bytes,
  limit: number,
  work: () => Uint8Array,
): Bytes {
  try {
    return view(work());
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code === "ERR_BUFFER_TOO_LARGE" || /larger than/.test(message)) {
      throw new LimitError(stage, "bytes", limit + 1, limit, { offset: 0 });
    }
    if (code === "Z_BUF_ERROR" || /unexpected end/i.test(message)) {
      throw new TruncatedError(stage, "the input ends too early", {
        offset: bytes.length,
        cause,
      });
    }
    throw new FormatError(stage, message, { cause });
  }
}

/** Node gives its own class of byte strings, which equals none of ours. */
function view({ buffer, byteOffset, length }: Uint8Array): Bytes {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
}

/** Options for `maybeCompress`. */
export interface CompressionRule {
  /** The name of the compression; `"auto"` is lz4. @default none */
  readonly compression?: string | null | false | undefined;
  /** Shorter payloads are left alone. In bytes. @default {10_000} */
  readonly minSize?: number | undefined;
  /** Bytes of a sample. @default {10_000} */
  readonly sampleSize?: number | undefined;
  /** How many samples are tried first. @default {5} */
  readonly nsamples?: number | undefined;
  /** A payload that keeps more than this share of its length is left alone. @default {0.7} */
  readonly minRatio?: number | undefined;
}

/** The rule, with a registry. */
export function compressIfWorth(
  payload: Bytes,
  options: CompressionRule & { readonly registry: DaskRegistry },
): [name: string | null, payload: Bytes] {
  const {
    compression,
    minSize = 10_000,
    sampleSize = 10_000,
    nsamples = 5,
    minRatio = 0.7,
    registry,
  } = options;
  const { length } = payload;
  if (!compression || length < minSize || length > 2 ** 31) {
    return [null, payload];
  }
  const name = compression === "auto" ? "lz4" : compression;
  const { compress } = registry.compression(name);
  if (!compress) return [null, payload];
  if (length > 2 * nsamples * sampleSize) {
    const sample = sampleOf(payload, sampleSize, nsamples);
    const tried = compress(sample);
    if (!tried || tried.length > minRatio * sample.length) {
      return [null, payload];
    }
  }
  const all = compress(payload);
  return !all || all.length > minRatio * length ? [null, payload] : [name, all];
}

/** Pieces at even distances. Dask takes them at random; so the same input always gives the same output. */
function sampleOf(payload: Bytes, size: number, count: number): Bytes {
  const step = (payload.length - size) / Math.max(1, count - 1);
  const pieces: Bytes[] = [];
  for (let i = 0; i < count; i++) {
    const start = Math.floor(i * step);
    pieces.push(payload.subarray(start, start + size));
  }
  return concat(pieces);
}
