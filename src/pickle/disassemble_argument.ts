import type { Bytes } from "../types.ts";
import { FormatError, TruncatedError } from "../errors.ts";
import { bigintOf } from "./bigints.ts";
import { STAGE } from "./machine.ts";
import type { ArgumentKind } from "./opcodes.ts";
import { parseFloatText, parseUnicode } from "./text.ts";
import { decodeLatin1, decodeText } from "./utf8.ts";

/** An argument, and where the next opcode is. */
export interface Argument {
  readonly value: unknown;
  readonly next: number;
}

/** The bytes of the length of each kind that has one. */
const LENGTHS: ReadonlyMap<string, number> = new Map([
  ["long1", 1],
  ["long4", 4],
  ["string1", 1],
  ["string4", 4],
  ["text1", 1],
  ["text4", 4],
  ["text8", 8],
  ["bytes1", 1],
  ["bytes4", 4],
  ["bytes8", 8],
]);

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ["u1", 1],
  ["u2", 2],
  ["u4", 4],
  ["i4", 4],
  ["u8", 8],
  ["f8", 8],
]);

/** Reads the argument of the opcode at an offset. */
export function argumentOf(
  bytes: Bytes,
  offset: number,
  kind: ArgumentKind,
): Argument {
  const at = offset + 1;
  if (kind === "none") return { value: undefined, next: at };
  const size = NUMBERS.get(kind);
  if (size !== undefined) {
    need(bytes, offset, at + size);
    return { value: number(bytes, at, kind), next: at + size };
  }
  const length = LENGTHS.get(kind);
  return length === undefined
    ? line(bytes, offset, kind)
    : counted(bytes, offset, kind, length);
}

function need(bytes: Bytes, offset: number, end: number): void {
  if (end > bytes.length) {
    throw new TruncatedError(STAGE, "the pickle is cut", { offset });
  }
}

function number(bytes: Bytes, at: number, kind: string): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (kind) {
    case "u1":
      return view.getUint8(at);
    case "u2":
      return view.getUint16(at, true);
    case "u4":
      return view.getUint32(at, true);
    case "i4":
      return view.getInt32(at, true);
    case "f8":
      return view.getFloat64(at, false);
    default:
      return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  }
}

function counted(
  bytes: Bytes,
  offset: number,
  kind: string,
  size: number,
): Argument {
  const from = offset + 1 + size;
  need(bytes, offset, from);
  const signed = kind === "long4" || kind === "string4";
  const length = number(bytes, offset + 1, signed ? "i4" : `u${size}`);
  if (length < 0) {
    throw new FormatError(STAGE, "the length is negative", { offset });
  }
  need(bytes, offset, from + length);
  const data = bytes.subarray(from, from + length);
  const value = kind.startsWith("long")
    ? bigintOf(data.subarray(0, 65_536))
    : kind.startsWith("bytes")
    ? data
    : kind.startsWith("text")
    ? decodeText(data) ?? decodeLatin1(data)
    : decodeLatin1(data);
  return { value, next: from + length };
}

function line(bytes: Bytes, offset: number, kind: string): Argument {
  const end = bytes.indexOf(10, offset + 1);
  if (end < 0) need(bytes, offset, Infinity);
  const first = decodeLatin1(bytes.subarray(offset + 1, end));
  if (kind === "unicode") {
    const data = bytes.subarray(offset + 1, end);
    return { value: unicodeOf(data) ?? first, next: end + 1 };
  }
  if (kind !== "name") return { value: valueOf(first, kind), next: end + 1 };
  const last = bytes.indexOf(10, end + 1);
  if (last < 0) need(bytes, offset, Infinity);
  const second = decodeLatin1(bytes.subarray(end + 1, last));
  return { value: `${first} ${second}`, next: last + 1 };
}

function floatOf(text: string): number {
  try {
    return parseFloatText(text);
  } catch {
    return NaN;
  }
}

/** The text, if it is well-formed. */
function unicodeOf(line: Bytes): string | undefined {
  try {
    return parseUnicode(line);
  } catch {
    return undefined;
  }
}

function valueOf(text: string, kind: string): unknown {
  if (kind === "string") return text.slice(1, -1);
  if (kind === "float") return floatOf(text);
  if (kind !== "decimal") return text;
  if (text === "00" || text === "01") return text === "01";
  const digits = text.endsWith("L") ? text.slice(0, -1) : text;
  // What is no number, or one too long to be made one, is shown as it is.
  return /^-?\d{1,4300}$/.test(digits) ? BigInt(digits) : text;
}
