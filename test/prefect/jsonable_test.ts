import { deepEqual, equal } from "node:assert/strict";
import { describe, test } from "bun:test";
import {
  Column,
  DataFrame,
  DType,
  Index,
  MaskedArray,
  NA,
  NaT,
  NdArray,
  NpScalar,
  PdTimedelta,
  PdTimestamp,
  PyObject,
  PyTimeZone,
  Series,
} from "../../src/pickle/mod.ts";
import { jsonable } from "../../src/prefect/jsonable.ts";
import type { Bytes } from "../../src/types.ts";

function counts(...items: readonly bigint[]): Bytes {
  return new Uint8Array(BigInt64Array.from(items).buffer);
}

function array(
  dtype: string | DType,
  data: Bytes,
  ...shape: readonly number[]
): NdArray {
  const type = typeof dtype === "string" ? DType.of(dtype) : dtype;
  return new NdArray({ data, dtype: type, shape });
}

const positions = (length: number) =>
  new Index("RangeIndex", [null], [
    Column.of(Array.from({ length }, (_, i) => i), "int64"),
  ]);

describe("what is shown of Python's values", () => {
  test("arrays keep their shape", () => {
    const data = new Uint8Array([1, 2, 3, 4, 5, 6]);
    deepEqual(jsonable(array("u1", data, 2, 3)), [[1, 2, 3], [4, 5, 6]]);
    deepEqual(jsonable(array("u1", data, 1, 2, 3)), [[[1, 2, 3], [4, 5, 6]]]);
    equal(jsonable(array("u1", data.slice(0, 1))), 1);
    deepEqual(jsonable(array("u1", data.slice(0, 0), 2, 0)), [[], []]);
    const mask = array("b1", new Uint8Array([0, 1, 0, 0, 0, 1]), 2, 3);
    deepEqual(
      jsonable(new MaskedArray(array("u1", data, 2, 3), mask)),
      [[1, null, 3], [4, 5, null]],
    );
  });

  test("the items of structured arrays have names", () => {
    const field = (dtype: string, offset: number) => ({
      dtype: DType.of(dtype),
      offset,
      title: undefined,
    });
    const dtype = new DType({
      kind: "V",
      itemsize: 9,
      fields: new Map([["a", field("u1", 0)], [
        "__proto__",
        field("<M8[s]", 1),
      ]]),
    });
    const data = new Uint8Array([7, ...counts(60n)]);
    equal(
      JSON.stringify(jsonable(array(dtype, data, 1))),
      '[{"a":7,"__proto__":"1970-01-01T00:01:00"}]',
    );
  });

  test("times of numpy are text, to the unit they are counted in", () => {
    const shown = (dtype: string, ...items: readonly bigint[]) =>
      jsonable(array(dtype, counts(...items), items.length));
    const none = -(2n ** 63n);
    deepEqual(shown("<M8[Y]", 54n, -1n), ["2024", "1969"]);
    deepEqual(shown("<M8[M]", 648n, -1n), ["2024-01", "1969-12"]);
    deepEqual(shown("<M8[W]", 2818n), ["2024-01-04"]);
    deepEqual(shown("<M8[D]", 19_724n, none), ["2024-01-02", null]);
    deepEqual(shown("<M8[h]", 473_379n), ["2024-01-02T03"]);
    deepEqual(shown("<M8[m]", -1n), ["1969-12-31T23:59"]);
    deepEqual(shown("<M8[25s]", 2n), ["1970-01-01T00:00:50"]);
    deepEqual(shown("<M8[ms]", -1n), ["1969-12-31T23:59:59.999"]);
    deepEqual(shown("<M8[us]", 1n), ["1970-01-01T00:00:00.000001"]);
    deepEqual(shown("<M8[ns]", -1n), ["1969-12-31T23:59:59.999999999"]);
    // Beyond what a date of JavaScript holds, and what is no time at all, the count stays.
    deepEqual(shown("<M8[D]", 10n ** 12n), [10 ** 12]);
    deepEqual(shown("<M8[ps]", 5n), [5]);
    deepEqual(shown("<m8[s]", 0n, 90n, none), ["PT0S", "PT1M30S", null]);
    deepEqual(shown("<m8[ns]", -93_784_000_000_005n), [
      "-P1DT2H3M4.000000005S",
    ]);
    deepEqual(shown("<m8[M]", 5n), [5]);
    const scalar = new NpScalar(DType.of("<M8[D]"), counts(19_724n));
    equal(jsonable(scalar), "2024-01-02");
  });

  test("times of pandas are text; what is missing is null", () => {
    const at = 1_704_164_645n;
    const shown = (value: PdTimestamp) => jsonable(value);
    equal(shown(new PdTimestamp(at, "s")), "2024-01-02T03:04:05");
    equal(
      shown(new PdTimestamp(at * 1000n + 6n, "ms", new PyTimeZone(0))),
      "2024-01-02T03:04:05.006000Z",
    );
    equal(
      shown(new PdTimestamp(at * 10n ** 9n + 6n)),
      "2024-01-02T03:04:05.000000006",
    );
    equal(jsonable(new PdTimedelta(90n, "s")), "PT1M30S");
    deepEqual(jsonable([NA, NaT]), [null, null]);
  });

  test("rows have their labels, unless those are only numbers in order", () => {
    const columns = new Index("Index", [null], [Column.of(["a", "a", 1])]);
    const data = [Column.of([1, 2]), Column.of([3, 4]), Column.of(["x", "y"])];
    const table = (index: Index) =>
      jsonable(new DataFrame(columns, index, data));
    const rows = [{ a: 1, "a.1": 3, "1": "x" }, { a: 2, "a.1": 4, "1": "y" }];
    deepEqual(table(positions(2)), rows);
    const days = Column.of([
      new PdTimestamp(0n),
      new PdTimestamp(86_400n, "s"),
    ]);
    const dated = new Index("DatetimeIndex", ["day"], [days]);
    deepEqual(table(dated), [
      { day: "1970-01-01T00:00:00", ...rows[0] },
      { day: "1970-01-02T00:00:00", ...rows[1] },
    ]);
    const two = new Index("MultiIndex", [null, "a"], [
      Column.of(["p", "q"]),
      Column.of([8, 9]),
    ]);
    deepEqual(table(two), [
      { level_0: "p", a: 8, "a.1": 1, "a.2": 3, "1": "x" },
      { level_0: "q", a: 9, "a.1": 2, "a.2": 4, "1": "y" },
    ]);
  });

  test("so have the items of series", () => {
    const values = Column.of([1, 2]);
    const series = (labels: readonly unknown[]) =>
      jsonable(
        new Series(
          null,
          new Index("Index", [null], [Column.of(labels)]),
          values,
        ),
      );
    deepEqual(jsonable(new Series("s", positions(2), values)), [1, 2]);
    deepEqual(series(["p", "q"]), { p: 1, q: 2 });
    deepEqual(series([new PdTimestamp(0n), 5]), {
      "1970-01-01T00:00:00": 1,
      "5": 2,
    });
    deepEqual(series(["p", "p"]), [["p", 1], ["p", 2]]);
  });

  test("of unknown classes there is what they hold", () => {
    const object = (parts: ConstructorParameters<typeof PyObject>[2]) =>
      jsonable(new PyObject("shop", "Thing", parts));
    equal(object({ args: [1] }), 1);
    deepEqual(object({ args: [1, "b"] }), [1, "b"]);
    deepEqual(object({ items: [1], args: [9] }), [1]);
    deepEqual(object({ entries: [["a", 1]] }), { a: 1 });
    deepEqual(object({ state: { a: [1] } }), { a: [1] });
    deepEqual(object({}), {});
  });
});
