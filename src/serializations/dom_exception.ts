import type { Serialization } from "../serialization.ts";

/** `DOMException` as its message and name. */
export const domException: Serialization<DOMException> = {
  type: "DOMException",
  class: DOMException,
  exact: true,
  serialize: ({ message, name }) => ({ header: [message, name] }),
  deserialize({ header }) {
    const [message, name] = Array.isArray(header) ? header : [];
    if (typeof message !== "string" || typeof name !== "string") {
      throw new TypeError("it is no message and name");
    }
    return new DOMException(message, name);
  },
};
