/** What `decimal.Decimal` reads, less underscores: checked, never expanded, so that `1E+99999999999` costs nothing. */
const DECIMAL =
  /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|s?nan\d*)$/i;

/**
 * A Python `decimal.Decimal`: its text, which keeps every digit.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyDecimal } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(loads(dumps(new PyDecimal("-1.50"))), new PyDecimal("-1.50"));
 * ```
 */
export class PyDecimal {
  /** The number as Python's `str` writes it: `-1.50`, `1E+5`, `NaN`. */
  readonly text: string;

  /**
   * Makes one of its parts.
   *
   * @param text The number.
   * @throws {RangeError} If it is not one.
   */
  constructor(text: string) {
    if (!DECIMAL.test(text)) throw new RangeError("Not a decimal number");
    this.text = text;
  }

  /** The text. */
  toString(): string {
    return this.text;
  }
}

/**
 * A Python `fractions.Fraction`.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyFraction } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(loads(dumps(new PyFraction(-22n, 7n))), new PyFraction(-22n, 7n));
 * ```
 */
export class PyFraction {
  /** Above the line; it has the sign. */
  readonly numerator: bigint;
  /** Below the line; not 0. */
  readonly denominator: bigint;

  /**
   * Makes one of its parts.
   *
   * @param numerator Above the line.
   * @param denominator Below the line.
   * @throws {RangeError} If the denominator is 0.
   */
  constructor(numerator: bigint, denominator: bigint) {
    if (denominator === 0n) throw new RangeError("A fraction of zero parts");
    this.numerator = numerator;
    this.denominator = denominator;
  }

  /** As Python writes it: `-22/7`. */
  toString(): string {
    const { numerator, denominator } = this;
    return denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`;
  }
}
