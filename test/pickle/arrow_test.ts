import { describe, test } from "bun:test";
import { deepStrictEqual, equal, throws } from "node:assert/strict";
import {
  type ArrowModule,
  Column,
  DataFrame,
  DType,
  Index,
  NA,
  NaT,
  NdArray,
  PdTimedelta,
  PdTimestamp,
  PyObject,
} from "../../src/pickle/mod.ts";

/** Stands in for `apache-arrow`: a type is its name and what it is made with. */
const type = (name: string) =>
  class {
    readonly name = name;
    readonly zone: string | null | undefined;
    constructor(zone?: string | null) {
      this.zone = zone;
    }
  };
const arrow: ArrowModule<Record<string, unknown>> = {
  tableFromArrays: (columns) => columns,
  TimestampSecond: type("s"),
  TimestampMillisecond: type("ms"),
  TimestampMicrosecond: type("us"),
  TimestampNanosecond: type("ns"),
  DurationSecond: type("+s"),
  DurationMillisecond: type("+ms"),
  DurationMicrosecond: type("+us"),
  DurationNanosecond: type("+ns"),
};

function columnOf(column: Column): unknown {
  const { length } = column;
  const index = new Index("RangeIndex", [null], [
    Column.of(Array.from({ length }, (_, i) => i), "int64"),
  ]);
  const names = new Index("Index", [null], [Column.of(["x"])]);
  return new DataFrame(names, index, [column]).toArrow(arrow).x;
}

describe("DataFrame.toArrow()", () => {
  test("gives numbers as they are in memory", () => {
    const items = new BigInt64Array([1n, 2n ** 60n]);
    const source = new NdArray({
      data: new Uint8Array(items.buffer),
      dtype: DType.of("<i8"),
      shape: [2],
    });
    const read = (index: number) => source.get(index);
    const column = new Column({ dtype: "int64", length: 2, source, read });
    const given = columnOf(column) as BigInt64Array;
    deepStrictEqual(given, items);
    equal(given.buffer, items.buffer);
  });

  test("gives moments and durations to the last unit", () => {
    const at = new PdTimestamp(1_704_067_200_000_000_001n, "ns");
    const moments = Column.of([at, NaT], "datetime64[ns, Europe/Paris]");
    // deno-lint-ignore no-explicit-any
    const { type, ...data } = columnOf(moments) as any;
    deepStrictEqual([type.name, type.zone], ["ns", "Europe/Paris"]);
    deepStrictEqual(data, {
      length: 2,
      nullCount: 1,
      data: new BigInt64Array([at.value, 0n]),
      nullBitmap: new Uint8Array([1]),
    });
    const delta = Column.of([new PdTimedelta(5n, "s")], "timedelta64[s]");
    // deno-lint-ignore no-explicit-any
    const { type: duration, data: counts } = columnOf(delta) as any;
    deepStrictEqual([duration.name, counts[0]], ["+s", 5n]);
  });

  test("gives null for what is missing", () => {
    deepStrictEqual(columnOf(Column.of([1, NA], "Int64")), [1, null]);
    deepStrictEqual(columnOf(Column.of(["a", NaN], "str")), ["a", null]);
    deepStrictEqual(columnOf(Column.of([1.5, NaN], "Float64")), [1.5, NaN]);
  });

  test("refuses what Arrow has no type for, with the name", () => {
    const period = new PyObject("pandas", "Period", { args: [null, "M", 1] });
    throws(
      () => columnOf(Column.of([period], "period[M]")),
      /Column x of period\[M\]/,
    );
  });
});
