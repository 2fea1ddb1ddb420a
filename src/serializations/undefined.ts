import type { Serialization } from "../serialization.ts";

/** `undefined`, which needs no header. */
export const undefined_: Serialization<undefined> = {
  type: "undefined",
  class: "undefined",
  serialize: () => ({}),
  deserialize: () => undefined,
};
