/**
 * Whether JSON text brings a value back as it was: `isPlain`, but for what only matters where values have tags. It is asked of
 * every value that is written, so each kind of item is looked at in the loop where it is met: a call for each costs more.
 *
 * @param maxDepth How many arrays and objects may lie within each other; the check recurses as deep as that.
 */
export function isPlainJson(value: unknown, maxDepth: number): boolean {
  return Array.isArray(value)
    ? isPlainArray(value, maxDepth)
    : typeof value === "object" && value !== null
    ? isPlainObject(value, maxDepth)
    : isPlainArray([value], 1);
}

function isPlainArray(array: readonly unknown[], depth: number): boolean {
  if (depth === 0) return false;
  if (Object.getPrototypeOf(array) !== Array.prototype) return false;
  for (let i = 0; i < array.length; i++) {
    const item = array[i];
    if (typeof item === "string" || item === null) continue;
    if (typeof item === "number") {
      // Finite, and not -0.
      if (item - item === 0 && (item !== 0 || 1 / item > 0)) continue;
      return false;
    }
    if (item === true || item === false) continue;
    if (typeof item !== "object") return false;
    const plain = Array.isArray(item)
      ? isPlainArray(item, depth - 1)
      : isPlainObject(item, depth - 1);
    if (!plain) return false;
  }
  return true;
}

function isPlainObject(object: object, depth: number): boolean {
  if (depth === 0) return false;
  if (Object.getPrototypeOf(object) !== Object.prototype) return false;
  for (const key in object) {
    const item = (object as Record<string, unknown>)[key];
    if (typeof item === "string" || item === null) continue;
    if (typeof item === "number") {
      if (item - item === 0 && (item !== 0 || 1 / item > 0)) continue;
      return false;
    }
    if (item === true || item === false) continue;
    if (typeof item !== "object") return false;
    const plain = Array.isArray(item)
      ? isPlainArray(item, depth - 1)
      : isPlainObject(item, depth - 1);
    if (!plain) return false;
  }
  return Object.getOwnPropertySymbols(object).length === 0;
}
