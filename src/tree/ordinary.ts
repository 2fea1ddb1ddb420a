import { isPlainNumber } from "../plain.ts";

/** Text, a number, a boolean or `null` that every format of plain data brings back: well-formed, finite, and not -0. */
export function isPlainPrimitive(
  value: unknown,
): value is string | number | boolean | null {
  switch (typeof value) {
    case "string":
      return value.isWellFormed();
    case "number":
      return isPlainNumber(value);
    case "boolean":
      return true;
    default:
      return value === null;
  }
}

/** Whether a value is an array that its items say all about; a hole among them is for the caller to find. */
export function isOrdinaryArray(value: object): value is unknown[] {
  return Array.isArray(value) &&
    Object.getPrototypeOf(value) === Array.prototype &&
    Reflect.isExtensible(value);
}

/** Whether there is something at every place of an array. */
export function isDense(array: readonly unknown[]): boolean {
  for (let i = 0; i < array.length; i++) {
    if (array[i] === undefined && !(i in array)) return false;
  }
  return true;
}

/** Whether a value is an object that its own text keys and values say all about. */
export function isOrdinaryObject(
  value: object,
): value is Record<string, unknown> {
  return Object.getPrototypeOf(value) === Object.prototype &&
    Reflect.isExtensible(value) &&
    Object.getOwnPropertySymbols(value).length === 0;
}

/** Formats and runtimes differ in what they do to such a key, so it travels as a value. */
export function isAwkwardKey(key: string): boolean {
  return key === "__proto__" || !key.isWellFormed();
}

/** What a person would call the type of a value: its class, or its kind of primitive. */
export function typeName(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return "an object without a prototype";
  const name = prototype.constructor?.name;
  return typeof name === "string" && name ? name : "an unnamed class";
}
