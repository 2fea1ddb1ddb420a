/**
 * What Python's numbers, times and paths are equal by, for those that are objects here.
 *
 * @module
 */
import {
  PyDate,
  PyDateTime,
  PyDecimal,
  PyFraction,
  PyPath,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
} from "./values/mod.ts";
import { fromTemporal } from "./write_temporal.ts";

/** Beyond it no float is, and a decimal has more digits than are worth writing out. */
const MAX_EXPONENT = 400;
const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/**
 * What stands for a value among all that Python finds equal to it.
 *
 * @returns A number or bigint if it equals one, else a text that begins with its kind; `undefined` for objects of other kinds.
 */
export function valueOfKey(key: object): number | bigint | string | undefined {
  if (key instanceof PyDecimal) return ofDecimal(key.text);
  if (key instanceof PyFraction) {
    return ofRatio(key.numerator, key.denominator);
  }
  if (key instanceof PyDate) return `date ${key}`;
  if (key instanceof PyTime && key.tzinfo === null) return `time ${key}`;
  if (key instanceof PyDateTime) return ofDateTime(key);
  if (key instanceof PyTimeDelta) return `timedelta ${key.totalMicroseconds}`;
  if (key instanceof PyPath) {
    return key.type.endsWith("WindowsPath")
      ? `windows ${key.text.toLowerCase()}`
      : `posix ${key.text}`;
  }
  if (key instanceof Date) return `at ${BigInt(key.getTime() || 0) * 1000n}`;
  return ofTemporal(key);
}

/** Times with an offset are equal if they are the same moment; of a zone by name that is not known here. */
function ofDateTime(at: PyDateTime): string | undefined {
  if (at.tzinfo === null) return `datetime ${at}`;
  if (!(at.tzinfo instanceof PyTimeZone)) return undefined;
  const local = Date.UTC(
    at.year + 400, // 1 to 99 would be years of the 20th century
    at.month - 1,
    at.day,
    at.hour,
    at.minute,
    at.second,
  ) - CYCLE;
  return `at ${
    BigInt(local) * 1000n + BigInt(at.microsecond - at.tzinfo.offset)
  }`;
}

/** After 400 years the calendar is the same again. */
const CYCLE = 146_097 * 86_400_000;

function ofTemporal(key: object): string | undefined {
  let value: object | undefined;
  try {
    value = fromTemporal(key);
  } catch {
    return undefined; // refused where it is written
  }
  return value && valueOfKey(value) as string | undefined;
}

function ofDecimal(text: string): number | bigint | string | undefined {
  const [, sign, whole, part, power = "0"] = text.match(DECIMAL) ?? [];
  if (whole === undefined) {
    // NaN is equal to nothing.
    return /nan/i.test(text)
      ? undefined
      : text.startsWith("-")
      ? -Infinity
      : Infinity;
  }
  const all = `${whole}${part}`.replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  if (digits === "") return 0;
  const exponent = Number(power) - part!.length + all.length - digits.length;
  if (
    Math.abs(exponent) > MAX_EXPONENT || digits.length > MAX_EXPONENT
  ) return `decimal ${sign === "-" ? "-" : ""}${digits}e${exponent}`;
  const scale = 10n ** BigInt(Math.abs(exponent));
  const number = sign === "-" ? -BigInt(digits) : BigInt(digits);
  return exponent < 0 ? ofRatio(number, scale) : ofRatio(number * scale, 1n);
}

/** A float if there is one that is exactly so much, as Python compares numbers. */
function ofRatio(over: bigint, under: bigint): number | bigint | string {
  const divisor = greatestCommon(over < 0n ? -over : over, under);
  const top = over / divisor;
  const bottom = under / divisor;
  const float = Number(top) / Number(bottom);
  if (bottom === 1n) {
    return Number.isFinite(float) && BigInt(float) === top ? float : top;
  }
  // What a float has behind its point are halves of halves.
  const isFloat = (bottom & (bottom - 1n)) === 0n && bottom <= 1n << 1000n &&
    Number.isFinite(float) && float * Number(bottom) === Number(top) &&
    BigInt(float * Number(bottom)) === top;
  return isFloat ? float : `ratio ${top}/${bottom}`;
}

function greatestCommon(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
