import type { Serialization } from "../serialization.ts";
import { listOf } from "./list.ts";

/** `Map` as a flat list, key, value, key, value, in order; both are of any type. */
export const map: Serialization<Map<unknown, unknown>> = {
  type: "Map",
  class: Map,
  exact: true,
  create: () => new Map(),
  serialize(value) {
    const header: unknown[] = [];
    value.forEach((item, key) => header.push(key, item));
    return { header };
  },
  deserialize({ header }, value = new Map()) {
    const list = listOf(header, "keys and values", 2);
    for (let i = 0; i < list.length; i += 2) value.set(list[i], list[i + 1]);
    return value;
  },
};
