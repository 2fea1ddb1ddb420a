import { NpScalar, PyFloat, PyInt, PyTuple } from "../pickle/values/mod.ts";
import { encodeFlat, type EncodeOptions } from "./encode.ts";
import { floatRepr } from "./exception_text.ts";
import type { JsonFormat } from "./format.ts";
import { floatText, isInt, MAX_DIGITS } from "./number.ts";
import { Refused } from "./refused.ts";

/** A value that JSON has a word for, `undefined` if it is none of these. */
export function scalarText(
  value: unknown,
  format: JsonFormat,
): string | undefined {
  switch (typeof value) {
    case "string":
      return stringText(value, format);
    case "number":
      return isInt(value) ? String(value) : finite(value, format);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return intText(value);
    case "object":
      if (value === null) return "null";
      if (value instanceof PyInt) return intText(value.value);
      if (value instanceof PyFloat) return finite(value.value, format);
      return value instanceof NpScalar ? numpyText(value, format) : undefined;
    case "undefined":
      throw new Refused("Python has no undefined: use null");
    default:
      throw new Refused(`Python has no ${typeof value} of JavaScript`);
  }
}

/** Text in quotes; what is not ASCII is escaped afterwards. */
export function stringText(value: string, { ensureAscii }: JsonFormat): string {
  if (!ensureAscii && !value.isWellFormed()) {
    throw new Refused("UTF-8 has no lone surrogates");
  }
  return JSON.stringify(value);
}

function finite(value: number, { allowNan }: JsonFormat): string {
  if (allowNan || value - value === 0) return floatText(value);
  throw new Refused("Out of range float values are not JSON compliant");
}

function intText(value: bigint): string {
  const text = String(value);
  if (text.length - (value < 0n ? 1 : 0) <= MAX_DIGITS) return text;
  throw new Refused(
    `Python does not read integers of more than ${MAX_DIGITS} digits`,
  );
}

/** Of numpy's numbers, those that are numbers of Python, too; and its text. */
function numpyText(
  scalar: NpScalar,
  format: JsonFormat,
): string | undefined {
  const { kind, itemsize } = scalar.dtype;
  if (kind === "f" && itemsize === 8) {
    return finite(Number(scalar.value), format);
  }
  return kind === "U" ? stringText(String(scalar.value), format) : undefined;
}

/** The text of a key; `undefined` if Python has none for it. */
export function keyText(key: unknown): string | undefined {
  switch (typeof key) {
    case "string":
      return key;
    case "number":
      return isInt(key) ? String(key) : floatText(key);
    case "boolean":
      return key ? "true" : "false";
    case "bigint":
      return String(key);
  }
  if (key === null) return "null";
  if (key instanceof PyInt) return String(key.value);
  return key instanceof PyFloat ? floatText(key.value) : undefined;
}

/** The text of a key inside the data of a value, where pydantic has its own way. */
export function flatKeyText(
  key: unknown,
  options: EncodeOptions,
): string | undefined {
  if (key === null) return "None";
  const value = typeof key === "object" ? key.valueOf() : key;
  if (typeof value === "number" && !isInt(value)) {
    return floatRepr(value).replace("nan", "NaN");
  }
  if (key instanceof PyTuple) {
    return Array.from(key, (item) => flatKeyText(item, options)).join(",");
  }
  const text = keyText(key);
  if (text !== undefined || typeof key !== "object") return text;
  const flat = encodeFlat(key as object, options);
  return typeof flat === "object" ? undefined : keyText(flat);
}

/** Python's name for the type of a key. */
export function typeName(value: unknown): string {
  if (value instanceof PyTuple) return "tuple";
  if (value instanceof Uint8Array) return "bytes";
  return (value as object | null | undefined)?.constructor?.name ??
    typeof value;
}
