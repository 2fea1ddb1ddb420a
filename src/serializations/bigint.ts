import type { Serialization } from "../serialization.ts";

/** The time to read digits grows with their square: this many take about 20 ms. */
const MAX_DIGITS = 100_000;
const HEX = /^-?0x[0-9a-f]+$/;

/** `bigint` as hexadecimal digits, which are read and written in linear time. */
export const bigint: Serialization<bigint> = {
  type: "bigint",
  class: "bigint",
  serialize(value) {
    const digits = value < 0n
      ? `-0x${(-value).toString(16)}`
      : `0x${value.toString(16)}`;
    if (digits.length > MAX_DIGITS) {
      throw new RangeError(`a bigint has more than ${MAX_DIGITS} digits`);
    }
    return { header: digits };
  },
  deserialize({ header }) {
    if (typeof header !== "string" || header.length > MAX_DIGITS) {
      throw new TypeError(`it is not text of at most ${MAX_DIGITS} digits`);
    }
    if (!HEX.test(header)) throw new TypeError("it is not hexadecimal");
    return header[0] === "-" ? -BigInt(header.slice(1)) : BigInt(header);
  },
};
