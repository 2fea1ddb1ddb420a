import type { PickleInstruction } from "./disassemble.ts";
import { PyByteArray } from "./values/bytes.ts";
import { repr as floatRepr } from "./write_number.ts";

/** Options for {@linkcode formatInstruction}. */
export interface FormatInstructionOptions {
  /** Characters of an argument; more are cut. @default {Infinity} */
  readonly maxLength?: number | undefined;
}

/**
 * An instruction as a line of text, as Python's `pickletools.dis` writes it.
 *
 * @param instruction The instruction.
 * @param options How much of an argument is shown.
 * @returns The line.
 *
 * @example
 * ```ts
 * import { disassemble, formatInstruction } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const pickle = new TextEncoder().encode("(I1\ntp0\n.");
 * deepEqual([...disassemble(pickle)].map((row) => formatInstruction(row)), [
 *   "    0: (    MARK",
 *   "    1: I        INT        1",
 *   "    4: t        TUPLE      (MARK at 0)",
 *   "    5: p    PUT        0",
 *   "    8: .    STOP",
 * ]);
 * ```
 */
export function formatInstruction(
  instruction: PickleInstruction,
  { maxLength = Infinity }: FormatInstructionOptions = {},
): string {
  const { offset, code, name, argument, level, mark, memo } = instruction;
  const notes: string[] = [];
  if (argument !== undefined) {
    const text = name.endsWith("FLOAT")
      ? floatRepr(argument as number)
      : repr(argument, maxLength);
    notes.push(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
  }
  if (mark !== undefined) notes.push(`(MARK at ${mark})`);
  if (memo !== undefined) notes.push(`(as ${memo})`);
  const place = String(offset).padStart(5);
  const head = `${place}: ${letter(code).padEnd(4)} ${"    ".repeat(level)}`;
  return notes.length === 0
    ? head + name
    : `${head}${name.padEnd(10)} ${notes.join(" ")}`;
}

function letter(code: number): string {
  return code > 32 && code < 127
    ? String.fromCharCode(code)
    : `\\x${code.toString(16).padStart(2, "0")}`;
}

/** As Python's `repr` has it, as far as that is seen. */
function repr(value: unknown, maxLength: number): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return quoted(value.slice(0, maxLength + 1));
  if (value instanceof Uint8Array) {
    const shown = Array.from(
      value.subarray(0, Math.min(value.length, maxLength + 1)),
      (byte) => String.fromCharCode(byte),
    );
    const text = `b${quoted(shown.join(""), true)}`;
    return value instanceof PyByteArray ? `bytearray(${text})` : text;
  }
  return String(value);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\\", "\\\\"],
]);

function quoted(text: string, bytes = false): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let shown = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (char === quote) shown += `\\${char}`;
    else if (ESCAPES.has(char)) shown += ESCAPES.get(char);
    else if (
      code < 32 || (code >= 127 && code < 161) || code === 173 ||
      (code > 127 && bytes)
    ) {
      shown += `\\x${code.toString(16).padStart(2, "0")}`;
    } else if (isHidden(code)) {
      shown += `\\u${code.toString(16).padStart(4, "0")}`;
    } else shown += char;
  }
  return quote + shown + quote;
}

/** What a terminal would act on or not show: controls, marks of direction, surrogates. */
function isHidden(code: number): boolean {
  return (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
    (code >= 0xd800 && code <= 0xdfff) || code === 0xfeff;
}
