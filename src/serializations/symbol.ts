import type { Serialization } from "../serialization.ts";

/** The symbols that every realm has, by name. */
const WELL_KNOWN = new Map<string, symbol>();
for (const name of Object.getOwnPropertyNames(Symbol)) {
  const value: unknown = Symbol[name as keyof typeof Symbol];
  if (typeof value === "symbol") WELL_KNOWN.set(name, value);
}

/** A symbol of the registry by its key, and a well-known one by its name. Others are like nothing else, anywhere. */
export const symbol: Serialization<symbol> = {
  type: "symbol",
  class: "symbol",
  serialize(value) {
    const key = Symbol.keyFor(value);
    if (key !== undefined) return { header: ["for", key] };
    for (const [name, known] of WELL_KNOWN) {
      if (known === value) return { header: [name] };
    }
    throw new TypeError(
      "it is a symbol that is not registered: Symbol.for() is",
    );
  },
  deserialize({ header }) {
    const [name, key] = Array.isArray(header) ? header : [];
    if (name === "for" && typeof key === "string") return Symbol.for(key);
    const value = WELL_KNOWN.get(name);
    if (value === undefined) throw new TypeError("no symbol has that name");
    return value;
  },
};
