import { inflateRaw } from "../codecs/deflate/reader.ts";
import { concat } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import { FormatError, LimitError, TruncatedError } from "../errors.ts";
import { nativeZlib } from "../native.ts";
import type { NdArray } from "../pickle/values/ndarray.ts";
import type { Bytes } from "../types.ts";
import { CENTRAL, END, type Member, membersOf, SIZE_64 } from "./_zip.ts";
import {
  type NpyArray,
  type NpyReadOptions,
  readNpy,
  writeNpy,
} from "./npy.ts";

const STAGE = "npz";
const LOCAL = 0x04034b50;
const UTF8 = 0x800;
const DEFLATED = 8;
/** Files of zip have no dates before. */
const FIRST_DATE = 0x21;
const utf8 = new TextEncoder();

/** Options for {@linkcode readNpz}. */
export interface NpzReadOptions extends NpyReadOptions {
  /** Bytes that one array may have. @default {2_147_483_647} */
  readonly maxArrayBytes?: number | undefined;
  /** Bytes that all arrays may have together. @default {Infinity} */
  readonly maxDecodedBytes?: number | undefined;
}

/** Options for {@linkcode writeNpz}. */
export interface NpzWriteOptions {
  /** Whether arrays are compressed, as `numpy.savez_compressed` does. @default {false} */
  readonly compress?: boolean | undefined;
}

/**
 * The arrays of a `.npz` file, as `numpy.savez` and `numpy.savez_compressed` write it.
 *
 * @param file The bytes of the file.
 * @param options How objects are read, and how large arrays may be.
 * @returns The arrays by name, in order.
 * @throws {FormatError} If it is no such file, or damaged.
 * @throws {LimitError} If an array is larger than is accepted.
 *
 * @example
 * ```ts
 * import { readNpz, writeNpz } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const file = writeNpz({ x: new Int16Array([1, 2]), y: new Float64Array(3) });
 * const arrays = readNpz(file);
 * deepEqual([...arrays.keys()], ["x", "y"]);
 * deepEqual(arrays.get("x")!.toArray(), [1, 2]);
 * ```
 */
export function readNpz(
  file: Bytes,
  options: NpzReadOptions = {},
): Map<string, NdArray> {
  const arrays = new Map<string, NdArray>();
  const members = membersOf(file);
  checkSizes(file, members, options);
  for (const member of members) {
    if (!member.name.endsWith(".npy")) continue;
    const content = contentOf(file, member, options);
    arrays.set(member.name.slice(0, -4), readNpy(content, options));
  }
  return arrays;
}

/** Members that are in the same place would let few bytes stand for many. */
function checkSizes(
  file: Bytes,
  members: readonly Member[],
  { maxDecodedBytes = Infinity }: NpzReadOptions,
): void {
  let packed = 0;
  let total = 0;
  for (const member of members) {
    packed += member.packed;
    total += member.size;
  }
  if (packed > file.length) {
    throw new FormatError(STAGE, "there is less than the directory says");
  }
  if (total <= maxDecodedBytes) return;
  throw new LimitError(STAGE, "bytes", total, maxDecodedBytes, { offset: 0 });
}

/**
 * A `.npz` file, as `numpy.savez` writes it.
 *
 * @param arrays The arrays by name.
 * @param options Whether they are compressed.
 * @returns The bytes of the file.
 * @throws {RangeError} If it would be of 4 GiB or more.
 *
 * @example
 * ```ts
 * import { readNpz, writeNpz } from "@brine/brine/dask";
 * import { equal } from "node:assert/strict";
 *
 * const file = writeNpz({ zeros: new Float64Array(10_000) }, { compress: true });
 * equal(file.length < 1_000, true);
 * equal(readNpz(file).get("zeros")!.size, 10_000);
 * ```
 */
export function writeNpz(
  arrays: Readonly<Record<string, NpyArray>> | ReadonlyMap<string, NpyArray>,
  { compress = false }: NpzWriteOptions = {},
): Bytes {
  const entries = arrays instanceof Map ? arrays : Object.entries(arrays);
  const parts: Bytes[] = [];
  const directory: Bytes[] = [];
  let offset = 0;
  for (const [name, array] of entries) {
    const content = writeNpy(array);
    const deflate = compress ? nativeZlib()?.deflateRawSync : undefined;
    const packed = deflate ? new Uint8Array(deflate(content)) : content;
    const member: Member = {
      name: `${name}.npy`,
      method: deflate ? DEFLATED : 0,
      crc: crc32(content),
      packed: packed.length,
      size: content.length,
      offset,
    };
    const local = headerOf(member, false);
    parts.push(local, packed as Bytes);
    directory.push(headerOf(member, true));
    offset += local.length + packed.length;
  }
  const central = concat([new Uint8Array(0), ...directory]);
  if (offset + central.length >= SIZE_64) {
    throw new RangeError("Cannot write an archive of 4 GiB or more");
  }
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, END, true);
  view.setUint16(8, directory.length, true);
  view.setUint16(10, directory.length, true);
  view.setUint32(12, central.length, true);
  view.setUint32(16, offset, true);
  return concat([...parts, central, end]);
}

/** What stands before a member, or in the directory at the end. */
function headerOf(member: Member, isCentral: boolean): Bytes {
  const name = utf8.encode(member.name);
  const size = isCentral ? 46 : 30;
  const header = new Uint8Array(size + name.length);
  const view = new DataView(header.buffer);
  view.setUint32(0, isCentral ? CENTRAL : LOCAL, true);
  if (isCentral) view.setUint16(4, 20, true);
  // Both have the same fields from here on.
  const at = isCentral ? 6 : 4;
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, UTF8, true);
  view.setUint16(at + 4, member.method, true);
  view.setUint16(at + 8, FIRST_DATE, true);
  view.setUint32(at + 10, member.crc, true);
  view.setUint32(at + 14, member.packed, true);
  view.setUint32(at + 18, member.size, true);
  view.setUint16(at + 22, name.length, true);
  if (isCentral) view.setUint32(42, member.offset, true);
  header.set(name, size);
  return header;
}

function contentOf(
  file: Bytes,
  member: Member,
  { maxArrayBytes = 2 ** 31 - 1 }: NpzReadOptions,
): Bytes {
  const { offset, size, method, crc } = member;
  if (size > maxArrayBytes) {
    throw new LimitError(STAGE, "bytes", size, maxArrayBytes, { offset });
  }
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (offset + 30 > file.length || view.getUint32(offset, true) !== LOCAL) {
    throw new FormatError(STAGE, "a member is not where it should be", {
      offset,
    });
  }
  const start = offset + 30 + view.getUint16(offset + 26, true) +
    view.getUint16(offset + 28, true);
  if (start + member.packed > file.length) {
    throw new TruncatedError(STAGE, "the input ends within an array", {
      offset: file.length,
    });
  }
  const packed = file.subarray(start, start + member.packed);
  const content = method === 0 ? packed : inflate(packed, size, method, offset);
  if (content.length !== size || crc32(content) !== crc) {
    throw new FormatError(STAGE, "an array is damaged: wrong checksum", {
      offset,
    });
  }
  return content;
}

function inflate(
  packed: Bytes,
  size: number,
  method: number,
  offset: number,
): Bytes {
  const zlib = nativeZlib();
  if (method !== DEFLATED) {
    throw new FormatError(STAGE, `method ${method} cannot be read here`, {
      offset,
    });
  }
  try {
    if (!zlib?.inflateRawSync) return inflateRaw(STAGE, packed, size);
    const maxOutputLength = Math.max(1, size);
    return new Uint8Array(zlib.inflateRawSync(packed, { maxOutputLength }));
  } catch (cause) {
    throw new FormatError(STAGE, "an array is damaged", { offset, cause });
  }
}
