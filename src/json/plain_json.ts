import { isPlainNumber } from "../plain.ts";

/** More text than anyone has; still a small integer, with which engines are quicker. */
export const ANY: number = 2 ** 30 - 1;
const REFUSED = -1;

/**
 * Whether JSON text brings a value back as it was: `isPlain`, but for what only matters where values have tags, and for being
 * frozen.
 *
 * @param maxDepth How many arrays and objects may lie within each other; the check recurses as deep as that.
 */
export function isPlainJson(value: unknown, maxDepth: number): boolean {
  return spendPlain(value, ANY, maxDepth) >= 0;
}

/**
 * The same, within a budget of text: what is left of it, roughly, or something negative if it is used up, or if the value is
 * not plain. It is asked of every value that is written, so each kind of item is looked at in the loop where it is met: a call
 * for each takes several times as long.
 */
export function spendPlain(
  value: unknown,
  budget: number,
  depth: number,
): number {
  if (typeof value !== "object" || value === null) {
    return spendItems([value], budget);
  }
  return Array.isArray(value)
    ? spendArray(value, budget, depth)
    : spendObject(value, budget, depth);
}

function spendArray(
  array: readonly unknown[],
  budget: number,
  depth: number,
): number {
  if (depth <= 0 || Object.getPrototypeOf(array) !== Array.prototype) {
    return REFUSED;
  }
  return spendItems(array, budget - 2, depth - 1);
}

function spendItems(
  array: readonly unknown[],
  budget: number,
  depth = 0,
): number {
  for (let i = 0; i < array.length && budget >= 0; i++) {
    const item = array[i];
    if (typeof item === "string") budget -= item.length + 3;
    else if (typeof item === "number") {
      if (!isPlainNumber(item)) return REFUSED;
      budget -= 8;
    } else if (item === null || item === true || item === false) budget -= 5;
    else if (typeof item !== "object") return REFUSED;
    else {
      budget = Array.isArray(item)
        ? spendArray(item, budget, depth)
        : spendObject(item, budget, depth);
    }
  }
  return budget;
}

function spendObject(object: object, budget: number, depth: number): number {
  if (depth <= 0 || Object.getPrototypeOf(object) !== Object.prototype) {
    return REFUSED;
  }
  for (const key in object) {
    const item = (object as Record<string, unknown>)[key];
    budget -= key.length + 4;
    if (typeof item === "string") budget -= item.length + 2;
    else if (typeof item === "number") {
      if (!isPlainNumber(item)) return REFUSED;
      budget -= 8;
    } else if (item === null || item === true || item === false) budget -= 5;
    else if (typeof item !== "object") return REFUSED;
    else {
      budget = Array.isArray(item)
        ? spendArray(item, budget, depth - 1)
        : spendObject(item, budget, depth - 1);
    }
    if (budget < 0) return budget;
  }
  return Object.getOwnPropertySymbols(object).length === 0 ? budget : REFUSED;
}
