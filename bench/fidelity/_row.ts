/** What a row of the matrix is: a value, and how to see whether it came back as it was. */

/** What came back, and what it came back from. */
export interface Back {
  /** What stood around the value. */
  readonly holder: Readonly<Record<string, unknown>>;
  /** Bytes on the wire, or characters; `undefined` where there is no wire. */
  readonly wireLength: number | undefined;
}

/** One row. */
export interface Row {
  readonly group: string;
  readonly name: string;
  /** A fresh value; it is sent as `{ v: value }`. */
  readonly make: () => unknown;
  /**
   * Looks at what came back for `v`: prototype, identity, bytes, whether it is live.
   *
   * @returns What is wrong with it, or nothing.
   */
  // What came back may be anything, and the checks look at it as its readers would.
  // deno-lint-ignore no-explicit-any
  check(v: any, back: Back): string | undefined | Promise<string | undefined>;
  /** The runtime may not have such values. */
  readonly exists?: boolean;
  /** There is nothing to keep: to refuse it is what a careful library does. */
  readonly refuse?: boolean;
}

/** A row as the tables list it. */
export type RowOf = Omit<Row, "group">;

/** What is wrong, unless nothing is. */
export function unless(
  right: boolean,
  wrong: () => string,
): string | undefined {
  return right ? undefined : wrong();
}

/** The name of what came back, for the notes. */
export function kind(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return "an object without a prototype";
  return Object.prototype.toString.call(value);
}

/** Whether a value is of exactly this class, as this realm has it. */
export function isOf(value: unknown, type: { prototype: unknown }): boolean {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === type.prototype;
}
