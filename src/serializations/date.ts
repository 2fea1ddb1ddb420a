import type { Serialization } from "../serialization.ts";

/** `Date` as milliseconds since the epoch; `null` if it is invalid. */
export const date: Serialization<Date> = {
  type: "Date",
  class: Date,
  exact: true,
  serialize(value) {
    const time = value.getTime();
    return { header: Number.isNaN(time) ? null : time };
  },
  deserialize({ header }) {
    if (header === null) return new Date(NaN);
    // Only a number: an array, for one, would be made text first, however long that is.
    const value = new Date(typeof header === "number" ? header : NaN);
    if (value.getTime() !== header) throw new TypeError("it is not a time");
    return value;
  },
};
