/**
 * The tree: how values of every type are spelled in plain data, so that any format of plain data can carry them.
 *
 * A value of type `T` is an object with one key, `$T`, over the list `[header, ...frames]`; a frame is named by its index
 * in the message, or is its base64 where the format has no frames. An object of the user's that has one key with a `$`
 * in front gets one `$` more. Everything else is itself.
 *
 * ```text
 * new Date(0)                 {"$Date": [0]}
 * new Map([["k", 1n]])        {"$Map": [[["k", {"$bigint": ["1"]}]]]}
 * new Float64Array(2)         {"$Float64Array": [null, 0]}      and frame 0 holds its 16 bytes
 * {"$gt": 5}                  {"$$gt": 5}
 * ```
 *
 * A value in which an object is met twice is no tree. The whole of it is a flat list then, `{"$Graph": [token, …]}`, which
 * `src/graph/layout.ts` describes.
 *
 * @module
 */

/** What a tag's key, or an escaped key, begins with. */
export const TAG = "$";

/** The tag of a value that is no tree: see `src/graph/layout.ts`. */
export const GRAPH = "$Graph";

/** A node of the tree that is an object. */
export type TreeObject = { [key: string]: unknown };

/** The only key of an object that looks like a tag; `undefined` for all others. */
export function tagOf(object: object): string | undefined {
  let only: string | undefined;
  for (const key in object) {
    if (only !== undefined || key.charCodeAt(0) !== 36) return undefined;
    only = key;
  }
  return only;
}

/** Whether what looks like a tag is an object of the user's that looked like one. */
export function isEscaped(tag: string): boolean {
  return tag.startsWith("$$");
}

/** Sets a key as data, also the one that would change the prototype. */
export function setKey(target: object, key: PropertyKey, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else (target as Record<PropertyKey, unknown>)[key] = value;
}
