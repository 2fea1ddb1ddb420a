/**
 * The opcodes that put what is on the stack into what is below it.
 *
 * @module
 */
import { addItem, defineKey, isSpecialKey, setKey, toMap } from "./dicts.ts";
import type { Machine } from "./machine.ts";
import { PyDeque } from "./values/sequence.ts";
import { PyFrozenSet } from "./values/set.ts";
import { PyObject } from "./values/object.ts";

/** Keys that are kept in mind of an object. */
const MAX_KEYS = 32;

/** Appends all from a place of the stack on to what is below it. */
export function fillList(machine: Machine, from: number): void {
  const { stack, sp } = machine;
  if (from <= machine.base) throw machine.underflow();
  const list = stack[from - 1];
  if (Array.isArray(list) && Object.getPrototypeOf(list) === Array.prototype) {
    for (let i = from; i < sp; i++) list.push(stack[i]);
  } else if (list instanceof PyDeque) {
    // Python would drop the first items; but it never writes more than there is room for.
    if (sp - from > (list.maxlen ?? Infinity) - list.items.length) {
      throw machine.error("there are more items than the deque holds");
    }
    for (let i = from; i < sp; i++) list.items.push(stack[i]);
  } else if (list instanceof PyObject) {
    const items = (list.items ?? []) as unknown[];
    for (let i = from; i < sp; i++) items.push(stack[i]);
    Object.assign(list, { items });
  } else {
    throw machine.error("this is no list to append to");
  }
}

/** Sets all pairs from a place of the stack on in what is below it. */
export function fillDict(machine: Machine, from: number): void {
  const { stack, sp, base } = machine;
  if (from <= base) throw machine.underflow();
  if ((sp - from) % 2 !== 0) throw machine.error("a key has no value");
  const dict = stack[from - 1];
  if (typeof dict !== "object" || dict === null) throw notDict(machine);
  const prototype = Object.getPrototypeOf(dict);
  if (prototype === Object.prototype) {
    fillObject(machine, dict as Record<string, unknown>, from);
  } else if (dict instanceof Map) {
    fillMap(machine, dict, from);
  } else if (dict instanceof PyObject) {
    const entries = (dict.entries ?? []) as [unknown, unknown][];
    for (let i = from; i < sp; i += 2) {
      // Only to see that Python could take it for a key.
      machine.tokenOf(stack[i]);
      entries.push([stack[i], stack[i + 1]]);
    }
    Object.assign(dict, { entries });
  } else {
    throw notDict(machine);
  }
}

function notDict(machine: Machine): Error {
  return machine.error("this is no dict to set items in");
}

function fillMap(
  machine: Machine,
  map: Map<unknown, unknown>,
  from: number,
): void {
  const { stack, sp } = machine;
  for (let i = from; i < sp; i += 2) {
    setKey(machine, map, stack[i], stack[i + 1]);
  }
}

function fillObject(
  machine: Machine,
  object: Record<string, unknown>,
  from: number,
): void {
  const { stack, sp, options, keys } = machine;
  for (let i = from; i < sp; i += 2) {
    const key = stack[i];
    if (typeof key === "string") {
      // Most objects have the keys of the one before them, which the engine knows already.
      const place = i - from >> 1;
      const known = keys?.[place];
      if (known === key) {
        object[known] = stack[i + 1];
        continue;
      }
      if (!isSpecialKey(key)) {
        object[key] = stack[i + 1];
        if (keys && place < MAX_KEYS) keys[place] = key;
        continue;
      }
      if (options.dicts === "object") {
        defineKey(object, key, stack[i + 1]);
        continue;
      }
    }
    fillMap(machine, toMap(machine, object, from - 1), i);
    return;
  }
}

/** Adds all from a place of the stack on to the set below it. */
export function fillSet(machine: Machine, from: number): void {
  const { stack, sp } = machine;
  if (from <= machine.base) throw machine.underflow();
  const set = stack[from - 1];
  if (!(set instanceof Set) || set instanceof PyFrozenSet) {
    throw machine.error("this is no set to add to");
  }
  for (let i = from; i < sp; i++) addItem(machine, set, stack[i]);
}
