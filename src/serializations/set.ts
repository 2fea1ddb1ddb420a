import type { Serialization } from "../serialization.ts";

/** `Set` as its values, in order; they are of any type. */
export const set: Serialization<Set<unknown>> = {
  type: "Set",
  class: Set,
  exact: true,
  create: () => new Set(),
  serialize: (value) => ({ header: [...value] }),
  deserialize({ header }, value = new Set()) {
    if (!Array.isArray(header)) throw new TypeError("its values are no list");
    for (const item of header) value.add(item);
    return value;
  },
};
