import { KeyEquality, UnhashableError } from "./keys.ts";
import { PyArray } from "./values/array.ts";

/**
 * Why Python could not have these as the keys of a dict or the items of a set: one is mutable, or two are equal there
 * that are not here, so that one would be lost.
 */
export function checkKeys(keys: readonly unknown[]): string | undefined {
  if (areAlike(keys)) return undefined;
  const equality = new KeyEquality();
  const seen = new Map<unknown, unknown>();
  for (const key of keys) {
    let token: unknown;
    try {
      if (isArray(key)) throw new UnhashableError("a key cannot be an array");
      token = equality.of(key);
    } catch (error) {
      if (error instanceof UnhashableError) return error.message;
      throw error;
    }
    if (seen.has(token)) {
      return `two keys are one in Python: ${show(seen.get(token))} and ${
        show(key)
      }`;
    }
    seen.set(token, key);
  }
  return undefined;
}

/** Whether all are primitives of one kind, which are as distinct in Python as here. */
function areAlike(keys: readonly unknown[]): boolean {
  if (keys.length === 0) return true;
  const kind = kindOf(keys[0]);
  if (kind === "object") return false;
  for (const key of keys) if (kindOf(key) !== kind) return false;
  return true;
}

function kindOf(key: unknown): string {
  return typeof key;
}

/** Arrays of numpy and of `array`, which can be changed; `Uint8Array` is `bytes`. */
function isArray(key: unknown): boolean {
  return key instanceof PyArray ||
    ArrayBuffer.isView(key) && !(key instanceof Uint8Array);
}

function show(key: unknown): string {
  const text = typeof key === "object" && key !== null
    ? key.constructor?.name ?? "an object"
    : String(key);
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}
