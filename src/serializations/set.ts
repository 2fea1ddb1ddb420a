import type { Serialization } from "../serialization.ts";

/** `Set` as its values, in order; they are of any type. */
export const set: Serialization<Set<unknown>> = {
  type: "Set",
  class: Set,
  serialize: (value) => ({ header: [...value] }),
  deserialize({ header }) {
    if (!Array.isArray(header)) throw new TypeError("its values are no list");
    return new Set(header);
  },
};
