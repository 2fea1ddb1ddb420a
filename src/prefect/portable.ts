import { PyDateTime, PyInt, PyTimeZone } from "../pickle/values/mod.ts";
import { plainExcept } from "./jsonable.ts";

/**
 * A value as one that every program with this library reads, whether it knows Python's types or not: big integers, numbers that
 * are not finite, bytes, sets, maps and dates stay what they are; for the rest see `jsonable`.
 */
export function portable(value: unknown): unknown {
  return plainExcept(value, keep);
}

function keep(value: unknown, part: (part: unknown) => unknown): unknown {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof PyInt) return value.value;
  if (value instanceof Set) return new Set(Array.from(value, part));
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]) => [part(key), part(item)]));
  }
  if (value instanceof PyDateTime) return dateOf(value);
  const isKept = ArrayBuffer.isView(value) || value instanceof Date ||
    value instanceof URL;
  return isKept ? value : undefined;
}

/** The moment, if that is all there is to know about it: in UTC, by the millisecond. */
function dateOf({ tzinfo, ...time }: PyDateTime): Date | undefined {
  const isMoment = tzinfo instanceof PyTimeZone && tzinfo.offset === 0 &&
    tzinfo.name === null && time.microsecond % 1000 === 0 && !time.fold;
  return isMoment
    ? new PyDateTime({ ...time, tzinfo }).toDate() ?? undefined
    : undefined;
}
