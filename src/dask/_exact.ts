import { PyFloat } from "../pickle/values/number.ts";
import { PyTuple } from "../pickle/values/sequence.ts";
import type { Bytes } from "../types.ts";
import type { DeserializeOptions } from "./deserialize.ts";
import type { DaskHeader } from "./values.ts";

/** Headers in which floats that could be taken for integers are marked, so that they are written as what they were. */
const exact = new WeakSet<object>();

/** A header that may be passed on. */
export function readExactly(
  packed: Bytes,
  options: DeserializeOptions,
  read: (packed: Bytes, options: DeserializeOptions) => DaskHeader,
): DaskHeader {
  const pickle = { ...options.pickle, floats: "wrap" } as const;
  const header = read(packed, { ...options, pickle });
  exact.add(header);
  return header;
}

/** The same, for who reads the value. */
export function forReading(
  header: DaskHeader,
  { pickle }: DeserializeOptions,
): DaskHeader {
  if (!exact.has(header) || pickle?.floats === "wrap") return header;
  return unmarked(header) as DaskHeader;
}

/** It goes no deeper than msgpack does, so it may call itself. */
function unmarked(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof PyFloat) return value.value;
  if (Array.isArray(value)) {
    // Items that are one object stay one.
    let last: unknown;
    let made: unknown;
    const items = value.map((item, i) => {
      if (i === 0 || item !== last) made = unmarked(last = item);
      return made;
    });
    return value instanceof PyTuple ? PyTuple.from(items) : items;
  }
  if (value instanceof Map) {
    return new Map([...value].map(([key, item]) => [key, unmarked(item)]));
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, unmarked(item)]),
  );
}
