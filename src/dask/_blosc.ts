import { inflateZlib } from "../codecs/deflate/reader.ts";
import { decompressBlock } from "../codecs/lz4/block.ts";
import { decompressSnappy } from "../codecs/snappy/block.ts";
import { FormatError, LimitError, TruncatedError } from "../errors.ts";
import { nativeZlib } from "../native.ts";
import type { Bytes } from "../types.ts";

const STAGE = "blosc";
const HEADER = 16;
const SHUFFLE = 1;
const COPIED = 2;
const BITSHUFFLE = 4;
const NOT_SPLIT = 16;
/** The most streams that a block is cut into. */
const MAX_SPLITS = 16;
const MIN_SPLIT = 128;

/** What a buffer says of itself. */
interface Header {
  readonly flags: number;
  readonly typesize: number;
  readonly length: number;
  readonly blocksize: number;
}

/**
 * A buffer of Blosc 1, which Dask wrote until 2022.4: blocks, each of one stream or one for each byte of an item, in which
 * the first bytes of all items stand before the second ones.
 */
export function readBlosc(bytes: Bytes, limit: number): Bytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { flags, typesize, length, blocksize } = headerOf(bytes, view);
  if (length > limit) {
    throw new LimitError(STAGE, "bytes", length, limit, { offset: 4 });
  }
  if (flags & COPIED) return part(bytes, HEADER, length);
  const count = Math.ceil(length / blocksize);
  if (HEADER + 4 * count > bytes.length) throw cut(bytes);
  // Its codecs make 255 bytes of one at most, and zlib 1032.
  if (length > 1032 * bytes.length) throw cut(bytes);
  const out = new Uint8Array(length);
  for (let i = 0; i < count; i++) {
    const block = out.subarray(i * blocksize, (i + 1) * blocksize);
    const isWhole = block.length === blocksize;
    const at = view.getUint32(HEADER + 4 * i, true);
    if (!(flags & SHUFFLE) || typesize === 1) {
      readBlock(bytes, view, at, block, flags, typesize, isWhole);
      continue;
    }
    const shuffled = new Uint8Array(block.length);
    readBlock(bytes, view, at, shuffled, flags, typesize, isWhole);
    unshuffle(shuffled, block, typesize);
  }
  return out;
}

function headerOf(bytes: Bytes, view: DataView): Header {
  if (bytes.length < HEADER) throw cut(bytes);
  const header = {
    flags: bytes[2]!,
    typesize: bytes[3]!,
    length: view.getUint32(4, true),
    blocksize: view.getUint32(8, true),
  };
  if (bytes[0]! < 1 || bytes[0]! > 2) {
    throw new FormatError(STAGE, "its version is not known", { offset: 0 });
  }
  if (view.getUint32(12, true) > bytes.length) throw cut(bytes);
  const { blocksize, typesize, length } = header;
  if (typesize === 0 || (blocksize === 0 && length > 0)) {
    throw new FormatError(STAGE, "its sizes cannot be", { offset: 3 });
  }
  if (header.flags & BITSHUFFLE && !(header.flags & COPIED)) {
    throw new FormatError(STAGE, "its bits are shuffled", { offset: 2 });
  }
  return header;
}

/** One stream, or as many as an item has bytes; each with its length before it. */
function readBlock(
  bytes: Bytes,
  view: DataView,
  at: number,
  out: Bytes,
  flags: number,
  typesize: number,
  isWhole: boolean,
): void {
  const isSplit = !(flags & NOT_SPLIT) && isWhole && typesize <= MAX_SPLITS &&
    out.length / typesize >= MIN_SPLIT;
  const streams = isSplit ? typesize : 1;
  const size = Math.floor(out.length / streams);
  for (let i = 0; i < streams; i++) {
    if (at + 4 > bytes.length) throw cut(bytes);
    const length = view.getUint32(at, true);
    const packed = part(bytes, at + 4, length);
    const into = out.subarray(i * size, (i + 1) * size);
    if (length === size) into.set(packed);
    else readStream(packed, into, flags >> 5, at);
    at += 4 + length;
  }
}

function readStream(
  packed: Bytes,
  into: Bytes,
  codec: number,
  offset: number,
): void {
  if (codec === 1) {
    const end = decompressBlock(packed, into, 0);
    if (end === into.length) return;
  } else if (codec === 2) {
    return into.set(decompressSnappy(packed, into.length));
  } else if (codec === 3) {
    const zlib = nativeZlib();
    if (!zlib?.inflateSync) return into.set(inflateZlib(packed, into.length));
    const maxOutputLength = Math.max(1, into.length);
    return into.set(zlib.inflateSync(packed, { maxOutputLength }));
  } else {
    throw new FormatError(STAGE, `its codec ${codec} is not known`, { offset });
  }
  throw new FormatError(STAGE, "a stream is damaged", { offset });
}

function unshuffle(from: Bytes, to: Bytes, typesize: number): void {
  const items = Math.floor(from.length / typesize);
  for (let byte = 0; byte < typesize; byte++) {
    const start = byte * items;
    for (let i = 0; i < items; i++) to[i * typesize + byte] = from[start + i]!;
  }
  const rest = items * typesize;
  to.set(from.subarray(rest), rest);
}

function part(bytes: Bytes, at: number, length: number): Bytes {
  if (at + length > bytes.length) throw cut(bytes);
  return bytes.subarray(at, at + length);
}

function cut({ length }: Bytes): TruncatedError {
  return new TruncatedError(STAGE, "the input ends too early", {
    offset: length,
  });
}
