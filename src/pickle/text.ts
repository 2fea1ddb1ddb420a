/**
 * The arguments that are lines of text, in protocol 0.
 *
 * @module
 */
import { decodeLatin1 } from "./utf8.ts";

/** What is wrong with a line; the machine says where. */
export class TextError extends Error {}

/** Without leading zeros: CPython reads those as octal in one place and refuses them in another. */
const INTEGER = /^[+-]?(?:0|[1-9]\d*)$/;
const FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number of a line in decimal; the caller has seen how many digits there are. */
export function parseInteger(digits: string): bigint {
  if (!INTEGER.test(digits)) throw new TextError("this is not an integer");
  return BigInt(digits.startsWith("+") ? digits.slice(1) : digits);
}

/** The number of a line as Python's `repr` writes it, or `float` reads it. */
export function parseFloatText(text: string): number {
  if (FLOAT.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw new TextError("this float is too large");
  }
  switch (text.toLowerCase().replace(/^[+-]/, "")) {
    case "nan":
      return NaN;
    case "inf":
    case "infinity":
      return text.startsWith("-") ? -Infinity : Infinity;
  }
  throw new TextError("this is not a float");
}

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ["\\", 92],
  ["'", 39],
  ['"', 34],
  ["b", 8],
  ["f", 12],
  ["t", 9],
  ["n", 10],
  ["r", 13],
  ["v", 11],
  ["a", 7],
]);

/** The bytes of a line of STRING: in quotes, with the escapes of Python's byte literals. */
export function parseString(line: Uint8Array): Uint8Array {
  let end = line.length;
  while (end > 0 && isBlank(line[end - 1]!)) end--;
  const quote = line[0];
  if (end < 2 || (quote !== 39 && quote !== 34) || line[end - 1] !== quote) {
    throw new TextError("the text is not in quotes");
  }
  const bytes = new Uint8Array(end - 2);
  let length = 0;
  for (let i = 1; i < end - 1; i++) {
    if (line[i] !== 92) {
      bytes[length++] = line[i]!;
      continue;
    }
    if (++i >= end - 1) throw new TextError("a backslash ends the text");
    const letter = String.fromCharCode(line[i]!);
    const simple = ESCAPES.get(letter);
    if (simple !== undefined) {
      bytes[length++] = simple;
    } else if (letter === "x") {
      const hex = decodeLatin1(line.subarray(i + 1, Math.min(i + 3, end - 1)));
      if (!/^[\da-f]{2}$/i.test(hex)) throw new TextError("a bad \\x escape");
      bytes[length++] = parseInt(hex, 16);
      i += 2;
    } else if (letter >= "0" && letter <= "7") {
      const octal = /^[0-7]{1,3}/.exec(
        decodeLatin1(line.subarray(i, Math.min(i + 3, end - 1))),
      )![0];
      bytes[length++] = parseInt(octal, 8) & 255;
      i += octal.length - 1;
    } else if (line[i] !== 10) {
      bytes[length++] = 92;
      bytes[length++] = line[i]!;
    }
  }
  return bytes.subarray(0, length);
}

/** The text of a line of UNICODE: Latin-1, and `\u` and `\U` with an odd number of backslashes before the letter. */
export function parseUnicode(line: Uint8Array): string {
  const text = decodeLatin1(line);
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|\\|([uU]))/g,
    (escape, short, long, bad) => {
      if (bad !== undefined) throw new TextError("a bad \\u escape");
      if (short !== undefined) return String.fromCharCode(parseInt(short, 16));
      if (long === undefined) return escape;
      const point = parseInt(long, 16);
      if (point > 0x10ffff) throw new TextError("a bad \\U escape");
      return String.fromCodePoint(point);
    },
  );
}

function isBlank(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}
