import type { PrefectClasses } from "./classes.ts";

const REFUSED = -1;
const UNDERSCORE = 95;
/** What marks an object as the value of a class. */
export const CLASS = "__class__";
/** What marks an object as an exception. */
export const EXCEPTION = "__exc_type__";

/**
 * Whether the runtime's `JSON.stringify` writes a value as Python does, but for spaces and for what is not ASCII; and how much
 * text that is, roughly: what is left of the budget, or something negative.
 */
export function spendPython(
  value: unknown,
  budget: number,
  depth: number,
): number {
  switch (typeof value) {
    case "string":
      return budget - value.length - 3;
    case "number":
      return isSame(value) ? budget - 8 : REFUSED;
    case "boolean":
      return budget - 5;
    case "object":
      if (value === null) return budget - 5;
      return Array.isArray(value)
        ? spendArray(value, budget, depth)
        : spendObject(value, budget, depth);
    default:
      return REFUSED;
  }
}

function spendArray(
  array: readonly unknown[],
  budget: number,
  depth: number,
): number {
  if (depth <= 0 || Object.getPrototypeOf(array) !== Array.prototype) {
    return REFUSED;
  }
  budget -= 2;
  for (let i = 0; i < array.length && budget >= 0; i++) {
    const item = array[i];
    if (typeof item === "string") budget -= item.length + 3;
    else if (typeof item === "number") {
      if (!isSame(item)) return REFUSED;
      budget -= 8;
    } else budget = spendPython(item, budget, depth - 1);
  }
  return budget;
}

function spendObject(object: object, budget: number, depth: number): number {
  if (depth <= 0 || Object.getPrototypeOf(object) !== Object.prototype) {
    return REFUSED;
  }
  for (const key in object) {
    if (key.charCodeAt(0) === UNDERSCORE && isTag(key)) return REFUSED;
    const item = (object as Record<string, unknown>)[key];
    budget -= key.length + 4;
    if (typeof item === "string") budget -= item.length + 2;
    else if (typeof item === "number") {
      if (!isSame(item)) return REFUSED;
      budget -= 8;
    } else budget = spendPython(item, budget, depth - 1);
    if (budget < 0) return budget;
  }
  return Object.getOwnPropertySymbols(object).length === 0 ? budget : REFUSED;
}

/** Whether both languages write a number alike: an exact integer, or one that is neither whole nor tiny. */
function isSame(value: number): boolean {
  if (Number.isInteger(value)) {
    return Number.isSafeInteger(value) && (value !== 0 || 1 / value > 0);
  }
  return value - value === 0 && (value >= 1e-4 || value <= -1e-4);
}

function isTag(key: string): boolean {
  return key === CLASS || key === EXCEPTION;
}

/** What Python would take an object of the user's for, if it has a key that marks such, and it would not come back as it is. */
export function mistakenFor(
  object: object,
  classes: PrefectClasses,
): string | undefined {
  if (Object.hasOwn(object, CLASS)) {
    const name = (object as Record<string, unknown>)[CLASS];
    return typeof name === "string" && classes.get(name) ? name : undefined;
  }
  return Object.hasOwn(object, EXCEPTION) ? "an exception" : undefined;
}
