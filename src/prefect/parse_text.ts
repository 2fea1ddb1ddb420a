/** Texts that pydantic makes values of. */
import {
  PyComplex,
  PyDecimal,
  PyFloat,
  PyInt,
  PyUUID,
} from "../pickle/values/mod.ts";
import { floatText } from "./number.ts";

/** A path without what changes nothing in it, as `pathlib` keeps it; of Windows, as it is. */
export function pathText(path: string, isWindows: boolean): string {
  if (isWindows) return path;
  const root = /^\/*/.exec(path)![0].length;
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  const text = (root === 2 ? "//" : root > 0 ? "/" : "") + parts.join("/");
  return text === "" ? "." : text;
}

/** What is text. */
export function text(data: unknown): string {
  if (typeof data === "string") return data;
  throw new TypeError("it is not text");
}

/** 32 hexadecimal digits, in groups or not, in braces or not. */
export function parseUuid(data: unknown): PyUUID {
  const digits = text(data).replace(/^urn:uuid:/i, "")
    .replace(/^\{(.*)\}$/, "$1").toLowerCase();
  const groups =
    /^([\da-f]{8})(-?)([\da-f]{4})\2([\da-f]{4})\2([\da-f]{4})\2([\da-f]{12})$/
      .exec(digits);
  if (!groups) throw new RangeError("it is no UUID");
  const [, first, , ...others] = groups;
  return new PyUUID([first, ...others].join("-"));
}

const DECIMAL = /^([+-]?)([\d_]*)(?:\.([\d_]*))?(?:[eE]([+-]?\d+))?$/;

/** A finite number, in the digits that Python would write. */
export function parseDecimal(data: unknown): PyDecimal {
  const value = data instanceof PyFloat || data instanceof PyInt
    ? data.value
    : data;
  if (typeof value === "bigint") return new PyDecimal(String(value));
  if (typeof value === "number") {
    const isInt = Number.isInteger(value) && !(data instanceof PyFloat);
    return finite(isInt ? String(value) : floatText(value));
  }
  return finite(text(value).trim());
}

function finite(digits: string): PyDecimal {
  const match = digits.length > 10_000 ? null : DECIMAL.exec(digits);
  if (!match) throw new RangeError("it is no finite number");
  const [, sign, whole = "", fraction = "", e = "0"] = match;
  const all = (whole + fraction).replaceAll("_", "").replace(/^0+(?=\d)/, "");
  if (all === "") throw new RangeError("it is no number");
  return new PyDecimal(
    decimalText(
      sign === "-" ? sign : "",
      all,
      Number(e) - fraction.replaceAll("_", "").length,
    ),
  );
}

/** As Python's `str` writes a number with so many digits past the point, or zeros before it. */
function decimalText(sign: string, digits: string, exponent: number): string {
  if (!Number.isSafeInteger(exponent)) throw new RangeError("it is too large");
  const point = digits.length + exponent;
  if (exponent <= 0 && point > -6) {
    const padded = digits.padStart(1 - exponent, "0");
    const at = padded.length + exponent;
    return sign + padded.slice(0, at) +
      (exponent < 0 ? `.${padded.slice(at)}` : "");
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${sign}${digits[0]}${fraction}E${point > 0 ? "+" : ""}${point - 1}`;
}

const PART =
  "[+-]?(?:\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|\\.\\d+(?:[eE][+-]?\\d+)?|inf|nan)";
const COMPLEX = new RegExp(`^\\(?(${PART})?(?:(${PART}|[+-])?[jJ])?\\)?$`);

/** `1+2j`, with brackets or without. */
export function parseComplex(data: unknown): PyComplex {
  const value = typeof data === "object" && data ? data.valueOf() : data;
  if (typeof value === "number" || typeof value === "bigint") {
    return new PyComplex(Number(value), 0);
  }
  const digits = text(value);
  const match = digits.length > 200 ? null : COMPLEX.exec(digits);
  if (!match || digits === "") throw new RangeError("it is no complex number");
  const [, first, second] = match;
  if (!/[jJ]/.test(digits)) return new PyComplex(number(first), 0);
  return first === undefined || second === undefined
    ? new PyComplex(0, number(first ?? second ?? "1"))
    : new PyComplex(number(first), number(second));
}

function number(digits: string | undefined): number {
  if (digits === undefined) throw new RangeError("it is no complex number");
  if (digits === "+" || digits === "-") return Number(`${digits}1`);
  return Number(digits.replace("inf", "Infinity").replace("nan", "NaN"));
}

/** The bytes of a text. */
export function parseBytes(data: unknown): Uint8Array {
  const string = text(data);
  if (!string.isWellFormed()) throw new RangeError("there are lone surrogates");
  return new TextEncoder().encode(string);
}
