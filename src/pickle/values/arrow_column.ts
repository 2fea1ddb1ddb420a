import type { Column } from "./column.ts";
import { NdArray } from "./ndarray.ts";
import { NA, NaT, PdTimedelta, PdTimestamp } from "./pdscalar.ts";

/** As much of `apache-arrow` as {@linkcode DataFrame.toArrow} needs: a function, and types of dates, times and durations. */
export interface ArrowModule<T = unknown> {
  /** Makes a table of named columns. */
  tableFromArrays(columns: Record<string, never>): T;
  /** Seconds since 1970. */
  readonly TimestampSecond: ArrowTimestamp;
  /** Milliseconds since 1970. */
  readonly TimestampMillisecond: ArrowTimestamp;
  /** Microseconds since 1970. */
  readonly TimestampMicrosecond: ArrowTimestamp;
  /** Nanoseconds since 1970. */
  readonly TimestampNanosecond: ArrowTimestamp;
  /** How many seconds. */
  readonly DurationSecond: new () => unknown;
  /** How many milliseconds. */
  readonly DurationMillisecond: new () => unknown;
  /** How many microseconds. */
  readonly DurationMicrosecond: new () => unknown;
  /** How many nanoseconds. */
  readonly DurationNanosecond: new () => unknown;
}

/** A type of moments, with the zone that they are shown in. */
export type ArrowTimestamp = new (zone?: string | null) => unknown;

const UNITS = {
  s: "Second",
  ms: "Millisecond",
  us: "Microsecond",
  ns: "Nanosecond",
} as const;
const TIMES = /^(datetime|timedelta)64\[(s|ms|us|ns)(?:, (.+))?\]$/;

/**
 * What Arrow makes a column of: numbers as they are in memory, counts of units, or a list with `null` for what is missing.
 *
 * @throws {TypeError} If Arrow has nothing for an item.
 */
export function arrowColumn(
  arrow: ArrowModule,
  column: Column,
  name: string,
): unknown {
  const { dtype, source } = column;
  if (/^(u?int|float)\d+$/.test(dtype) && source instanceof NdArray) {
    return source.toTypedArray();
  }
  const time = TIMES.exec(dtype);
  if (time) return timesOf(arrow, column, time);
  return column.toArray().map((item) => {
    if (item === NA || item === NaT) return null;
    // pandas' mark for missing text.
    if (Number.isNaN(item) && !/float/i.test(dtype)) return null;
    if (typeof item !== "object" || item instanceof Uint8Array) return item;
    if (item === null) return item;
    throw new TypeError(
      `Column ${name} of ${dtype} has an item that is nothing in Arrow`,
    );
  });
}

/** Moments or durations as 64-bit counts, to the last nanosecond. */
function timesOf(
  arrow: ArrowModule,
  column: Column,
  [, kind, unit, zone]: RegExpExecArray,
): unknown {
  const { length } = column;
  const data = new BigInt64Array(length);
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  for (let i = 0; i < length; i++) {
    const item = column.at(i);
    if (item instanceof PdTimestamp || item instanceof PdTimedelta) {
      data[i] = item.value;
      nullBitmap[i >> 3]! |= 1 << (i & 7);
    } else nullCount++;
  }
  const name = UNITS[unit as keyof typeof UNITS];
  const type = kind === "datetime"
    ? new arrow[`Timestamp${name}`](zone ?? null)
    : new arrow[`Duration${name}`]();
  return { type, length, nullCount, data, nullBitmap };
}
