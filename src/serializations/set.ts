import type { Serialization } from "../serialization.ts";
import { listOf } from "./list.ts";

/** `Set` as its values, in order; they are of any type. */
export const set: Serialization<Set<unknown>> = {
  type: "Set",
  class: Set,
  exact: true,
  create: () => new Set(),
  serialize: (value) => ({ header: [...value] }),
  deserialize({ header }, value = new Set()) {
    for (const item of listOf(header, "values")) value.add(item);
    return value;
  },
};
