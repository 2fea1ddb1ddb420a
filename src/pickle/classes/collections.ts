import type { PickleClass, PickleGlobals } from "../globals.ts";
import { PyCounter, PyDefaultDict, PyOrderedDict } from "../values/dict.ts";
import { PyGlobal } from "../values/object.ts";
import { PyDeque, PyNamedTuple } from "../values/sequence.ts";
import { entriesOf, listFrom, numberOf } from "./_state.ts";

/** Classes of `collections`. */
export function addCollections(globals: PickleGlobals): void {
  globals.add("collections", "OrderedDict", {
    arity: [0, 1],
    call: ([entries]) =>
      new PyOrderedDict(entries === undefined ? [] : pairsOf(entries)),
  });
  globals.add("collections", "Counter", {
    arity: [0, 1],
    call: ([entries]) =>
      new PyCounter(entries === undefined ? [] : entriesOf(entries)),
  });
  globals.add("collections", "defaultdict", {
    arity: [0, 2],
    call: ([factory = null, entries]) => {
      if (factory !== null && !(factory instanceof PyGlobal)) {
        throw new TypeError("the first argument is not a class");
      }
      return new PyDefaultDict(
        factory,
        entries === undefined ? [] : entriesOf(entries),
      );
    },
  });
  globals.add("collections", "deque", {
    arity: [0, 2],
    call: ([items, max]) => deque(items, max),
  });
}

/** Python 2 and early 3 give the pairs as a list of lists. */
function pairsOf(entries: unknown): [unknown, unknown][] {
  if (!Array.isArray(entries)) return entriesOf(entries);
  return entries.map((pair) => {
    const [key, value] = listFrom(pair);
    return [key, value];
  });
}

function deque(items: unknown, max: unknown): PyDeque {
  const maxlen = max === undefined || max === null ? null : numberOf(max);
  if (maxlen !== null && maxlen < 0) {
    throw new RangeError("a deque cannot hold fewer than no items");
  }
  const list = items === undefined ? [] : [...listFrom(items)];
  const over = maxlen === null ? 0 : list.length - maxlen;
  return new PyDeque(over > 0 ? list.slice(over) : list, maxlen);
}

/**
 * What a named tuple of one's own stands for.
 *
 * @param module The module of the class.
 * @param name The qualified name of the class.
 * @param fields The names of its fields.
 * @returns What to add to the globals under that name.
 *
 * @example
 * ```ts
 * import { defaultGlobals, loads, namedTupleClass, PickleGlobals, PyNamedTuple } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const globals = new PickleGlobals(defaultGlobals)
 *   .add("geometry", "Point", namedTupleClass("geometry", "Point", ["x", "y"]));
 * const pickle = new TextEncoder().encode("cgeometry\nPoint\n(I1\nI2\ntR.");
 * equal((loads(pickle, { globals }) as PyNamedTuple).get("y"), 2);
 * ```
 */
export function namedTupleClass(
  module: string,
  name: string,
  fields: readonly string[],
): PickleClass {
  return {
    call: (args) => {
      if (args.length !== fields.length) {
        throw new TypeError(`there are ${args.length} values`);
      }
      return new PyNamedTuple(module, name, fields, args);
    },
  };
}
