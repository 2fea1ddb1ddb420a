/**
 * A float as Python's `repr` writes it, and its `json`: always with a point or an exponent, which has two digits at least.
 *
 * @param value The number.
 */
export function floatText(value: number): string {
  if (value !== value) return "NaN";
  if (value - value !== 0) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e16 || size < 1e-4) {
    const [digits, power] = value.toExponential().split("e") as [
      string,
      string,
    ];
    return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Whether Python would call a number an `int`, as all of this library has it. */
export function isInt(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/** The digits of an integer that Python reads and writes, unless told otherwise. */
export const MAX_DIGITS = 4300;
