import type { Class, Serialization } from "../serialization.ts";
import { setKey } from "../tree/tags.ts";
import { listOf } from "./list.ts";
import { fix, type Trait, traitsOf } from "./traits.ts";

/**
 * An object whose text keys and values do not say all about it: it is frozen, sealed or not extensible, has no prototype,
 * has symbols for keys, or `__proto__`, which formats treat differently. A flat list: its traits, then key, value, key, value.
 */
export const object: Serialization<Record<PropertyKey, unknown>> = {
  type: "Object",
  class: Object as unknown as Class<Record<PropertyKey, unknown>>,
  exact: true,
  create: () => ({}),
  serialize(value) {
    const header: unknown[] = [traitsOf(value)];
    for (const key of Reflect.ownKeys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key)!;
      if (property.enumerable) header.push(key, value[key]);
      else if (typeof key === "symbol") {
        throw new TypeError("it has a symbol for a key that is not enumerable");
      }
    }
    return { header };
  },
  deserialize({ header }, value = {}) {
    const list = listOf(header, "traits, keys and values");
    if (list.length % 2 === 0) throw new TypeError("a key has no value");
    for (let i = 1; i < list.length; i += 2) {
      const key = list[i];
      if (typeof key !== "string" && typeof key !== "symbol") {
        throw new TypeError("a key is neither text nor a symbol");
      }
      setKey(value, key, list[i + 1]);
    }
    return fix(value, list[0] as Trait);
  },
};
