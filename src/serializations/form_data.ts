import type { Serialization } from "../serialization.ts";
import { listOf, textOf } from "./list.ts";

/** `FormData` as a flat list, name, value, name, value; a file in it is a value by itself. */
export const formData: Serialization<FormData> = {
  type: "FormData",
  class: FormData,
  exact: true,
  serialize: (value) => ({ header: [...value].flat() }),
  deserialize({ header }) {
    const list = listOf(header, "names and values", 2);
    const value = new FormData();
    for (let i = 0; i < list.length; i += 2) {
      const [name, item] = [textOf(list[i]), list[i + 1]];
      // Without a name for the file, the one that it has is kept.
      if (item instanceof Blob) value.append(name, item);
      else if (typeof item === "string") value.append(name, item);
      else throw new TypeError("a value is neither text nor a file");
    }
    return value;
  },
};
