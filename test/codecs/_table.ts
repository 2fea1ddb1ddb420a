import type { Bytes } from "../../src/types.ts";
import { base64 } from "../../streams/base64.ts";
import { brotli } from "../../streams/brotli.ts";
import { bzip2 } from "../../streams/bzip2.ts";
import { deflate, deflateRaw, gzip } from "../../streams/gzip.ts";
import { limit } from "../../streams/limit.ts";
import { lz4, lz4Block } from "../../streams/lz4.ts";
import { snappy, snappyFramed } from "../../streams/snappy.ts";
import type { Codec } from "../../streams/stage.ts";
import { lzma, xz } from "../../streams/xz.ts";
import { zstd } from "../../streams/zstd.ts";
import { noise, withoutBrotliOf } from "./_runtime.ts";

/** A codec, and what can be expected of it. */
export interface Row {
  readonly name: string;
  readonly codec: Codec;
  /** It makes zeros smaller. */
  readonly packs?: boolean;
  /** Every strict prefix of what it writes is seen to be cut. */
  readonly seesCuts?: boolean;
  /** Bytes after the end are a fault. */
  readonly ends?: boolean;
  /** But for zeros, which are padding. */
  readonly padded?: boolean;
  /** A flipped bit is always an error, or changes nothing. */
  readonly checked?: boolean;
  /** Several outputs end to end are read as one. */
  readonly joins?: boolean;
  /** Zeros after it are padding if there are four, or eight, and so on. */
  readonly padsFours?: boolean;
  /** It reads or writes in portions of up to 1 MB. */
  readonly coarse?: boolean;
  /** Every byte sequence is as good as any other. */
  readonly takesAll?: boolean;
}

/** The codecs that pack, with Node's zlib or without. */
export const packers: readonly Row[] = [
  { name: "gzip", codec: gzip(), checked: true, joins: true, padded: true },
  {
    name: "gzip level 1",
    codec: gzip({ level: 1 }),
    checked: true,
    padded: true,
  },
  { name: "deflate", codec: deflate(), checked: true },
  { name: "deflate-raw", codec: deflateRaw() },
  { name: "brotli", codec: brotli() },
  { name: "zstd", codec: zstd(), joins: true },
  {
    name: "zstd with checksum",
    codec: zstd({ checksum: true }),
    checked: true,
    joins: true,
  },
].map((row) => ({ ...row, packs: true, seesCuts: true, ends: true }));

/** Those that are written here, and work as streams. */
export const ours: readonly Row[] = [
  {
    name: "xz",
    codec: xz({ preset: 0 }),
    checked: true,
    joins: true,
    padsFours: true,
  },
  { name: "lzma", codec: lzma({ preset: 0 }) },
  { name: "bzip2", codec: bzip2(), checked: true, joins: true },
  { name: "bzip2 level 1", codec: bzip2({ level: 1 }), checked: true },
  { name: "brotli in JavaScript", codec: withoutBrotliOf(brotli()) },
  {
    name: "brotli in JavaScript, quality 9",
    codec: withoutBrotliOf(brotli({ quality: 9 })),
  },
  { name: "lz4", codec: lz4(), checked: true, joins: true },
  { name: "lz4 without checksum", codec: lz4({ checksum: false }) },
].map((row) => ({
  ...row,
  packs: true,
  seesCuts: true,
  ends: true,
  coarse: true,
}));

/** Those that need all of their input at once, or are slow on much of it. */
export const blocks: readonly Row[] = [
  {
    name: "xz preset 4, SHA-256",
    codec: xz({ preset: 4, check: "sha256" }),
    checked: true,
    joins: true,
    padsFours: true,
    packs: true,
    seesCuts: true,
  },
  { name: "lz4-block", codec: lz4Block(), packs: true, seesCuts: true },
  { name: "snappy", codec: snappy(), seesCuts: true },
];

export const rows: readonly Row[] = [
  ...packers,
  ...ours,
  { name: "snappy-framed", codec: snappyFramed(), joins: true },
  { name: "base64", codec: base64() },
  { name: "base64 in a URL", codec: base64({ url: true }) },
  { name: "base64 in lines", codec: base64({ lineLength: 76 }) },
  {
    name: "base64 in short lines",
    codec: base64({ lineLength: 4, lineEnd: "\n" }),
  },
  { name: "limit", codec: limit(1e12), takesAll: true },
];

/** Something like a table of measurements: neither noise nor too regular. */
export const sample: Bytes = (() => {
  let text = "";
  const digits = noise(400);
  for (let i = 0; i < 400; i++) {
    text += `{"id":${i},"level":${digits[i]},"name":"station ${i % 7}"}\n`;
  }
  return new TextEncoder().encode(text);
})();

/** A stream of such chunks, which counts what was asked of it. */
export function sourceOf(chunks: Iterable<Bytes>): {
  readable: ReadableStream<Bytes>;
  pulled: () => number;
  cancelled: () => unknown;
} {
  const iterator = chunks[Symbol.iterator]();
  let pulled = 0;
  let reason: unknown;
  const readable = new ReadableStream<Bytes>({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) return controller.close();
      pulled++;
      controller.enqueue(value);
    },
    cancel(why) {
      reason = why;
    },
  }, { highWaterMark: 0 });
  return { readable, pulled: () => pulled, cancelled: () => reason };
}

export function* cutInto(bytes: Bytes, size: number): Generator<Bytes> {
  for (let i = 0; i < bytes.length; i += size) {
    yield bytes.subarray(i, i + size);
  }
}

/** Pieces of random length, the same on each run. */
export function* cutAtRandom(bytes: Bytes, most: number): Generator<Bytes> {
  const lengths = noise(4096, 7);
  for (let i = 0, k = 0; i < bytes.length; k++) {
    const length = lengths[k % lengths.length]! * most >> 8;
    yield bytes.subarray(i, i + length);
    i += length;
  }
}

export async function collect(
  readable: ReadableStream<Bytes>,
): Promise<Bytes> {
  return new Uint8Array(await new Response(readable).arrayBuffer());
}

/** All chunks through a transform. */
export function through(
  chunks: Iterable<Bytes>,
  stream: TransformStream<Bytes, Bytes>,
): Promise<Bytes> {
  return collect(sourceOf(chunks).readable.pipeThrough(stream));
}

export function encode({ codec }: Row, bytes: Bytes): Promise<Bytes> {
  return through([bytes], codec.encoder());
}

export function decode({ codec }: Row, bytes: Bytes): Promise<Bytes> {
  return through([bytes], codec.decoder());
}
