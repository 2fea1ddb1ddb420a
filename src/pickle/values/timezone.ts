import type { PyObject } from "./object.ts";

/** What can be the zone of a time: a fixed offset, a zone by name, or whatever class a library has for it. */
export type PyTzInfo = PyTimeZone | PyZoneInfo | PyObject;

const DAY = 86_400_000_000;

/**
 * A Python `datetime.timezone`: a fixed offset, perhaps with a name.
 *
 * @example
 * ```ts
 * import { PyTimeZone } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(`${new PyTimeZone(-90_000_000)}`, "-00:01:30");
 * ```
 */
export class PyTimeZone {
  /** Microseconds to the east of UTC. */
  readonly offset: number;
  /** Its name, if it was given one. */
  readonly name: string | null;

  /**
   * Makes one of its parts.
   *
   * @param offset Microseconds to the east of UTC, less than a day.
   * @param name Its name.
   * @throws {RangeError} If it is a day or more.
   */
  constructor(offset = 0, name: string | null = null) {
    if (!(Number.isInteger(offset) && Math.abs(offset) < DAY)) {
      throw new RangeError("An offset is less than a day");
    }
    this.offset = offset;
    this.name = name;
  }

  /** As ISO 8601 has it, to the microsecond if need be: `+05:30`. */
  toString(): string {
    const offset = Math.abs(this.offset);
    const pad = (value: number) => `${Math.floor(value)}`.padStart(2, "0");
    const text = `${this.offset < 0 ? "-" : "+"}${pad(offset / 3.6e9)}:${
      pad(offset / 6e7 % 60)
    }`;
    const micros = offset % 1e6;
    if (offset % 6e7 === 0) return text;
    const seconds = `${text}:${pad(offset / 1e6 % 60)}`;
    return micros ? `${seconds}.${`${micros}`.padStart(6, "0")}` : seconds;
  }
}

/**
 * A Python `zoneinfo.ZoneInfo`: a zone by its name, which is not looked up here.
 *
 * @example
 * ```ts
 * import { PyZoneInfo } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(new PyZoneInfo("Europe/Paris").key, "Europe/Paris");
 * ```
 */
export class PyZoneInfo {
  /** The name: `Europe/Paris`. */
  readonly key: string;

  /**
   * Makes one of its parts.
   *
   * @param key The name.
   */
  constructor(key: string) {
    this.key = key;
  }

  /** The name. */
  toString(): string {
    return this.key;
  }
}
