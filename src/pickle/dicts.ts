/**
 * Dicts and sets while they are filled.
 *
 * @module
 */
import type { Machine } from "./machine.ts";
import { PyFloat } from "./values/number.ts";
import type { KeyIndex } from "./keys.ts";

/** Whether an object would move such a key to the front, or take it for something else. */
export function isSpecialKey(key: string): boolean {
  const first = key.charCodeAt(0);
  if (first > 57) return first === 95 && key === "__proto__";
  return first >= 48 && key.length < 17 && isIndex(key);
}

/** A number below 2^53 as JavaScript would write it; more than engines sort, and never less. */
function isIndex(key: string): boolean {
  if (key.length > 1 && key.charCodeAt(0) === 48) return false;
  for (let i = 1; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** Sets a key of an object that does not have to keep numbers in their place. */
export function defineKey(
  object: Record<string, unknown>,
  key: string,
  value: unknown,
): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    object[key] = value;
  }
}

/** Makes a Map of a dict that cannot be an object, in the place of the stack where it is. */
export function toMap(
  machine: Machine,
  object: Record<string, unknown>,
  place: number,
): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (const key of Object.keys(object)) map.set(key, object[key]);
  machine.stack[place] = map;
  machine.replaced.set(object, map);
  if (machine.fetched.has(object)) machine.stale = true;
  return map;
}

/** Sets a key of a Map as Python does: of equal keys the first stays. */
export function setKey(
  machine: Machine,
  map: Map<unknown, unknown>,
  key: unknown,
  value: unknown,
): void {
  const index = indexOf(machine, map);
  if (index === undefined && isSimple(key)) {
    map.set(key, value);
    return;
  }
  const first = firstOf(machine, map, index, key);
  map.set(first, value);
}

/** Adds an item to a Set as Python does. */
export function addItem(
  machine: Machine,
  set: Set<unknown>,
  item: unknown,
): void {
  const index = indexOf(machine, set);
  if (index === undefined && isSimple(item)) {
    set.add(item);
    return;
  }
  set.add(firstOf(machine, set, index, item));
}

function indexOf(machine: Machine, keyed: object): KeyIndex | undefined {
  const { indexes } = machine;
  return indexes.size === 0 ? undefined : indexes.get(keyed);
}

/** Keys for which `Map` and Python agree, as long as there are no others. */
function isSimple(key: unknown): boolean {
  return typeof key === "string" || key === null ||
    (typeof key === "number" && key === key);
}

function firstOf(
  machine: Machine,
  keyed: Map<unknown, unknown> | Set<unknown>,
  index: KeyIndex | undefined,
  key: unknown,
): unknown {
  if (index === undefined) {
    index = new Map();
    for (const before of keyed.keys()) {
      index.set(machine.tokenOf(before), before);
    }
    machine.indexes.set(keyed, index);
  }
  const token = machine.tokenOf(key);
  const first = index.get(token);
  if (first !== undefined || index.has(token)) return first;
  const kept = keyed.has(key) ? asDistinct(key) : key;
  index.set(token, kept);
  return kept;
}

/** Only NaN is a key twice, and a `Map` would take the second for the first. */
function asDistinct(key: unknown): unknown {
  return new PyFloat(key as number);
}
