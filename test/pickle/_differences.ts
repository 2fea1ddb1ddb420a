/**
 * Damaged pickles that are read here though CPython refuses them, each kind for a reason.
 *
 * @param error The class of CPython's error.
 */
export function isKnownDifference(error: string): boolean {
  return KNOWN.has(error);
}

const KNOWN: ReadonlyMap<string, string> = new Map([
  // An index of the memo that no writer gives out: CPython has an array for it, and this library a map.
  ["MemoryError", "CPython would need memory in proportion to an index"],
]);
