import { isDense } from "../tree/ordinary.ts";

/**
 * A header that is a list, with something at every place. Of a list with holes, a few bytes can be billions of places, so
 * nothing that came from elsewhere is walked through before it is known to have none.
 *
 * @param header What came.
 * @param what What it should have been, for the error.
 * @param multiple The length is a multiple of this.
 * @throws {TypeError} If it is no such list.
 */
export function listOf(
  header: unknown,
  what: string,
  multiple = 1,
): readonly unknown[] {
  if (
    !Array.isArray(header) || header.length % multiple || !isDense(header)
  ) throw new TypeError(`it is no list of ${what}`);
  return header;
}

/** A header, or a part of one, that has to be text: anything else may take forever to become that. */
export function textOf(header: unknown): string {
  if (typeof header !== "string") throw new TypeError("it is no text");
  return header;
}
