import { PyTimeZone, type PyTzInfo } from "./timezone.ts";

/** The parts of a time of day. */
export interface PyTimeFields {
  /** 0 to 23. @default {0} */
  readonly hour?: number | undefined;
  /** 0 to 59. @default {0} */
  readonly minute?: number | undefined;
  /** 0 to 59. @default {0} */
  readonly second?: number | undefined;
  /** 0 to 999,999. @default {0} */
  readonly microsecond?: number | undefined;
  /** The zone, `null` for none. @default {null} */
  readonly tzinfo?: PyTzInfo | null | undefined;
  /** 1 for the second of two times that a clock shows twice. @default {0} */
  readonly fold?: 0 | 1 | undefined;
}

/** The parts of a date. */
export interface PyDateFields {
  /** 1 to 9999. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** From 1 to the last of the month. */
  readonly day: number;
}

/**
 * A Python `datetime.date`, where `Temporal.PlainDate` is absent or not asked for.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyDate } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(`${loads(dumps(new PyDate(2024, 2, 29)))}`, "2024-02-29");
 * ```
 */
export class PyDate implements PyDateFields {
  /** 1 to 9999. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** From 1 to the last of the month. */
  readonly day: number;

  /**
   * Makes one of its parts.
   *
   * @param year 1 to 9999.
   * @param month 1 to 12.
   * @param day From 1 to the last of the month.
   * @throws {RangeError} If there is no such day.
   */
  constructor(year: number, month: number, day: number) {
    checkDate(year, month, day);
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** As ISO 8601 has it: `2024-02-29`. */
  toString(): string {
    return isoDate(this);
  }
}

/**
 * A Python `datetime.time`, where `Temporal.PlainTime` is absent, not asked for, or could not hold the zone.
 *
 * @example
 * ```ts
 * import { PyTime } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(`${new PyTime({ hour: 1, microsecond: 4 })}`, "01:00:00.000004");
 * ```
 */
export class PyTime implements Required<PyTimeFields> {
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** 0 to 59. */
  readonly second: number;
  /** 0 to 999,999. */
  readonly microsecond: number;
  /** The zone, `null` for none. */
  readonly tzinfo: PyTzInfo | null;
  /** 1 for the second of two times that a clock shows twice. */
  readonly fold: 0 | 1;

  /**
   * Makes one of its parts.
   *
   * @param fields Its parts.
   * @throws {RangeError} If one is out of range.
   */
  constructor(fields: PyTimeFields = {}) {
    checkTime(fields);
    this.hour = fields.hour ?? 0;
    this.minute = fields.minute ?? 0;
    this.second = fields.second ?? 0;
    this.microsecond = fields.microsecond ?? 0;
    this.tzinfo = fields.tzinfo ?? null;
    this.fold = fields.fold ?? 0;
  }

  /** As ISO 8601 has it, without the zone: `23:59:58.123456`. */
  toString(): string {
    return isoTime(this);
  }
}

/**
 * A Python `datetime.datetime`, where `Temporal` is absent, not asked for, or could not hold all of it: a zone with a
 * name of its own, a fold without a zone.
 *
 * @example
 * ```ts
 * import { PyDateTime, PyTimeZone } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const at = new PyDateTime({ year: 2024, month: 1, day: 2, hour: 3, tzinfo: new PyTimeZone(3_600_000_000) });
 * equal(`${at}`, "2024-01-02T03:00:00+01:00");
 * equal(at.toDate()?.toISOString(), "2024-01-02T02:00:00.000Z");
 * ```
 */
export class PyDateTime implements PyDateFields, Required<PyTimeFields> {
  /** 1 to 9999. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** From 1 to the last of the month. */
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** 0 to 59. */
  readonly second: number;
  /** 0 to 999,999. */
  readonly microsecond: number;
  /** The zone, `null` for none. */
  readonly tzinfo: PyTzInfo | null;
  /** 1 for the second of two times that a clock shows twice. */
  readonly fold: 0 | 1;

  /**
   * Makes one of its parts.
   *
   * @param fields Its parts.
   * @throws {RangeError} If one is out of range.
   */
  constructor(fields: PyDateFields & PyTimeFields) {
    checkDate(fields.year, fields.month, fields.day);
    checkTime(fields);
    this.year = fields.year;
    this.month = fields.month;
    this.day = fields.day;
    this.hour = fields.hour ?? 0;
    this.minute = fields.minute ?? 0;
    this.second = fields.second ?? 0;
    this.microsecond = fields.microsecond ?? 0;
    this.tzinfo = fields.tzinfo ?? null;
    this.fold = fields.fold ?? 0;
  }

  /**
   * The moment as a `Date`, to the millisecond; a time without a zone is taken as UTC.
   *
   * @returns The date, `undefined` if the zone is not a fixed offset.
   */
  toDate(): Date | undefined {
    const { tzinfo } = this;
    if (tzinfo !== null && !(tzinfo instanceof PyTimeZone)) return undefined;
    const date = new Date(0);
    date.setUTCFullYear(this.year, this.month - 1, this.day);
    date.setUTCHours(
      this.hour,
      this.minute,
      this.second,
      Math.floor(this.microsecond / 1000),
    );
    return new Date(date.getTime() - (tzinfo?.offset ?? 0) / 1000);
  }

  /** As ISO 8601 has it, with the offset if it is a fixed one. */
  toString(): string {
    const { tzinfo } = this;
    const offset = tzinfo instanceof PyTimeZone ? tzinfo.toString() : "";
    return `${isoDate(this)}T${isoTime(this)}${offset}`;
  }
}

function checkDate(year: number, month: number, day: number): void {
  check("year", year, 1, 9999);
  check("month", month, 1, 12);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : 30 + (month + (month >> 3) & 1);
  check("day", day, 1, days);
}

function checkTime(fields: PyTimeFields): void {
  check("hour", fields.hour ?? 0, 0, 23);
  check("minute", fields.minute ?? 0, 0, 59);
  check("second", fields.second ?? 0, 0, 59);
  check("microsecond", fields.microsecond ?? 0, 0, 999_999);
}

function check(what: string, value: number, min: number, max: number): void {
  if (!(Number.isInteger(value) && value >= min && value <= max)) {
    throw new RangeError(`The ${what} ${value} is not in ${min}..${max}`);
  }
}

const pad = (value: number, digits = 2) => `${value}`.padStart(digits, "0");

function isoDate({ year, month, day }: PyDateFields): string {
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}

function isoTime(time: Required<PyTimeFields>): string {
  const text = `${pad(time.hour!)}:${pad(time.minute!)}:${pad(time.second!)}`;
  return time.microsecond ? `${text}.${pad(time.microsecond, 6)}` : text;
}
