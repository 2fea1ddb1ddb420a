import type { Serialization } from "../serialization.ts";

const VALUES = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

/** The numbers that JSON has no spelling for: `NaN`, both infinities and `-0`, by name. */
export const number: Serialization<number> = {
  type: "number",
  class: "number",
  serialize: (value) => ({ header: Object.is(value, -0) ? "-0" : `${value}` }),
  deserialize({ header }) {
    const value = VALUES.get(header as string);
    if (value === undefined) throw new TypeError("no number has that name");
    return value;
  },
};
