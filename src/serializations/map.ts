import type { Serialization } from "../serialization.ts";

/** `Map` as its entries, in order; keys and values are of any type. */
export const map: Serialization<Map<unknown, unknown>> = {
  type: "Map",
  class: Map,
  serialize: (value) => ({ header: [...value] }),
  deserialize({ header }) {
    const value = new Map();
    for (const [key, item] of header as [unknown, unknown][]) {
      value.set(key, item);
    }
    return value;
  },
};
