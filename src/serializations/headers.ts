import type { Serialization } from "../serialization.ts";

/** `Headers` as a flat list, name, value, name, value; `set-cookie` may be there more than once. */
export const headers: Serialization<Headers> = {
  type: "Headers",
  class: Headers,
  exact: true,
  serialize: (value) => ({ header: [...value].flat() }),
  deserialize({ header }) {
    if (!Array.isArray(header) || header.length % 2) {
      throw new TypeError("it is no list of names and values");
    }
    const value = new Headers();
    for (let i = 0; i < header.length; i += 2) {
      value.append(header[i], header[i + 1]);
    }
    return value;
  },
};
