import type { Serialization } from "../serialization.ts";

/** `Map` as a flat list, key, value, key, value, in order; both are of any type. */
export const map: Serialization<Map<unknown, unknown>> = {
  type: "Map",
  class: Map,
  exact: true,
  create: () => new Map(),
  serialize(value) {
    const header: unknown[] = [];
    for (const [key, item] of value) header.push(key, item);
    return { header };
  },
  deserialize({ header }, value = new Map()) {
    if (!Array.isArray(header) || header.length % 2) {
      throw new TypeError("it is no list of keys and values");
    }
    for (let i = 0; i < header.length; i += 2) {
      value.set(header[i], header[i + 1]);
    }
    return value;
  },
};
