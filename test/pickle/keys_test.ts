import { describe, test } from "bun:test";
import { doesNotThrow, throws } from "node:assert/strict";
import { SerializeError } from "../../src/errors.ts";
import {
  dumps,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyFraction,
  PyPath,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
} from "../../src/pickle/mod.ts";

const midnight = { year: 1970, month: 1, day: 1 };

/** What Python finds equal, as `==` there says. */
const ALIKE: readonly (readonly [unknown, unknown])[] = [
  [new PyDecimal("1.0"), 1],
  [new PyDecimal("0.5"), 0.5],
  [new PyDecimal("-0"), 0],
  [new PyDecimal("inf"), Infinity],
  [new PyDecimal("9007199254740993"), 9007199254740993n],
  [new PyDecimal("1E+2"), new PyDecimal("100")],
  [new PyDecimal("1E+99999999"), new PyDecimal("10E+99999998")],
  [new PyFraction(1n, 2n), new PyDecimal("0.50")],
  [new PyFraction(2n, 4n), 0.5],
  [new PyDate(2020, 1, 1), new PyDate(2020, 1, 1)],
  [new PyTime({ hour: 1 }), new PyTime({ hour: 1 })],
  [
    new PyDateTime({ ...midnight, year: 1 }),
    new PyDateTime({
      ...midnight,
      year: 1,
    }),
  ],
  [
    new Date(0),
    new PyDateTime({ ...midnight, hour: 1, tzinfo: new PyTimeZone(3.6e9) }),
  ],
  [new PyTimeDelta(1), new PyTimeDelta(1)],
  [new PyPath("a"), new PyPath("a", "PosixPath")],
  [new PyPath("A", "PureWindowsPath"), new PyPath("a", "WindowsPath")],
];

const DISTINCT: readonly (readonly [unknown, unknown])[] = [
  [new PyDecimal("0.1"), 0.1],
  [new PyDecimal("NaN"), new PyDecimal("NaN")],
  [new PyDecimal("9007199254740993"), 2 ** 53],
  [new PyDecimal("1E+99999999"), new PyDecimal("1E+99999998")],
  [new PyFraction(1n, 3n), 1 / 3],
  [new PyDateTime(midnight), new Date(0)],
  [new PyDate(1970, 1, 1), new PyDateTime(midnight)],
  [new PyPath("A"), new PyPath("a")],
  [new PyPath("a"), new PyPath("a", "PureWindowsPath")],
];

describe("keys of a dict", () => {
  test("that Python would make one are refused", () => {
    for (const [a, b] of ALIKE) {
      for (const value of [new Map([[a, 1], [b, 2]]), new Set([a, b])]) {
        throws(() => dumps(value), SerializeError, `${a} and ${b}`);
      }
    }
  });

  test("that are two there are written", () => {
    for (const [a, b] of DISTINCT) {
      doesNotThrow(() => dumps(new Map([[a, 1], [b, 2]])), `${a} and ${b}`);
    }
  });
});
