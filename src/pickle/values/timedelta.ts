/**
 * A Python `datetime.timedelta`, where `Temporal.Duration` is absent or not asked for.
 *
 * @example
 * ```ts
 * import { PyTimeDelta } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(new PyTimeDelta(-1, 86_398, 500_000).totalMicroseconds, -1_500_000n);
 * ```
 */
export class PyTimeDelta {
  /** Days, −999,999,999 to 999,999,999; the only part that may be negative. */
  readonly days: number;
  /** Seconds, 0 to 86,399. */
  readonly seconds: number;
  /** Microseconds, 0 to 999,999. */
  readonly microseconds: number;

  /**
   * Makes one of its parts.
   *
   * @param days Days.
   * @param seconds Seconds; any number, what is too much for a day is carried.
   * @param microseconds Microseconds; any number.
   * @throws {RangeError} If it is longer than Python has them.
   */
  constructor(days: number, seconds = 0, microseconds = 0) {
    const carried = Math.floor(microseconds / 1e6);
    const whole = seconds + carried;
    this.microseconds = microseconds - carried * 1e6;
    this.days = days + Math.floor(whole / 86_400);
    this.seconds = whole - Math.floor(whole / 86_400) * 86_400;
    if (!(Math.abs(this.days) <= 999_999_999)) {
      throw new RangeError("A timedelta has at most 999999999 days");
    }
  }

  /** All of it in microseconds. */
  get totalMicroseconds(): bigint {
    return BigInt(this.days * 86_400 + this.seconds) * 1_000_000n +
      BigInt(this.microseconds);
  }
}
