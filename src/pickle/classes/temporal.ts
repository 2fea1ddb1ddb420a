/**
 * Dates and times of Python as those of `Temporal`, where that loses nothing.
 *
 * @module
 */
import { PyDate, type PyDateTime, PyTime } from "../values/datetime.ts";
import { PyTimeDelta } from "../values/timedelta.ts";
import { PyTimeZone, PyZoneInfo } from "../values/timezone.ts";

/** As much of `Temporal` as is used here; not every runtime has it. */
interface TemporalLike {
  readonly PlainDate: new (y: number, m: number, d: number) => object;
  readonly PlainTime: new (...parts: number[]) => object;
  readonly PlainDateTime: new (...parts: number[]) => PlainDateTime;
  readonly Duration: { from(parts: Record<string, number>): object };
}

interface PlainDateTime {
  toZonedDateTime(
    zone: string,
    options: { disambiguation: string },
  ): { toPlainDateTime(): { equals(other: unknown): boolean } };
}

/** The same in `Temporal`; `undefined` if it is absent, or something would be lost. */
export function toTemporal(
  value: PyDate | PyTime | PyDateTime | PyTimeDelta,
): unknown {
  const { Temporal } = globalThis as unknown as { Temporal?: TemporalLike };
  if (!Temporal) return undefined;
  if (value instanceof PyDate) {
    return new Temporal.PlainDate(value.year, value.month, value.day);
  }
  if (value instanceof PyTimeDelta) return duration(Temporal, value);
  if (value instanceof PyTime) {
    if (value.tzinfo !== null || value.fold === 1) return undefined;
    return new Temporal.PlainTime(...timeParts(value));
  }
  const plain = new Temporal.PlainDateTime(
    value.year,
    value.month,
    value.day,
    ...timeParts(value),
  );
  if (value.tzinfo === null) return value.fold === 1 ? undefined : plain;
  return zoned(plain, value);
}

function timeParts(time: PyTime | PyDateTime): number[] {
  const { hour, minute, second, microsecond } = time;
  const millisecond = Math.floor(microsecond / 1000);
  return [hour, minute, second, millisecond, microsecond % 1000];
}

function zoned(plain: PlainDateTime, value: PyDateTime): unknown {
  const { tzinfo, fold } = value;
  const zone = zoneName(tzinfo);
  if (zone === undefined) return undefined;
  try {
    const [earlier, later] = ["earlier", "later"].map((disambiguation) =>
      plain.toZonedDateTime(zone, { disambiguation })
    );
    const isTwice = String(earlier) !== String(later);
    // A clock that skips an hour does not show what Python has.
    if (!earlier!.toPlainDateTime().equals(plain)) return undefined;
    if (fold === 1 && !isTwice) return undefined;
    return fold === 1 ? later : earlier;
  } catch (error) {
    // A zone that is not known here.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The zone as `Temporal` names it; that of UTC is Python's `timezone.utc`. */
function zoneName(zone: unknown): string | undefined {
  if (zone instanceof PyZoneInfo) {
    return /^(?:Etc\/)?UTC$|^[+-]/.test(zone.key) ? undefined : zone.key;
  }
  if (!(zone instanceof PyTimeZone) || zone.name !== null) return undefined;
  if (zone.offset === 0) return "UTC";
  return zone.offset % 60_000_000 === 0 ? zone.toString() : undefined;
}

/** All parts of a duration have one sign. */
function duration(Temporal: TemporalLike, delta: PyTimeDelta): object {
  const total = delta.totalMicroseconds;
  const micros = total % 1_000_000n;
  const seconds = total / 1_000_000n;
  return Temporal.Duration.from({
    days: Number(seconds / 86_400n),
    seconds: Number(seconds % 86_400n),
    microseconds: Number(micros),
  });
}
