import type { Serialization } from "../serialization.ts";
import { listOf } from "./list.ts";
import { fix, type Trait, traitsOf } from "./traits.ts";

/** Of more places than this for each that is told, most are holes. */
const DENSE = 8;

/**
 * An array whose items do not say all about it: it has holes, or is frozen, sealed or not extensible. A flat list: its
 * traits, its length, then index, item, index, item. A hole takes no space on either side.
 */
export const array: Serialization<unknown[]> = {
  type: "Array",
  class: Array,
  exact: true,
  create: () => [],
  serialize(value) {
    const header: unknown[] = [traitsOf(value), value.length];
    for (const key of Object.keys(value)) {
      const index = Number(key);
      if (!isIndex(index, value.length) || String(index) !== key) {
        throw new TypeError(`it has a key ${JSON.stringify(key)}`);
      }
      header.push(index, value[index]);
    }
    return { header };
  },
  deserialize({ header }, value = []) {
    const list = listOf(header, "traits, length, indexes and items", 2);
    const [traits, length] = list;
    if (!isIndex(length, 2 ** 32)) throw new TypeError("it has no length");
    if (length > DENSE * list.length) makeSparse(value, length);
    for (let i = 2; i < list.length; i += 2) {
      const index = list[i];
      if (!isIndex(index, length)) {
        throw new RangeError("an index is not in it");
      }
      value[index] = list[i + 1];
    }
    // Last: an array that is long before it has items is a table in some runtimes, and slow for good.
    value.length = length;
    return fix(value, traits as Trait);
  },
};

/**
 * Makes an array a table of its items. Otherwise the runtimes reserve places for all of its length, up to millions of them,
 * whatever stands there; a property of other attributes than an item's is what brings each of them off that.
 */
function makeSparse(array: unknown[], length: number): void {
  Object.defineProperty(array, length - 1, { configurable: true });
  delete array[length - 1];
}

function isIndex(value: unknown, end: number): value is number {
  return Number.isInteger(value) && value as number >= 0 &&
    value as number < end;
}
