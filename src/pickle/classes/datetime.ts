import type { PickleArguments, PickleGlobals } from "../globals.ts";
import type { PickleValueOptions } from "../options.ts";
import { bytesFrom, numberOf, textOf } from "./_state.ts";
import { PyDate, PyDateTime, PyTime } from "../values/datetime.ts";
import { PyTimeDelta } from "../values/timedelta.ts";
import { PyObject } from "../values/object.ts";
import { PyTimeZone, type PyTzInfo, PyZoneInfo } from "../values/timezone.ts";
import { toTemporal } from "./temporal.ts";

/** Classes of `datetime` and `zoneinfo`. */
export function addDatetime(globals: PickleGlobals): void {
  const add = (
    name: string,
    make: (args: PickleArguments) => PyDate | PyTime | PyDateTime | PyTimeDelta,
  ) =>
    globals.add("datetime", name, {
      call: (args, _kwargs, options) => present(make(args), options),
    });
  add("date", date);
  add("time", time);
  add("datetime", datetime);
  add("timedelta", timedelta);
  globals.add("datetime", "timezone", {
    arity: [1, 2],
    call: ([offset, name]) =>
      new PyTimeZone(
        Number(deltaOf(offset)),
        name === undefined ? null : textOf(name),
      ),
  });
  globals.add("zoneinfo", "ZoneInfo", {
    call: ([key]) => new PyZoneInfo(textOf(key)),
  });
  globals.add("zoneinfo", "ZoneInfo._unpickle", {
    call: ([key]) => new PyZoneInfo(textOf(key)),
  });
  globals.add("pydantic_core._pydantic_core", "TzInfo", {
    call: ([seconds]) => new PyTimeZone(numberOf(seconds ?? 0) * 1e6),
  });
  globals.add("pytz", "_UTC", { call: () => new PyObject("pytz", "UTC") });
  globals.add("pytz", "_p");
  globals.add("pytz", "_FixedOffset");
  globals.add("pytz", "FixedOffset");
}

function present(
  value: PyDate | PyTime | PyDateTime | PyTimeDelta,
  { datetimes }: PickleValueOptions,
): unknown {
  return datetimes === "python" ? value : toTemporal(value) ?? value;
}

/** The state of a date or time is bytes, or in Python 2 text of such characters. */
function packed(value: unknown, length: number): Uint8Array | undefined {
  const bytes = typeof value === "string"
    ? Uint8Array.from(value, (char) => latin1(char))
    : value instanceof Uint8Array
    ? bytesFrom(value)
    : undefined;
  if (bytes && bytes.length !== length) {
    throw new TypeError(`there are ${bytes.length} bytes`);
  }
  return bytes;
}

function latin1(char: string): number {
  const code = char.charCodeAt(0);
  if (code > 255) throw new TypeError("these are not bytes");
  return code;
}

function date(args: PickleArguments): PyDate {
  const bytes = packed(args[0], 4);
  if (bytes) {
    return new PyDate(bytes[0]! << 8 | bytes[1]!, bytes[2]!, bytes[3]!);
  }
  const [year, month, day] = args.map(numberOf);
  return new PyDate(year!, month!, day!);
}

function time(args: PickleArguments): PyTime {
  const bytes = packed(args[0], 6);
  if (bytes) return new PyTime(timeOf(bytes, 0, bytes[0]! & 128, args[1]));
  const [hour, minute, second, microsecond] = args.slice(0, 4).map(numberOf);
  const tzinfo = zoneOf(args[4]);
  return new PyTime({ hour, minute, second, microsecond, tzinfo });
}

function timeOf(
  bytes: Uint8Array,
  at: number,
  fold: number,
  tzinfo: unknown,
) {
  return {
    hour: at === 0 ? bytes[0]! & 127 : bytes[at]!,
    minute: bytes[at + 1]!,
    second: bytes[at + 2]!,
    microsecond: bytes[at + 3]! << 16 | bytes[at + 4]! << 8 | bytes[at + 5]!,
    fold: fold ? 1 : 0,
    tzinfo: zoneOf(tzinfo),
  } as const;
}

function datetime(args: PickleArguments): PyDateTime {
  const bytes = packed(args[0], 10);
  if (bytes) {
    return new PyDateTime({
      year: bytes[0]! << 8 | bytes[1]!,
      month: bytes[2]! & 127,
      day: bytes[3]!,
      ...timeOf(bytes, 4, bytes[2]! & 128, args[1]),
    });
  }
  const [year, month, day, hour, minute, second, microsecond] = args
    .slice(0, 7).map(numberOf);
  return new PyDateTime({
    year: year!,
    month: month!,
    day: day!,
    hour,
    minute,
    second,
    microsecond,
    tzinfo: zoneOf(args[7]),
  });
}

function zoneOf(value: unknown): PyTzInfo | null {
  if (value === undefined || value === null) return null;
  if (
    value instanceof PyTimeZone || value instanceof PyZoneInfo ||
    value instanceof PyObject
  ) return value;
  throw new TypeError("this is not a time zone");
}

function timedelta(args: PickleArguments): PyTimeDelta {
  const [days = 0, seconds = 0, microseconds = 0] = args.map(numberOf);
  return new PyTimeDelta(days, seconds, microseconds);
}

/** Microseconds of a timedelta, whatever it was read as. */
function deltaOf(value: unknown): bigint {
  if (value instanceof PyTimeDelta) return value.totalMicroseconds;
  if (typeof value !== "object" || value === null) {
    throw new TypeError("this is not a timedelta");
  }
  const { Temporal } = globalThis as { Temporal?: { Duration: unknown } };
  if (
    !Temporal ||
    !(value instanceof (Temporal.Duration as new () => object))
  ) throw new TypeError("this is not a timedelta");
  const parts = value as Record<string, number>;
  const days = BigInt(parts.days! * 24 + parts.hours!);
  const seconds = days * 3600n + BigInt(parts.minutes! * 60 + parts.seconds!);
  return seconds * 1_000_000n +
    BigInt(parts.milliseconds! * 1000 + parts.microseconds!);
}
