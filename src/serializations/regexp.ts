import type { Serialization } from "../serialization.ts";

/** `RegExp` as its source and flags; where a search goes on, its `lastIndex`, is not kept. */
export const regexp: Serialization<RegExp> = {
  type: "RegExp",
  class: RegExp,
  exact: true,
  serialize: ({ source, flags }) => ({ header: [source, flags] }),
  deserialize({ header }) {
    const [source, flags] = Array.isArray(header) ? header : [];
    if (typeof source !== "string" || typeof flags !== "string") {
      throw new TypeError("it is no source and flags");
    }
    return new RegExp(source, flags);
  },
};
