import type { Serialization } from "../serialization.ts";
import { listOf } from "./list.ts";

/** Text with lone surrogates, as its UTF-16 code units; all other text is plain. */
export const string: Serialization<string> = {
  type: "string",
  class: "string",
  serialize(value) {
    const units = Array.from(value.split(""), (unit) => unit.charCodeAt(0));
    return { header: units };
  },
  deserialize({ header }) {
    const isUnit = (unit: unknown): unit is number =>
      Number.isInteger(unit) && unit as number >= 0 && unit as number <= 0xffff;
    const units = listOf(header, "code units");
    if (!units.every(isUnit)) {
      throw new TypeError("its code units are not numbers below 65,536");
    }
    const parts: string[] = [];
    for (let i = 0; i < units.length; i += 1000) {
      parts.push(String.fromCharCode(...units.slice(i, i + 1000)));
    }
    return parts.join("");
  },
};
