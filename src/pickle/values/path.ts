/** The classes of `pathlib`. */
export type PyPathClass =
  | "PosixPath"
  | "WindowsPath"
  | "PurePosixPath"
  | "PureWindowsPath";

/**
 * A path of Python's `pathlib`: its text, which nothing here opens.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyPath } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(`${loads(dumps(new PyPath("/tmp/a")))}`, "/tmp/a");
 * ```
 */
export class PyPath {
  /** The path as Python's `str` writes it. */
  readonly text: string;
  /** Its class. */
  readonly type: PyPathClass;

  /**
   * Makes one of its parts.
   *
   * @param text The path.
   * @param type Its class.
   */
  constructor(text: string, type: PyPathClass = "PurePosixPath") {
    this.text = text;
    this.type = type;
  }

  /** The path. */
  toString(): string {
    return this.text;
  }
}
