import { same } from "../core/_same.ts";

/** Whether two values are the same in all that can be seen of them. */
export function isSame(actual: unknown, expected: unknown): boolean {
  try {
    same(actual, expected);
    return true;
  } catch {
    return false;
  }
}
