/** Damaged pickles that are read here though CPython refuses them: its error, and why. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /^MemoryError/,
    "an index of the memo that no writer gives out: CPython has an array for it, and this library a map",
  ],
  [
    /^ModuleNotFoundError/,
    "names are not looked up, and so not missed: what has one is an inert record",
  ],
  [
    /^AttributeError: '\w+' object has no attribute '__dict__'/,
    "an empty state changes nothing, whatever it is set in",
  ],
  [
    /^UnpicklingError: NEWOBJ class argument must be a type/,
    "functions are not told from classes: neither is called",
  ],
];

/**
 * Whether it is known why this one is read.
 *
 * @param error The class and text of CPython's error.
 */
export function isKnownDifference(error: string): boolean {
  return KNOWN.some(([pattern]) => pattern.test(error));
}
