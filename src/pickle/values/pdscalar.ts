import { PySingleton } from "./builtin.ts";
import type { PyTzInfo } from "./timezone.ts";

/** What pandas counts dates and times in. */
export type PdUnit = "s" | "ms" | "us" | "ns";

const NANOSECONDS: Readonly<Record<PdUnit, bigint>> = {
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  ns: 1n,
};

/**
 * pandas' missing value.
 *
 * @example
 * ```ts
 * import { loads, NA } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(loads(new TextEncoder().encode("cpandas\nNA\n.")), NA);
 * ```
 */
export const NA: PySingleton = new PySingleton("pandas", "NA");

/**
 * pandas' missing date or time.
 *
 * @example
 * ```ts
 * import { loads, NaT } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const pickle = "cpandas._libs.tslibs.nattype\n_nat_unpickle\n(NtR.";
 * equal(loads(new TextEncoder().encode(pickle)), NaT);
 * ```
 */
export const NaT: PySingleton = new PySingleton("pandas", "NaT");

/**
 * A `pandas.Timestamp`: a moment to the nanosecond, and the zone in which it is shown.
 *
 * @example
 * ```ts
 * import { PdTimestamp } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const at = new PdTimestamp(1_704_164_645_123_456n, "us");
 * equal(at.epochNanoseconds, 1_704_164_645_123_456_000n);
 * equal(at.toDate().toISOString(), "2024-01-02T03:04:05.123Z");
 * ```
 */
export class PdTimestamp {
  /** Units since 1970, in UTC if there is a zone. */
  readonly value: bigint;
  /** The unit. */
  readonly unit: PdUnit;
  /** The zone, `null` for none. */
  readonly tz: PyTzInfo | null;

  /**
   * Makes one of its parts.
   *
   * @param value Units since 1970.
   * @param unit The unit.
   * @param tz The zone.
   */
  constructor(value: bigint, unit: PdUnit = "ns", tz: PyTzInfo | null = null) {
    this.value = value;
    this.unit = unit;
    this.tz = tz;
  }

  /** Nanoseconds since 1970. */
  get epochNanoseconds(): bigint {
    return this.value * NANOSECONDS[this.unit];
  }

  /**
   * The moment, to the millisecond; a time without a zone is taken as UTC.
   *
   * @returns The date.
   */
  toDate(): Date {
    return new Date(Number(this.epochNanoseconds / 1_000_000n));
  }
}

/**
 * A `pandas.Timedelta`.
 *
 * @example
 * ```ts
 * import { PdTimedelta } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(new PdTimedelta(90n, "s").nanoseconds, 90_000_000_000n);
 * ```
 */
export class PdTimedelta {
  /** How many units. */
  readonly value: bigint;
  /** The unit. */
  readonly unit: PdUnit;

  /**
   * Makes one of its parts.
   *
   * @param value How many units.
   * @param unit The unit.
   */
  constructor(value: bigint, unit: PdUnit = "ns") {
    this.value = value;
    this.unit = unit;
  }

  /** All of it in nanoseconds. */
  get nanoseconds(): bigint {
    return this.value * NANOSECONDS[this.unit];
  }
}
