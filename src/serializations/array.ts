import type { Serialization } from "../serialization.ts";
import { fix, type Trait, traitsOf } from "./traits.ts";

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
    if (!Array.isArray(header) || header.length < 2 || header.length % 2) {
      throw new TypeError("it is no list of traits, length, indexes and items");
    }
    const [traits, length] = header;
    if (!isIndex(length, 2 ** 32)) throw new TypeError("it has no length");
    for (let i = 2; i < header.length; i += 2) {
      const index = header[i];
      if (!isIndex(index, length)) {
        throw new RangeError("an index is not in it");
      }
      value[index] = header[i + 1];
    }
    // Last: an array that is long before it has items is a table in some runtimes, and slow for good.
    value.length = length;
    return fix(value, traits as Trait);
  },
};

function isIndex(value: unknown, end: number): value is number {
  return Number.isInteger(value) && value as number >= 0 &&
    value as number < end;
}
