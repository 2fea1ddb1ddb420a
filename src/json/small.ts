import { asyncKindOf } from "./async_kind.ts";

/**
 * Counts the text of a value against a budget, as long as nothing in it needs more than `JSON.stringify`.
 *
 * @returns What is left of the budget, roughly; negative if the value is too large for it, too deep, or not that simple.
 */
export type Spend = (value: unknown, budget: number, depth: number) => number;

const REFUSED = -1;

/** Whatever `JSON.stringify` takes, but for the values that have to be waited for, and `toJSON`, which may give one. */
export const spendLossily: Spend = (value, budget, depth) => {
  if (typeof value === "string") return budget - value.length - 3;
  if (typeof value === "bigint") return REFUSED;
  if (typeof value !== "object" || value === null) return budget - 8;
  if (value instanceof Date && value.toJSON === Date.prototype.toJSON) {
    return budget - 27;
  }
  const special = depth <= 0 || hasToJSON(value) ||
    asyncKindOf(value) !== undefined;
  if (special) return REFUSED;
  budget -= 2;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && budget >= 0; i++) {
      budget = spendLossily(value[i], budget, depth - 1);
    }
    return budget;
  }
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    budget = spendLossily(item, budget - key.length - 4, depth - 1);
    if (budget < 0) return budget;
  }
  return budget;
};

/** Whether `JSON.stringify` would ask the value what to write. */
export function hasToJSON(
  value: unknown,
): value is { toJSON(key: string): unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === "function";
}
