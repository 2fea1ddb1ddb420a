/** What makes a {@linkcode Column}. */
export interface ColumnParts {
  /** The type as pandas names it. */
  readonly dtype: string;
  /** How many items there are. */
  readonly length: number;
  /** What the items come from: an `NdArray`, lists, codes and categories. */
  readonly source: unknown;
  /** The item at an index that is in range. */
  readonly read: (index: number) => unknown;
}

/**
 * A column of a table: an array of numpy or one of pandas' own, whatever it is made of inside.
 *
 * @example
 * ```ts
 * import { Column } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const column = Column.of(["x", null]);
 * deepEqual(column.toArray(), ["x", null]);
 * deepEqual(column.at(0), "x");
 * ```
 */
export class Column implements Iterable<unknown> {
  /** The type as pandas names it: `int64`, `category`, `datetime64[ns, UTC]`. */
  readonly dtype: string;
  /** How many items there are. */
  readonly length: number;
  /** What the items come from: an `NdArray`, codes and categories, values and mask. */
  readonly source: unknown;
  #read: (index: number) => unknown;

  /**
   * Makes one of its parts.
   *
   * @param parts What it is made of.
   */
  constructor(parts: ColumnParts) {
    this.dtype = parts.dtype;
    this.length = parts.length;
    this.source = parts.source;
    this.#read = parts.read;
  }

  /**
   * A column of any items.
   *
   * @param items The items; kept, not copied.
   * @param dtype The type as pandas names it.
   * @returns The column.
   */
  static of(items: readonly unknown[], dtype = "object"): Column {
    return new Column({
      dtype,
      length: items.length,
      source: items,
      read: (index) => items[index],
    });
  }

  /** Becomes another: the reader makes a column before it knows what is in it. */
  static become(column: Column, parts: ColumnParts): void {
    const { dtype, length, source, read } = parts;
    Object.assign(column, { dtype, length, source });
    column.#read = read;
  }

  /**
   * An item.
   *
   * @param index Its index, from 0.
   * @returns The item, `undefined` if there is none.
   */
  at(index: number): unknown {
    return index >= 0 && index < this.length ? this.#read(index) : undefined;
  }

  /**
   * All items.
   *
   * @returns The items, in a list.
   */
  toArray(): unknown[] {
    const items: unknown[] = [];
    for (let i = 0; i < this.length; i++) items.push(this.#read(i));
    return items;
  }

  /**
   * All items, one by one.
   *
   * @returns The items.
   */
  *[Symbol.iterator](): Iterator<unknown> {
    for (let i = 0; i < this.length; i++) yield this.#read(i);
  }
}
