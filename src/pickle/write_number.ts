import type { Output } from "./write_output.ts";

const INT = 0x49;
const LONG = 0x4c;
const BININT = 0x4a;
const BININT1 = 0x4b;
const BININT2 = 0x4d;
const LONG1 = 0x8a;
const LONG4 = 0x8b;
const FLOAT = 0x46;
const BINFLOAT = 0x47;
/** The decimal digits that Python reads and writes unless told otherwise, since 3.11. */
export const MAX_DIGITS = 4300;

/** A whole number of 32 bits. */
export function writeInt32(out: Output, value: number, protocol: number): void {
  if (protocol === 0) return writeLine(out, INT, String(value));
  if (value >>> 0 === value && value < 0x10000) {
    if (value < 0x100) return out.byte2(BININT1, value);
    out.reserve(3);
    out.bytes[out.at++] = BININT2;
    out.bytes[out.at++] = value & 255;
    out.bytes[out.at++] = value >> 8;
  } else out.word(BININT, value);
}

/** A safe integer. */
export function writeInteger(
  out: Output,
  value: number,
  protocol: number,
): void {
  if (value === (value | 0)) writeInt32(out, value, protocol);
  else if (protocol < 2) writeLine(out, LONG, `${value}L`);
  else {
    const length = byteLength(value);
    out.reserve(2 + 8);
    out.bytes[out.at++] = LONG1;
    out.bytes[out.at++] = length;
    // Two's complement: the division rounds down, and so the high half has the sign.
    out.view.setInt32(out.at, value % 2 ** 32, true);
    out.view.setInt32(out.at + 4, Math.floor(value / 2 ** 32), true);
    out.at += length;
  }
}

/** Bytes of a safe integer in two's complement: room for one bit more than its amount has. */
function byteLength(value: number): number {
  const amount = value < 0 ? -1 - value : value;
  const bits = amount < 2 ** 32
    ? 32 - Math.clz32(amount)
    : 64 - Math.clz32(amount / 2 ** 32);
  return (bits >> 3) + 1;
}

/**
 * An integer of any size.
 *
 * @returns Whether Python could read it: it refuses long decimal numbers, and the first protocols have no others.
 */
export function writeBigint(
  out: Output,
  value: bigint,
  protocol: number,
): boolean {
  if (value >= -0x80000000n && value <= 0x7fffffffn) {
    writeInt32(out, Number(value), protocol);
    return true;
  }
  const hex = (value < 0n ? ~value : value).toString(16);
  if (protocol < 2) {
    // The digits first in a cheap estimate: decimal ones take long to make.
    if (hex.length > MAX_DIGITS) return false;
    const text = String(value);
    if (text.length - (value < 0n ? 1 : 0) > MAX_DIGITS) return false;
    writeLine(out, LONG, `${text}L`);
    return true;
  }
  const bytes = twosComplement(hex, value < 0n);
  if (bytes.length < 256) out.byte2(LONG1, bytes.length);
  else out.word(LONG4, bytes.length);
  out.append(bytes);
  return true;
}

/** Little-endian; one byte more than the digits take if the sign would not be seen. */
function twosComplement(hex: string, negative: boolean): Uint8Array {
  const flip = negative ? 0xff : 0;
  const length = Math.ceil(hex.length / 2);
  const top = parseInt(hex.slice(0, hex.length - 2 * (length - 1)), 16);
  const bytes = new Uint8Array(top > 127 ? length + 1 : length).fill(flip);
  for (let i = 0, end = hex.length; end > 0; i++, end -= 2) {
    bytes[i] = parseInt(hex.slice(Math.max(0, end - 2), end), 16) ^ flip;
  }
  return bytes;
}

export function writeFloat(out: Output, value: number, protocol: number): void {
  if (protocol === 0) return writeLine(out, FLOAT, repr(value));
  out.reserve(9);
  out.bytes[out.at++] = BINFLOAT;
  out.view.setFloat64(out.at, value);
  out.at += 8;
}

/** A number as Python's `repr` has it: the same digits, but other places where an exponent begins. */
export function repr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa, exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    const sign = power < 0 ? "-" : "+";
    return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}

function writeLine(out: Output, opcode: number, text: string): void {
  out.byte(opcode);
  out.latin1(`${text}\n`);
}
