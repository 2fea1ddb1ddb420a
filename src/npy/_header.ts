import { FormatError, TruncatedError } from "../errors.ts";
import type { Bytes } from "../types.ts";
import { readLiteral } from "./_literal.ts";

const STAGE = "npy";
/** What every file begins with. */
export const MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MAX_HEADER = 1 << 20;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** What a file says of its array, and where that begins. */
export interface NpyHeader {
  readonly descr: unknown;
  readonly fortran: boolean;
  readonly shape: number[];
  readonly at: number;
}

/** The header, checked. */
export function readHeader(file: Bytes): NpyHeader {
  const cut = () =>
    new TruncatedError(STAGE, "the input ends within its header", {
      offset: file.length,
    });
  if (!MAGIC.every((byte, i) => file[i] === byte || i >= file.length)) {
    throw new FormatError(STAGE, "this is no .npy file", { offset: 0 });
  }
  if (file.length < 12) throw cut();
  const version = file[6]!;
  if (version < 1 || version > 3) {
    throw new FormatError(STAGE, `version ${version} is not known`, {
      offset: 6,
    });
  }
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const length = version === 1
    ? view.getUint16(8, true)
    : view.getUint32(8, true);
  const start = version === 1 ? 10 : 12;
  const at = start + length;
  if (length > MAX_HEADER) {
    throw new FormatError(STAGE, "the header is too long", { offset: 8 });
  }
  if (at > file.length) throw cut();
  const text = version === 3
    ? utf8.decode(file.subarray(start, at))
    : latin1(file.subarray(start, at));
  const map = readLiteral(text);
  const { descr, fortran_order: fortran, shape } = map instanceof Map
    ? Object.fromEntries(map) as Record<string, unknown>
    : {};
  if (descr === undefined || typeof fortran !== "boolean") {
    throw new FormatError(STAGE, "the header is not complete", { offset: 8 });
  }
  return { descr, fortran, shape: shapeOf(shape), at };
}

/** The characters that have the bytes as their numbers. */
function latin1(bytes: Bytes): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Lengths that a number can be the product of. */
function shapeOf(value: unknown): number[] {
  const lengths = Array.isArray(value) ? value as unknown[] : [value];
  let size = 1;
  const checked = lengths.map((length) => {
    if (typeof length !== "number" || !(length >= 0)) {
      throw new FormatError(STAGE, "the shape is none");
    }
    size *= Math.max(length, 1);
    return length;
  });
  if (size <= Number.MAX_SAFE_INTEGER && lengths.length <= 64) return checked;
  throw new FormatError(STAGE, "the array has too many items");
}
