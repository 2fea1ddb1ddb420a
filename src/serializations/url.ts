import type { Serialization } from "../serialization.ts";
import { textOf } from "./list.ts";

/** `URL` as its text. */
export const url: Serialization<URL> = {
  type: "URL",
  class: URL,
  exact: true,
  serialize: ({ href }) => ({ header: href }),
  deserialize: ({ header }) => new URL(textOf(header)),
};

/** `URLSearchParams` as its text. */
export const urlSearchParams: Serialization<URLSearchParams> = {
  type: "URLSearchParams",
  class: URLSearchParams,
  exact: true,
  serialize: (value) => ({ header: value.toString() }),
  deserialize({ header }) {
    // One question mark in front is taken for that before a query, and dropped.
    return new URLSearchParams("?" + textOf(header));
  },
};
