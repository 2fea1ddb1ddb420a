import type { PyComplex, PyDecimal, PyPath } from "../pickle/values/mod.ts";
import { floatRepr } from "./exception_text.ts";
import { Refused } from "./refused.ts";

export function utf8(bytes: Uint8Array): string {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return decoder.decode(bytes);
  } catch {
    throw new Refused("bytes are written as text, and these are not UTF-8");
  }
}

export function ofDate(date: Date): string {
  const time = date.getTime();
  if (Number.isNaN(time)) throw new Refused("an invalid date is no datetime");
  const text = date.toISOString();
  if (text.length !== 24) throw new Refused("a year of Python is 1 to 9999");
  return text.replace(
    /\.(\d{3})Z$/,
    (_, ms) => ms === "000" ? "Z" : `.${ms}000Z`,
  );
}

export function decimalText({ text }: PyDecimal): string {
  if (/^[+-]?(?:s?nan|inf)/i.test(text)) {
    throw new Refused(`Python writes Decimal('${text}'), but does not read it`);
  }
  return text;
}

/** Without the brackets of Python's `str`. */
export function complexText({ re, im }: PyComplex): string {
  const part = (value: number) =>
    floatRepr(value).replace(/\.0$/, "").replace("nan", "NaN");
  const imaginary = `${part(im)}j`;
  if (Object.is(re, 0)) return imaginary;
  return `${part(re)}${/^[-+]/.test(imaginary) ? "" : "+"}${imaginary}`;
}

export function ofPath({ text, type }: PyPath): string {
  if (type.startsWith("Pure")) {
    throw new Refused(
      `Unable to serialize unknown type: <class 'pathlib.${type}'>`,
    );
  }
  return text;
}
