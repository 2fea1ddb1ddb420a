import {
  PyDate,
  type PyDateFields,
  PyDateTime,
  PyTime,
  type PyTimeFields,
} from "./values/datetime.ts";
import { PyTimeDelta } from "./values/timedelta.ts";
import { PyTimeZone, PyZoneInfo } from "./values/timezone.ts";
import { call, type Plan, type Reducer } from "./write_plan.ts";

const UTC = new PyTimeZone(0);

/** Dates and times, each by its class. */
export const timeReducers: readonly Reducer[] = [
  [Date, (date: Date, { protocol }) => ofDate(date, protocol)],
  [PyDate, (date: PyDate) => call("datetime", "date", dateBytes(date))],
  [
    PyTime,
    (time: PyTime, { protocol }) =>
      withZone("time", timeBytes(time, protocol), time),
  ],
  [PyDateTime, (at: PyDateTime, { protocol }) => ofDateTime(at, protocol)],
  [PyTimeDelta, (delta: PyTimeDelta) =>
    call(
      "datetime",
      "timedelta",
      BigInt(delta.days),
      BigInt(delta.seconds),
      BigInt(delta.microseconds),
    )],
  [PyTimeZone, ({ offset, name }: PyTimeZone) =>
    call(
      "datetime",
      "timezone",
      new PyTimeDelta(0, 0, offset),
      ...name === null ? [] : [name],
    )],
  [PyZoneInfo, ({ key }: PyZoneInfo) => call("zoneinfo", "ZoneInfo", key)],
];

function ofDate(date: Date, protocol: number): Plan {
  if (Number.isNaN(date.getTime())) throw new RangeError("it is no date");
  const year = date.getUTCFullYear();
  if (year < 1 || year > 9999) {
    throw new RangeError(`Python has no year ${year}`);
  }
  return ofDateTime(
    new PyDateTime({
      year,
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      microsecond: 1000 * date.getUTCMilliseconds(),
      tzinfo: UTC,
    }),
    protocol,
  );
}

function ofDateTime(at: PyDateTime, protocol: number): Plan {
  const bytes = new Uint8Array(10);
  bytes.set(dateBytes(at));
  bytes.set(timeBytes({ ...at, fold: 0 }, protocol), 4);
  // As in CPython, protocols below 4 have no room for it.
  if (at.fold && protocol >= 4) bytes[2]! |= 128;
  return withZone("datetime", bytes, at);
}

function withZone(
  name: string,
  bytes: Uint8Array,
  { tzinfo }: PyTimeFields,
): Plan {
  return call("datetime", name, bytes, ...tzinfo ? [tzinfo] : []);
}

function dateBytes({ year, month, day }: PyDateFields): Uint8Array {
  return new Uint8Array([year >> 8, year & 255, month, day]);
}

function timeBytes(time: Required<PyTimeFields>, protocol: number): Uint8Array {
  const { hour, minute, second, microsecond } = time as PyTime;
  const fold = time.fold && protocol >= 4 ? 128 : 0;
  return new Uint8Array([
    hour | fold,
    minute,
    second,
    microsecond >> 16,
    microsecond >> 8 & 255,
    microsecond & 255,
  ]);
}
