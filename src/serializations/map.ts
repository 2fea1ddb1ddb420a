import type { Serialization } from "../serialization.ts";

/** `Map` as its entries, in order; keys and values are of any type. */
export const map: Serialization<Map<unknown, unknown>> = {
  type: "Map",
  class: Map,
  serialize: (value) => ({ header: [...value] }),
  deserialize({ header }) {
    if (!Array.isArray(header) || !header.every(isEntry)) {
      throw new TypeError("its entries are no list of pairs");
    }
    return new Map(header);
  },
};

function isEntry(entry: unknown): entry is [unknown, unknown] {
  return Array.isArray(entry) && entry.length === 2;
}
