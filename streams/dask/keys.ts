/** The name of a value in a cluster: text, a number, or a tuple of such. */
export type DaskKey = string | number | readonly DaskKey[];

/**
 * What is known of some keys, in order. Tuples are found by what they hold, as in Python, and not by which array they are.
 *
 * @typeParam T What is known of each.
 *
 * @example
 * ```ts
 * import { KeyMap } from "@brine/brine/dask";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const sizes = new KeyMap([[["x", 0], 80], ["y", 8]]);
 * equal(sizes.get(["x", 0]), 80);
 * deepEqual([...sizes.keys()], [["x", 0], "y"]);
 * ```
 */
export class KeyMap<T> implements Iterable<[DaskKey, T]> {
  readonly #entries = new Map<string, [DaskKey, T]>();

  /**
   * Makes one of entries.
   *
   * @param entries The keys, and what is known of each.
   */
  constructor(entries: Iterable<readonly [DaskKey, T]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  /** How many keys there are. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * What is known of a key.
   *
   * @param key The key.
   * @returns It, or `undefined`.
   */
  get(key: DaskKey): T | undefined {
    return this.#entries.get(keyText(key))?.[1];
  }

  /**
   * Whether anything is known of a key.
   *
   * @param key The key.
   * @returns Whether it is.
   */
  has(key: DaskKey): boolean {
    return this.#entries.has(keyText(key));
  }

  /**
   * Notes something down about a key.
   *
   * @param key The key.
   * @param value What is known of it.
   */
  set(key: DaskKey, value: T): void {
    this.#entries.set(keyText(key), [key, value]);
  }

  /**
   * Forgets a key.
   *
   * @param key The key.
   * @returns Whether anything was known of it.
   */
  delete(key: DaskKey): boolean {
    return this.#entries.delete(keyText(key));
  }

  /** The keys. */
  *keys(): IterableIterator<DaskKey> {
    for (const [key] of this) yield key;
  }

  /** What is known of them. */
  *values(): IterableIterator<T> {
    for (const [, value] of this) yield value;
  }

  /** Both. */
  [Symbol.iterator](): IterableIterator<[DaskKey, T]> {
    return this.#entries.values();
  }
}

/** The same text for the same key, and no other. */
export function keyText(key: DaskKey): string {
  return typeof key === "string" ? `"${key}` : JSON.stringify(key);
}

/** The entries of a map that came in a message: an object, or a map if its keys are no text. */
export function entriesOf(
  map: unknown,
): Iterable<readonly [DaskKey, unknown]> {
  if (map instanceof Map) return map as Map<DaskKey, unknown>;
  if (typeof map !== "object" || map === null) return [];
  return Object.entries(map);
}
