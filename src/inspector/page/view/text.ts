const counts = new Intl.NumberFormat("en-US");
const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A number with commas. */
export function count(value: number): string {
  return counts.format(value);
}

/** Bytes, in three digits or so. */
export function size(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** How much smaller something has become. */
export function ratio(plain: number | null, stored: number): string {
  if (plain === null) return "?";
  return stored === 0
    ? "–"
    : `${(plain / stored).toFixed(plain / stored >= 100 ? 0 : 2)}×`;
}

/** One, or so many. */
export function plural(value: number, unit: string): string {
  return `${count(value)} ${unit}${value === 1 ? "" : "s"}`;
}

/** A number in a plot. */
export function amount(
  value: number,
  type: "number" | "time" = "number",
): string {
  if (type === "time") {
    return new Date(value).toISOString().replace("T", " ").replace(
      /\.?0*Z$/,
      "",
    );
  }
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return count(value);
  const absolute = Math.abs(value);
  if (absolute !== 0 && (absolute >= 1e9 || absolute < 1e-3)) {
    return value.toExponential(3);
  }
  return String(Number(value.toPrecision(5)));
}

/** Seconds, or less. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
