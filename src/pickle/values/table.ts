import { arrowColumn, type ArrowModule } from "./arrow_column.ts";
import { Column } from "./column.ts";
import { PyTuple } from "./sequence.ts";

/**
 * An index of pandas: the labels of rows or columns.
 *
 * @example
 * ```ts
 * import { Column, Index } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(new Index("Index", [null], [Column.of(["a", "b"])]).toArray(), ["a", "b"]);
 * ```
 */
export class Index {
  /** The name of its class: `Index`, `RangeIndex`, `MultiIndex`, `DatetimeIndex`, … */
  readonly type: string;
  /** The name of each level, `null` for none. */
  readonly names: readonly unknown[];
  /** The labels of each level; of all but a `MultiIndex` there is one. */
  readonly levels: readonly Column[];

  /**
   * Makes one of its parts.
   *
   * @param type The name of its class.
   * @param names The name of each level.
   * @param levels The labels of each level, as many in each.
   */
  constructor(
    type: string,
    names: readonly unknown[],
    levels: readonly Column[],
  ) {
    this.type = type;
    this.names = names;
    this.levels = levels;
  }

  /** The type as pandas names it. */
  get dtype(): string {
    return this.type === "MultiIndex" ? "object" : this.levels[0]!.dtype;
  }

  /** How many labels there are. */
  get length(): number {
    return this.levels[0]?.length ?? 0;
  }

  /**
   * A label.
   *
   * @param index Its place, from 0.
   * @returns The label; of a `MultiIndex`, the tuple of labels.
   */
  at(index: number): unknown {
    return this.type === "MultiIndex"
      ? PyTuple.from(this.levels.map((level) => level.at(index)))
      : this.levels[0]!.at(index);
  }

  /**
   * All labels.
   *
   * @returns The labels, in a list.
   */
  toArray(): unknown[] {
    return Array.from({ length: this.length }, (_, index) => this.at(index));
  }
}

/**
 * A `pandas.Series`: a column with a name and labels.
 *
 * @example
 * ```ts
 * import { Column, Index, Series } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const index = new Index("Index", [null], [Column.of(["a", "b"])]);
 * equal(new Series("n", index, Column.of([1, 2], "int64")).get("b"), 2);
 * ```
 */
export class Series {
  /** Its name, `null` for none. */
  readonly name: unknown;
  /** The labels. */
  readonly index: Index;
  /** The values. */
  readonly values: Column;

  /**
   * Makes one of its parts.
   *
   * @param name Its name.
   * @param index The labels.
   * @param values The values, as many.
   */
  constructor(name: unknown, index: Index, values: Column) {
    this.name = name;
    this.index = index;
    this.values = values;
  }

  /**
   * The value of the first label that is this.
   *
   * @param label The label.
   * @returns The value, `undefined` if there is none.
   */
  get(label: unknown): unknown {
    return this.values.at(this.index.toArray().indexOf(label));
  }
}

/**
 * A `pandas.DataFrame`: columns of one length, with labels.
 *
 * @example
 * ```ts
 * import { Column, DataFrame, Index } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const table = new DataFrame(
 *   new Index("Index", [null], [Column.of(["a", "b"])]),
 *   new Index("RangeIndex", [null], [Column.of([0, 1], "int64")]),
 *   [Column.of([1, 2], "int64"), Column.of(["x", "y"])],
 * );
 * deepEqual(table.column("b")?.toArray(), ["x", "y"]);
 * deepEqual([...table.rows()], [{ a: 1, b: "x" }, { a: 2, b: "y" }]);
 * ```
 */
export class DataFrame {
  /** The labels of the columns. */
  readonly columns: Index;
  /** The labels of the rows. */
  readonly index: Index;
  /** The columns, in order. */
  readonly data: readonly Column[];
  /** What was noted down about the table. */
  readonly attrs: unknown;

  /**
   * Makes one of its parts.
   *
   * @param columns The labels of the columns.
   * @param index The labels of the rows.
   * @param data The columns, each as long as the index.
   * @param attrs What was noted down about the table.
   */
  constructor(
    columns: Index,
    index: Index,
    data: readonly Column[],
    attrs: unknown = {},
  ) {
    this.columns = columns;
    this.index = index;
    this.data = data;
    this.attrs = attrs;
  }

  /** How many rows there are. */
  get length(): number {
    return this.index.length;
  }

  /**
   * The first column of that name.
   *
   * @param name The name.
   * @returns The column, `undefined` if there is none.
   */
  column(name: unknown): Column | undefined {
    return this.data[this.columns.toArray().indexOf(name)];
  }

  /**
   * The rows, as objects by the names of the columns; names that are not text are made text.
   *
   * @returns The rows, one by one.
   */
  *rows(): Generator<Record<string, unknown>> {
    const names = this.columns.toArray().map(String);
    for (let i = 0; i < this.length; i++) {
      const values = names.map((name, k) => [name, this.data[k]!.at(i)]);
      yield Object.fromEntries(values);
    }
  }

  /**
   * The same as a table of Apache Arrow: numbers as they are in memory, dates and times to the nanosecond, what is missing as
   * `null`. The labels of the rows are left out.
   *
   * @typeParam T The class of its tables.
   * @param arrow The module `apache-arrow`, which is not part of this library.
   * @returns The table.
   * @throws {TypeError} If a column has items that Arrow has no type for here: periods, intervals, objects.
   */
  toArrow<T>(arrow: ArrowModule<T>): T {
    const columns = this.columns.toArray().map((label, k) => {
      const name = String(label);
      return [name, arrowColumn(arrow, this.data[k]!, name)];
    });
    return arrow.tableFromArrays(Object.fromEntries(columns));
  }
}

/** Classes that Python could not use as keys. */
export const unhashable: readonly (new (...args: never[]) => object)[] = [
  Column,
  Index,
  Series,
  DataFrame,
];
