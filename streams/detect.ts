/**
 * How bytes are to be read, by their name or how they begin.
 *
 * @module
 */
import type { Bytes } from "../src/types.ts";
import { codecOf, type Format, formatOf, formats } from "./formats.ts";
import type { Codec } from "./stage.ts";

/** What bytes, or the name of a file, tell of how to read it. */
export interface Detected {
  /** The codec around everything, if there is one. */
  readonly codec?: Codec;
  /** The format, if it could be told. */
  readonly format?: Format;
}

const CODEC_EXTENSIONS = new Map([
  [".gz", "gzip"],
  [".zst", "zstd"],
  [".br", "brotli"],
  [".zz", "deflate"],
  [".xz", "xz"],
  [".lzma", "lzma"],
  [".bz2", "bzip2"],
  [".lz4", "lz4"],
  [".sz", "snappy-framed"],
]);

/**
 * How a file is to be read, or written, by its name: `data.ndjson.gz` is NDJSON in gzip.
 *
 * @param name The name of a file.
 * @returns The codec and the format that its extensions stand for, as far as they do.
 *
 * @example
 * ```ts
 * import { detectName } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const { codec, format } = detectName("logs/data.ndjson.gz");
 * equal(codec?.name, "gzip");
 * equal(format?.name, "ndjson");
 * ```
 */
export function detectName(name: string): Detected {
  const lower = name.toLowerCase();
  for (const [extension, codec] of CODEC_EXTENSIONS) {
    if (!lower.endsWith(extension)) continue;
    const inner = detectName(lower.slice(0, -extension.length));
    return { ...inner, codec: codecOf(codec) };
  }
  const format = formats.find(({ extensions }) =>
    extensions.some((extension) => lower.endsWith(extension))
  );
  return format ? { format } : {};
}

/** How what codecs write begins, of those that have a magic number. */
const MAGIC: readonly (readonly [string, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["lz4", [0x04, 0x22, 0x4d, 0x18]],
  ["snappy-framed", [0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]],
];

/** The usual properties, a dictionary of whole 64 KiB, no length or one below 4 GiB: nothing else is likely to begin so. */
function isLzma(head: Bytes): boolean {
  const high = head.subarray(9, 13);
  return head[0] === 0x5d && head[1] === 0 && head[2] === 0 &&
    high.length === 4 && head[13] === 0 &&
    (high.every((byte) => byte === 0) ||
      head.subarray(5, 13).every((byte) => byte === 255));
}

/**
 * How many bytes {@linkcode detectBytes} should be given, if there are as many.
 *
 * @example
 * ```ts
 * import { DETECT_BYTES, detectBytes, dumps } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const bytes = await dumps("hi");
 * equal(detectBytes(bytes.subarray(0, DETECT_BYTES)).format?.name, "brine");
 * ```
 */
export const DETECT_BYTES = 64;

/**
 * How bytes are to be read, by how they begin. Text that begins with `{` may be one value or many lines, which the first
 * bytes do not tell: it is taken for NDJSON. Text that begins with `[` is taken for one array, unless that ends with the
 * first line and something follows: then it is NDJSON. If the first line is longer than what is given here, it is taken for
 * an array.
 *
 * @param head At least the first {@linkcode DETECT_BYTES} bytes, or all if there are fewer; the more, the better.
 * @returns The codec, or else the format, if they begin like one.
 *
 * @example
 * ```ts
 * import { detectBytes, dumps, gzip } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * equal(detectBytes(await dumps({ a: 1 })).format?.name, "brine");
 * equal(detectBytes(new TextEncoder().encode(" [1, 2]")).format?.name, "json-array");
 * equal(detectBytes(new TextEncoder().encode("[1, 2]\n[3]")).format?.name, "ndjson");
 * equal(detectBytes(await dumps(new Uint8Array(9), gzip())).codec?.name, "gzip");
 * ```
 */
export function detectBytes(head: Bytes): Detected {
  const begins = (...bytes: number[]) =>
    bytes.every((byte, i) => head[i] === byte);
  const magic = MAGIC.find(([, bytes]) => begins(...bytes));
  if (magic) return { codec: codecOf(magic[0]) };
  if (head[0] === 0x78 && (0x7800 + head[1]!) % 31 === 0) {
    return { codec: codecOf("deflate") };
  }
  if (isLzma(head)) return { codec: codecOf("lzma") };
  const latin = new TextDecoder("latin1").decode(head);
  // One frame, and the header begins with the checksum: see `src/wire/frames.ts`.
  if (begins(1, 0, 0, 0, 0, 0, 0, 0) && latin.startsWith("\xa5crc32\xce", 17)) {
    return { format: formatOf("brine") };
  }
  if (latin.startsWith('{"crc32":"')) return { format: formatOf("lines") };
  if (begins(0x93) && latin.startsWith("NUMPY", 1)) {
    return { format: formatOf("npy") };
  }
  if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6)) {
    return { format: formatOf("npz") };
  }
  if (isDask(head, latin)) return { format: formatOf("dask") };
  // PROTO; the protocols before it have no mark of their own.
  if (begins(0x80) && head[1]! >= 2 && head[1]! <= 5) {
    return { format: formatOf("pickle") };
  }
  const text = latin.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (text.startsWith("\x1e")) return { format: formatOf("json-seq") };
  if (text.startsWith("[")) {
    return { format: formatOf(isLines(text) ? "ndjson" : "json-array") };
  }
  return /^["{\-0-9tfn]/.test(text) ? { format: formatOf("ndjson") } : {};
}

/** How headers of Dask begin, whatever they are of. */
const DASK_KEY =
  /^[\xa4-\xb8](sub-header|serializer|type|is-collection|frame-lengths|compression|writeable|split-|count)/;

/** A count and lengths of frames, as far as they are seen; and the header, if that is. */
function isDask(head: Bytes, latin: string): boolean {
  if (head.length < 16) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const count = view.getUint32(0, true);
  const isCount = view.getUint32(4, true) === 0 && count > 0 && count < 1 << 24;
  if (!isCount) return false;
  const at = 8 * (1 + count);
  for (let i = 8; i + 8 <= Math.min(at, head.length); i += 8) {
    // Of more than a TB there are none.
    if (view.getUint32(i + 4, true) >= 256) return false;
  }
  const isHeader = view.getUint32(8, true) < 1 << 28 &&
    view.getUint32(12, true) === 0;
  if (at + 20 > head.length) return isHeader;
  return head[at]! >> 4 === 8 && DASK_KEY.test(latin.slice(at + 1, at + 20));
}

/** Whether an array is whole where the first line ends, and more follows: then each line is one. */
function isLines(text: string): boolean {
  const end = text.indexOf("\n");
  if (end < 0 || text.slice(end).trim() === "") return false;
  try {
    JSON.parse(text.slice(0, end));
    return true;
  } catch {
    return false;
  }
}
