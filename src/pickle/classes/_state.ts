import type { Bytes } from "../../types.ts";
import { PyFloat, PyInt } from "../values/number.ts";

/** A dict, as its entries by name; `undefined` if it is none, or has keys that are not text. */
export function stateEntries(
  state: unknown,
): Map<string, unknown> | undefined {
  if (typeof state !== "object" || state === null) return undefined;
  const entries = new Map<string, unknown>();
  if (state instanceof Map) {
    for (const [key, value] of state) {
      if (typeof key !== "string") return undefined;
      entries.set(key, value);
    }
    return entries;
  }
  const prototype = Object.getPrototypeOf(state);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  for (const key of Object.keys(state)) {
    entries.set(key, (state as Record<string, unknown>)[key]);
  }
  return entries;
}

/** The entries of what has to be a dict. */
export function dictOf(value: unknown): Map<string, unknown> {
  const entries = stateEntries(value);
  if (!entries) throw new TypeError("this is not a dict");
  return entries;
}

/** All entries of any dict. */
export function entriesOf(value: unknown): [unknown, unknown][] {
  if (value instanceof Map) return [...value];
  return [...dictOf(value)];
}

/** What has to be text. */
export function textOf(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("this is not text");
  return value;
}

/** What has to be an integer, and one that is exact. */
export function numberOf(value: unknown): number {
  const number = typeof value === "bigint" ? Number(value) : unwrap(value);
  if (typeof number !== "number" || !Number.isSafeInteger(number)) {
    throw new TypeError("this is not an integer");
  }
  return number;
}

/** What has to be an integer. */
export function bigintFrom(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (value instanceof PyInt) return value.value;
  return BigInt(numberOf(value));
}

/** What has to be a float, or an integer in its place. */
export function floatFrom(value: unknown): number {
  if (typeof value === "bigint") return Number(value);
  const number = unwrap(value);
  if (typeof number !== "number") throw new TypeError("this is not a number");
  return number;
}

/** What has to be bytes. */
export function bytesFrom(value: unknown): Bytes {
  if (value instanceof Uint8Array) return value as Bytes;
  throw new TypeError("these are not bytes");
}

/** What has to be a list or a tuple. */
export function listFrom(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("this is not a list");
}

function unwrap(value: unknown): unknown {
  return value instanceof PyFloat ? value.value : value;
}
