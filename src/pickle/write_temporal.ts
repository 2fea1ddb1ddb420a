import { PyDate, PyDateTime, PyTime } from "./values/datetime.ts";
import { PyTimeDelta } from "./values/timedelta.ts";
import { PyTimeZone, PyZoneInfo } from "./values/timezone.ts";

/** What is used of `Temporal`, which not every runtime has. */
interface Fields {
  readonly calendarId?: string;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly microsecond: number;
  readonly nanosecond: number;
}

interface Zoned extends Fields {
  readonly timeZoneId: string;
  readonly offset: string;
  readonly offsetNanoseconds: number;
  withTimeZone(zone: string): Zoned;
  toPlainDateTime(): { toZonedDateTime(zone: string): Zoned };
}

interface Duration {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
  readonly microseconds: number;
  readonly nanoseconds: number;
}

interface Instant {
  toZonedDateTimeISO(zone: string): Zoned;
}

/**
 * What stands for a `Temporal` value in Python.
 *
 * @returns The value, `undefined` if it is none of those.
 * @throws {RangeError} If Python could not hold all of it.
 */
export function fromTemporal(value: object): object | undefined {
  switch (Object.prototype.toString.call(value)) {
    case "[object Temporal.PlainDate]": {
      const { year, month, day } = iso(value as Fields);
      return new PyDate(year, month, day);
    }
    case "[object Temporal.PlainTime]":
      return new PyTime(timeOf(value as Fields));
    case "[object Temporal.PlainDateTime]":
      return dateTimeOf(value as Fields);
    case "[object Temporal.ZonedDateTime]":
      return fromZoned(value as Zoned);
    case "[object Temporal.Instant]":
      return fromZoned((value as Instant).toZonedDateTimeISO("UTC"));
    case "[object Temporal.Duration]":
      return fromDuration(value as Duration);
  }
  return undefined;
}

function iso<T extends Fields>(value: T): T {
  if (value.calendarId !== undefined && value.calendarId !== "iso8601") {
    throw new RangeError(`Python has no calendar ${value.calendarId}`);
  }
  return value;
}

function timeOf(value: Fields): ConstructorParameters<typeof PyTime>[0] {
  const { hour, minute, second, millisecond, microsecond, nanosecond } = value;
  if (nanosecond !== 0) throw new RangeError("Python has no nanoseconds");
  return {
    hour,
    minute,
    second,
    microsecond: 1000 * millisecond + microsecond,
  };
}

function dateTimeOf(
  value: Fields,
  zone: Pick<PyDateTime, "tzinfo" | "fold"> = { tzinfo: null, fold: 0 },
): PyDateTime {
  const { year, month, day } = iso(value);
  return new PyDateTime({ year, month, day, ...timeOf(value), ...zone });
}

function fromZoned(zoned: Zoned): PyDateTime {
  const id = zoned.timeZoneId;
  const isFixed = id === "UTC" || /^[+-]/.test(id);
  const tzinfo = isFixed
    ? new PyTimeZone(zoned.offsetNanoseconds / 1000)
    : new PyZoneInfo(id);
  // Of a time that the clock shows twice, without more said the first is meant.
  const first = zoned.toPlainDateTime().toZonedDateTime(id);
  const fold = first.offsetNanoseconds === zoned.offsetNanoseconds ? 0 : 1;
  return dateTimeOf(zoned, { tzinfo, fold });
}

function fromDuration(duration: Duration): PyTimeDelta {
  if (duration.years || duration.months) {
    throw new RangeError("Python has no durations of months or years");
  }
  if (duration.nanoseconds) throw new RangeError("Python has no nanoseconds");
  const { days, weeks, hours, minutes, seconds } = duration;
  const micros = BigInt(duration.microseconds) +
    1000n * BigInt(duration.milliseconds) +
    1_000_000n * BigInt(seconds + 60 * minutes + 3600 * hours);
  const day = 86_400_000_000n;
  let rest = micros % day;
  if (rest < 0n) rest += day;
  const carried = Number((micros - rest) / day);
  return new PyTimeDelta(days + 7 * weeks + carried, 0, Number(rest));
}
