/**
 * Opcodes with a line of text, or with a length and as many bytes.
 *
 * @module
 */
import type { Bytes } from "../types.ts";
import { bigintOf } from "./bigints.ts";
import { findGlobal, instance, persistent } from "./invoke.ts";
import type { Machine } from "./machine.ts";
import {
  parseFloatText,
  parseInteger,
  parseString,
  parseUnicode,
  TextError,
} from "./text.ts";
import { decodeLatin1, decodeStrict, decodeText } from "./utf8.ts";
import { PyByteArray } from "./values/bytes.ts";
import { PyFloat } from "./values/number.ts";

const NEWLINE = 10;

/** An opcode with a line, or two. */
export function line(
  machine: Machine,
  code: number,
  bytes: Bytes,
  pos: number,
): number {
  const two = code === 0x63 || code === 0x69;
  const first = bytes.indexOf(NEWLINE, pos);
  const last = two && first >= 0 ? bytes.indexOf(NEWLINE, first + 1) : first;
  // Twice what there is: asking for one more each time would take for ever on a long line.
  if (last < 0) return machine.more(2 * (bytes.length - machine.at) + 16);
  try {
    if (two) {
      named(
        machine,
        code,
        bytes.subarray(pos, first),
        bytes.subarray(first + 1, last),
      );
    } else {
      lined(machine, code, bytes.subarray(pos, first));
    }
  } catch (error) {
    if (error instanceof TextError) throw machine.error(error.message);
    throw error;
  }
  return last + 1;
}

function named(
  machine: Machine,
  code: number,
  first: Uint8Array,
  second: Uint8Array,
): void {
  if (first.length === 0 || second.length === 0) {
    throw new TextError("a name is empty");
  }
  const module = decodeStrict(first);
  const name = decodeStrict(second);
  if (module === undefined || name === undefined) {
    throw new TextError("a name is not UTF-8");
  }
  if (code === 0x63) { // GLOBAL
    return machine.push(findGlobal(machine, module, name));
  }
  // INST
  const args = machine.popTo(machine.popMark());
  machine.push(instance(machine, findGlobal(machine, module, name), args));
}

function lined(machine: Machine, code: number, line: Uint8Array): void {
  switch (code) {
    case 0x49: // INT
    case 0x4c: // LONG
      return integer(machine, code, decodeLatin1(line));
    case 0x46: { // FLOAT
      const value = parseFloatText(decodeLatin1(line));
      return machine.push(floatOf(machine, value));
    }
    case 0x53: // STRING
      return machine.push(oldText(machine, parseString(line) as Bytes));
    case 0x56: // UNICODE
      return machine.push(parseUnicode(line));
    case 0x50: // PERSID
      if (line.some((byte) => byte > 127)) {
        throw new TextError("the id is not ASCII");
      }
      return machine.push(persistent(machine, decodeLatin1(line)));
    case 0x67: // GET
      return machine.push(machine.recall(indexOf(line)));
    default: // PUT
      return machine.memoize(indexOf(line), machine.top());
  }
}

function integer(machine: Machine, code: number, text: string): void {
  if (code === 0x49) {
    if (text === "00") return machine.push(false);
    if (text === "01") return machine.push(true);
  } else if (text.endsWith("L")) {
    text = text.slice(0, -1);
  }
  const { maxDigits = 4300 } = machine.options;
  if (text.length > maxDigits + 1) {
    throw machine.limit("digits", text.length, maxDigits);
  }
  machine.push(integerOf(machine, parseInteger(text)));
}

/** Indices of the memo are decimal, and not below 0. */
function indexOf(line: Uint8Array): number {
  const text = decodeLatin1(line);
  if (!/^\d{1,15}$/.test(text)) {
    throw new TextError("this is no index of the memo");
  }
  return Number(text);
}

/** An opcode with a length. */
export function counted(
  machine: Machine,
  code: number,
  bytes: Bytes,
  view: DataView,
  pos: number,
): number {
  const size = sizeOfLength(code);
  if (pos + size > bytes.length) return machine.more(1 + size);
  const length = lengthAt(code, view, pos);
  if (length < 0) throw machine.error("the length is negative");
  if (code === 0x8a || code === 0x8b) {
    const { maxIntBytes = 65_536 } = machine.options;
    if (length > maxIntBytes) {
      throw machine.limit("an int", length, maxIntBytes);
    }
  }
  const from = pos + size;
  if (from + length > bytes.length) {
    if (machine.origin + from + length > machine.size) {
      throw machine.truncated();
    }
    return machine.more(1 + size + length);
  }
  machine.push(
    valueOf(machine, code, bytes.subarray(from, from + length)),
  );
  return from + length;
}

function sizeOfLength(code: number): number {
  switch (code) {
    case 0x43: // SHORT_BINBYTES
    case 0x55: // SHORT_BINSTRING
    case 0x8a: // LONG1
      return 1;
    case 0x42: // BINBYTES
    case 0x54: // BINSTRING
    case 0x8b: // LONG4
      return 4;
    default: // BINBYTES8, BINUNICODE8, BYTEARRAY8
      return 8;
  }
}

function lengthAt(code: number, view: DataView, pos: number): number {
  switch (sizeOfLength(code)) {
    case 1:
      return view.getUint8(pos);
    case 4:
      return code === 0x42
        ? view.getUint32(pos, true)
        : view.getInt32(pos, true);
    default:
      return view.getUint32(pos + 4, true) * 2 ** 32 +
        view.getUint32(pos, true);
  }
}

function valueOf(machine: Machine, code: number, bytes: Bytes): unknown {
  switch (code) {
    case 0x8a: // LONG1
    case 0x8b: // LONG4
      return integerOf(machine, bigintOf(bytes));
    case 0x55: // SHORT_BINSTRING
    case 0x54: // BINSTRING
      return oldText(machine, bytes);
    case 0x8d: { // BINUNICODE8
      const text = decodeText(bytes);
      if (text === undefined) throw machine.error("this is not UTF-8");
      return text;
    }
    case 0x96: { // BYTEARRAY8
      const { buffer, byteOffset, length } = machine.bytes(bytes);
      return new PyByteArray(buffer, byteOffset, length);
    }
    default: // SHORT_BINBYTES, BINBYTES, BINBYTES8
      return machine.bytes(bytes);
  }
}

/** An `int` as the options have it. */
export function integerOf(machine: Machine, value: bigint): number | bigint {
  const { integers } = machine.options;
  if (integers === "bigint") return value;
  const number = Number(value);
  return integers === "number" || Number.isSafeInteger(number) ? number : value;
}

function floatOf(machine: Machine, value: number): number | PyFloat {
  return machine.options.floats === "wrap" && Number.isInteger(value)
    ? new PyFloat(value)
    : value;
}

/** The text of Python 2, which may be bytes. */
function oldText(machine: Machine, bytes: Bytes): unknown {
  const { encoding = "ascii" } = machine.options;
  switch (encoding) {
    case "bytes":
      return machine.bytes(bytes);
    case "latin1":
      return decodeLatin1(bytes);
    case "utf-8": {
      const text = decodeStrict(bytes);
      if (text === undefined) throw machine.error("this is not UTF-8");
      return text;
    }
    default:
      if (bytes.some((byte) => byte > 127)) {
        throw machine.error("this is not ASCII: an encoding has to be given");
      }
      return decodeLatin1(bytes);
  }
}
