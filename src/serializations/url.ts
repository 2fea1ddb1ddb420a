import type { Serialization } from "../serialization.ts";

/** `URL` as its text. */
export const url: Serialization<URL> = {
  type: "URL",
  class: URL,
  exact: true,
  serialize: ({ href }) => ({ header: href }),
  deserialize({ header }) {
    if (typeof header !== "string") throw new TypeError("it is no text");
    return new URL(header);
  },
};

/** `URLSearchParams` as its text. */
export const urlSearchParams: Serialization<URLSearchParams> = {
  type: "URLSearchParams",
  class: URLSearchParams,
  exact: true,
  serialize: (value) => ({ header: value.toString() }),
  deserialize({ header }) {
    if (typeof header !== "string") throw new TypeError("it is no text");
    // One question mark in front is taken for that before a query, and dropped.
    return new URLSearchParams("?" + header);
  },
};
