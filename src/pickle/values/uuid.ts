const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * A Python `uuid.UUID`.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyUUID } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const id = new PyUUID("a53e3495-d681-4a53-84b8-9d9542f7237c");
 * equal(`${loads(dumps(id))}`, "a53e3495-d681-4a53-84b8-9d9542f7237c");
 * ```
 */
export class PyUUID {
  /** Its text: 32 small hexadecimal digits and four hyphens. */
  readonly text: string;

  /**
   * Makes one of its parts.
   *
   * @param text Its text.
   * @throws {RangeError} If it is not that of a UUID.
   */
  constructor(text: string) {
    this.text = text.toLowerCase();
    if (!UUID.test(this.text)) throw new RangeError("Not a UUID");
  }

  /** Its text. */
  toString(): string {
    return this.text;
  }
}
