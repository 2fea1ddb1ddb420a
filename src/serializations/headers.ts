import type { Serialization } from "../serialization.ts";
import { listOf, textOf } from "./list.ts";

/** `Headers` as a flat list, name, value, name, value; `set-cookie` may be there more than once. */
export const headers: Serialization<Headers> = {
  type: "Headers",
  class: Headers,
  exact: true,
  serialize: (value) => ({ header: [...value].flat() }),
  deserialize({ header }) {
    const list = listOf(header, "names and values", 2);
    const value = new Headers();
    for (let i = 0; i < list.length; i += 2) {
      value.append(textOf(list[i]), textOf(list[i + 1]));
    }
    return value;
  },
};
