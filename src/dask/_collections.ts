import { defineKey, isSpecialKey } from "../pickle/dicts.ts";
import { PyTuple } from "../pickle/values/sequence.ts";
import { pack } from "./_packer.ts";

/** Deeper is taken for endless. */
const MAX_DEPTH = 1000;

/** What of Python's collections it is, if it is exactly one. */
export function kindOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) return "list";
  if (prototype === Object.prototype || prototype === null) return "dict";
  if (prototype === Map.prototype) return "dict";
  if (prototype === PyTuple.prototype) return "tuple";
  return prototype === Set.prototype ? "set" : undefined;
}

/** The items of a collection. */
export interface Items {
  readonly keys?: readonly unknown[];
  readonly values: readonly unknown[];
}

/** The items, unless they are those of a dict with keys that cannot stand in a header. */
export function itemsOf(kind: string, value: unknown): Items | undefined {
  if (kind !== "dict") return { values: [...value as Iterable<unknown>] };
  if (!(value instanceof Map)) {
    return { keys: Object.keys(value!), values: Object.values(value!) };
  }
  const keys = [...value.keys()];
  try {
    pack(keys);
  } catch {
    return undefined;
  }
  return { keys, values: [...value.values()] };
}

/** The first item, and of that the first, down to what is no collection; nothing for what has no end. */
export function firstLeaf(value: unknown): unknown {
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const kind = kindOf(value);
    if (kind === undefined) return value;
    if (kind === "dict" && !(value instanceof Map)) {
      const object = value as Record<string, unknown>;
      let first: unknown;
      for (const key in object) {
        first = object[key];
        break;
      }
      value = first;
    } else {
      const map = value as Map<unknown, unknown>;
      value = map.values().next().value;
    }
  }
  return undefined;
}

/** Entries as a dict is read: an object if all keys are text that it keeps in order. */
export function dictOf(
  keys: readonly unknown[],
  values: readonly unknown[],
): Record<string, unknown> | Map<unknown, unknown> {
  const isPlain = keys.every((key) =>
    typeof key === "string" && !isSpecialKey(key)
  );
  if (!isPlain) return new Map(keys.map((key, i) => [key, values[i]]));
  const object: Record<string, unknown> = {};
  keys.forEach((key, i) => defineKey(object, key as string, values[i]));
  return object;
}
