/**
 * A Python `int` that must stay one: written as an `int` whatever its size. An `int` that is read is a `number` or a `bigint`.
 *
 * @example
 * ```ts
 * import { PyInt } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(new PyInt(5).value, 5n);
 * ```
 */
export class PyInt {
  /** The number. */
  readonly value: bigint;

  /**
   * Makes one of its parts.
   *
   * @param value The number; one with a fraction is a `RangeError`.
   */
  constructor(value: bigint | number) {
    this.value = BigInt(value);
  }

  /** The number as a `bigint`. */
  valueOf(): bigint {
    return this.value;
  }
}

/**
 * A Python `float` that must stay one, even if it is a whole number: `1.0`.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyFloat } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(loads(dumps(new PyFloat(1))), 1);
 * equal(loads(dumps(new PyFloat(1)), { floats: "wrap" }) instanceof PyFloat, true);
 * ```
 */
export class PyFloat {
  /** The number. */
  readonly value: number;

  /**
   * Makes one of its parts.
   *
   * @param value The number.
   */
  constructor(value: number) {
    this.value = value;
  }

  /** The number itself. */
  valueOf(): number {
    return this.value;
  }
}

/**
 * A Python `complex`.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyComplex } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(loads(dumps(new PyComplex(1, -2))), new PyComplex(1, -2));
 * ```
 */
export class PyComplex {
  /** The real part. */
  readonly re: number;
  /** The imaginary part. */
  readonly im: number;

  /**
   * Makes one of its parts.
   *
   * @param re The real part.
   * @param im The imaginary part.
   */
  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }
}
