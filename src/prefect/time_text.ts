/** Dates and times as pydantic writes them, and as it reads them. */
import {
  PyDate,
  type PyDateFields,
  PyDateTime,
  PyTime,
  PyTimeDelta,
  type PyTimeFields,
  PyTimeZone,
  type PyTzInfo,
} from "../pickle/values/mod.ts";

const DAY = 86_400;
const MICRO = 1_000_000;
/** A number of seconds beyond this is one of milliseconds. */
const MAX_SECONDS = 2e10;

const pad = (value: number, digits: number) => `${value}`.padStart(digits, "0");

/** `2020-01-02` */
export function dateText({ year, month, day }: PyDateFields): string {
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** `01:02:03.000004+05:30` */
export function timeText(time: PyTime | PyDateTime): string {
  const { hour, minute, second, microsecond, tzinfo } = time;
  const text = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
  const fraction = microsecond ? `.${pad(microsecond, 6)}` : "";
  return text + fraction + offsetText(tzinfo);
}

/** `2020-01-02T01:02:03Z` */
export function dateTimeText(value: PyDateTime): string {
  return `${dateText(value)}T${timeText(value)}`;
}

function offsetText(zone: PyTzInfo | null): string {
  if (!(zone instanceof PyTimeZone)) return "";
  const minutes = Math.trunc(zone.offset / 60 / MICRO);
  if (minutes === 0) return "Z";
  const amount = Math.abs(minutes);
  const hour = pad(Math.floor(amount / 60), 2);
  return `${minutes < 0 ? "-" : "+"}${hour}:${pad(amount % 60, 2)}`;
}

/** ISO 8601, with years of 365 days: `P1Y36DT1H`. */
export function timeDeltaText(value: PyTimeDelta): string {
  let micros = value.totalMicroseconds;
  const sign = micros < 0n ? "-" : "";
  if (micros < 0n) micros = -micros;
  const second = BigInt(MICRO);
  const days = Number(micros / second / BigInt(DAY));
  const seconds = Number(micros / second % BigInt(DAY));
  const fraction = pad(Number(micros % second), 6).replace(/0+$/, "");
  const part = (count: number, letter: string) =>
    count ? `${count}${letter}` : "";
  const date = part(Math.floor(days / 365), "Y") + part(days % 365, "D");
  const last = seconds % 60;
  const time = part(Math.floor(seconds / 3600), "H") +
    part(Math.floor(seconds / 60) % 60, "M") +
    (fraction ? `${last}.${fraction}S` : part(last, "S"));
  if (!date && !time) return "PT0S";
  return `${sign}P${date}${time && `T${time}`}`;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME =
  /^(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:\s?(Z|z)|\s?([+-−])(\d{2}):?(\d{2}))?$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

/** A datetime from text, or from seconds or milliseconds since 1970. */
export function parseDateTime(data: unknown): PyDateTime {
  const number = numberOf(data);
  if (number !== undefined) return fromUnix(number);
  const text = textOf(data);
  const date = parts(DATE, text.slice(0, 10));
  if (!date) throw new RangeError("it is no datetime");
  const fields = dateFields(date);
  if (text.length === 10) return new PyDateTime(fields);
  if (!/[Tt _]/.test(text[10]!)) throw new RangeError("it is no datetime");
  return new PyDateTime({ ...fields, ...timeFields(text.slice(11)) });
}

/** A date; a datetime at midnight is one, too. */
export function parseDate(data: unknown): PyDate {
  const date = typeof data === "string" ? parts(DATE, data) : undefined;
  if (date) {
    const { year, month, day } = dateFields(date);
    return new PyDate(year, month, day);
  }
  const time = parseDateTime(data);
  if (time.hour || time.minute || time.second || time.microsecond) {
    throw new RangeError("a date has no time of day");
  }
  return new PyDate(time.year, time.month, time.day);
}

/** A time of day; or seconds since midnight, in UTC. */
export function parseTime(data: unknown): PyTime {
  const number = typeof data === "string" ? undefined : numberOf(data);
  if (number === undefined) return new PyTime(timeFields(textOf(data)));
  if (!(number >= 0 && number < DAY)) throw new RangeError("it is no time");
  const whole = Math.floor(number);
  return new PyTime({
    hour: Math.floor(whole / 3600),
    minute: Math.floor(whole / 60) % 60,
    second: whole % 60,
    microsecond: Math.round((number - whole) * MICRO),
    tzinfo: new PyTimeZone(0),
  });
}

const AMOUNT = "(?:(\\d+(?:[.,]\\d+)?)";
const DURATION = new RegExp(
  `^([+-])?P${AMOUNT}Y)?${AMOUNT}M)?${AMOUNT}W)?${AMOUNT}D)?` +
    `(?:T${AMOUNT}H)?${AMOUNT}M)?${AMOUNT}S)?)?$`,
);
/** Microseconds of each part of it: years, months, weeks, days; hours, minutes, seconds. */
const UNITS = [365 * DAY, 30 * DAY, 7 * DAY, DAY, 3600, 60, 1]
  .map((seconds) => BigInt(seconds * MICRO));
const CLOCK =
  /^([+-])?(?:(\d+)\s?d(?:ays?)?,?\s?)?(?:(\d+):([0-5]\d)(?::([0-5]\d)(?:[.,](\d+))?)?)?$/i;

/** A duration from ISO 8601, from `1 day, 00:00:05`, or from seconds, as pydantic wrote it before version 2. */
export function parseTimeDelta(data: unknown): PyTimeDelta {
  const number = numberOf(data);
  if (number !== undefined) {
    return new PyTimeDelta(0, 0, Math.round(number * MICRO));
  }
  const text = textOf(data);
  const iso = DURATION.exec(text);
  const clock = iso ? undefined : CLOCK.exec(text);
  const match = iso ?? clock;
  if (!match || /^[+-]?P?T?$/.test(text)) {
    throw new RangeError("it is no duration");
  }
  if (iso) {
    let micros = 0n;
    for (const [i, unit] of UNITS.entries()) {
      micros += timesUnit(iso[i + 2], unit);
    }
    if (iso[1] === "-") micros = -micros;
    const day = UNITS[3]!;
    return new PyTimeDelta(Number(micros / day), 0, Number(micros % day));
  }
  const [, sign, days, hours, minutes, seconds, fraction] = match;
  const of = (digits: string | undefined) =>
    (sign === "-" ? -1 : 1) * Number(digits ?? 0);
  return new PyTimeDelta(
    of(days),
    3600 * of(hours) + 60 * of(minutes) + of(seconds),
    of(`${micro(fraction)}`),
  );
}

/** So many of a unit, in microseconds; what is left of a microsecond is cut. */
function timesUnit(amount: string | undefined, unit: bigint): bigint {
  if (amount === undefined) return 0n;
  const [whole, fraction = ""] = amount.split(/[.,]/);
  const digits = fraction.slice(0, 9);
  return BigInt(whole!) * unit +
    BigInt(digits || 0) * unit / 10n ** BigInt(digits.length);
}

function fromUnix(number: number): PyDateTime {
  const seconds = Math.abs(number) > MAX_SECONDS ? number / 1000 : number;
  const whole = Math.floor(seconds);
  const at = new Date(whole * 1000);
  if (Number.isNaN(at.getTime())) throw new RangeError("it is no datetime");
  return new PyDateTime({
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    microsecond: Math.min(999_999, Math.round((seconds - whole) * MICRO)),
    tzinfo: new PyTimeZone(0),
  });
}

function dateFields([, year, month, day]: RegExpExecArray): PyDateFields {
  return { year: Number(year), month: Number(month), day: Number(day) };
}

function timeFields(text: string): PyTimeFields {
  const match = parts(TIME, text);
  if (!match) throw new RangeError("it is no time");
  const [, hour, minute, second = "0", fraction, utc, sign, hours, minutes] =
    match;
  const offset = utc
    ? 0
    : sign
    ? (sign === "+" ? 1 : -1) * (3600 * Number(hours) + 60 * Number(minutes))
    : undefined;
  return {
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    microsecond: micro(fraction),
    tzinfo: offset === undefined ? null : new PyTimeZone(offset * MICRO),
  };
}

/** Digits past the sixth are cut. */
function micro(fraction: string | undefined): number {
  return Number((fraction ?? "").padEnd(6, "0").slice(0, 6));
}

/** Numbers, and text that is one. */
function numberOf(data: unknown): number | undefined {
  const value = typeof data === "object" && data !== null
    ? data.valueOf()
    : data;
  if (typeof value === "number" || typeof value === "bigint") {
    return Number(value);
  }
  return typeof value === "string" && NUMBER.test(value)
    ? Number(value)
    : undefined;
}

function textOf(data: unknown): string {
  if (typeof data === "string" && data.length <= 100) return data;
  throw new RangeError("it is neither text nor a number");
}

function parts(form: RegExp, text: string): RegExpExecArray | undefined {
  return form.exec(text) ?? undefined;
}
