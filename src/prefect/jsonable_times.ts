/** Dates and times of numpy and pandas as text. */
import type { PdTimedelta, PdTimestamp } from "../pickle/values/mod.ts";

/** What numpy and pandas store where there is no time. */
const NOT_A_TIME = -(2n ** 63n);
const DAY = 86_400_000_000_000n;
/** Nanoseconds of the units that have always as many. */
const NANOSECONDS: ReadonlyMap<string, bigint> = new Map([
  ["W", 7n * DAY],
  ["D", DAY],
  ["h", DAY / 24n],
  ["m", DAY / 1440n],
  ["s", 1_000_000_000n],
  ["ms", 1_000_000n],
  ["us", 1_000n],
  ["ns", 1n],
]);
/** Characters of the text up to minutes, seconds and so on, as numpy shows each unit. */
const LENGTHS: ReadonlyMap<string, number> = new Map([
  ["W", 10],
  ["D", 10],
  ["h", 13],
  ["m", 16],
  ["s", 19],
  ["ms", 23],
  ["us", 26],
  ["ns", 29],
]);

/** A count of a `datetime64`, or `timedelta64`, and what is counted. */
export type Counted = readonly [
  count: number | bigint,
  unit: readonly [name: string, step: number],
];

/** `2024-01-02T03`, as `numpy.datetime_as_string`; the count itself, where a unit or a year is beyond what is shown here. */
export function dateTime64(
  ...[count, [unit, step]]: Counted
): string | number | bigint | null {
  const value = BigInt(count);
  if (value === NOT_A_TIME) return null;
  const units = value * BigInt(step);
  if (unit === "Y" || unit === "M") {
    const months = unit === "Y" ? units * 12n : units;
    const text = monthText(months);
    return text?.slice(0, unit === "Y" ? -3 : undefined) ?? count;
  }
  const nanoseconds = NANOSECONDS.get(unit);
  if (nanoseconds === undefined) return count;
  const text = momentText(units * nanoseconds);
  return text?.slice(0, text.length - 29 + LENGTHS.get(unit)!) ?? count;
}

/** `P1DT2H`, ISO 8601; the count itself, where the unit is none of a fixed length. */
export function timeDelta64(
  ...[count, [unit, step]]: Counted
): string | number | bigint | null {
  const value = BigInt(count);
  if (value === NOT_A_TIME) return null;
  const nanoseconds = NANOSECONDS.get(unit);
  if (nanoseconds === undefined) return count;
  return durationText(value * BigInt(step) * nanoseconds);
}

/** `2024-01-02T03:04:05.000000006`, with a `Z` if it has a zone; the zone itself is left out. */
export function timestampText(
  { epochNanoseconds, tz }: PdTimestamp,
): string {
  const text = momentText(epochNanoseconds);
  if (text === undefined) return `${epochNanoseconds}`;
  const [whole, fraction] = text.split(".") as [string, string];
  const digits = fraction.endsWith("000") ? fraction.slice(0, 6) : fraction;
  const rest = /^0+$/.test(fraction) ? "" : `.${digits}`;
  return `${whole}${rest}${tz ? "Z" : ""}`;
}

/** `P1DT2H3M4.000000005S` */
export function timedeltaText({ nanoseconds }: PdTimedelta): string {
  return durationText(nanoseconds);
}

function monthText(months: bigint): string | undefined {
  const date = new Date(0);
  date.setUTCMonth(Number(months));
  return isoText(date)?.slice(0, -17);
}

/** To the last nanosecond, always with nine digits of them. */
function momentText(nanoseconds: bigint): string | undefined {
  const below = ((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const text = isoText(new Date(Number((nanoseconds - below) / 1_000_000n)));
  return text && `${text.slice(0, -1)}${`${below}`.padStart(6, "0")}`;
}

/** Undefined beyond what a `Date` holds. Years of more than four digits have a sign. */
function isoText(date: Date): string | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function durationText(nanoseconds: bigint): string {
  if (nanoseconds < 0n) return `-${durationText(-nanoseconds)}`;
  let rest = nanoseconds;
  let time = "";
  const part = (name: string, letter: string): string => {
    const unit = NANOSECONDS.get(name)!;
    const count = rest / unit;
    rest %= unit;
    return count > 0n ? `${count}${letter}` : "";
  };
  const days = part("D", "D");
  time += part("h", "H") + part("m", "M");
  const seconds = rest / 1_000_000_000n;
  const fraction = `${rest % 1_000_000_000n}`.padStart(9, "0")
    .replace(/0+$/, "");
  if (rest > 0n) time += `${seconds}${fraction && `.${fraction}`}S`;
  if (!days && !time) return "PT0S";
  return `P${days}${time && `T${time}`}`;
}
