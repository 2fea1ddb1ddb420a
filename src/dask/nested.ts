import type { DeserializeOptions } from "./deserialize.ts";
import { decompressAndDeserialize } from "./read_message.ts";
import { Serialize, Serialized, ToPickle } from "./values.ts";

const MAX_DEPTH = 512;

/**
 * A message as its receiver would have it, without bytes between: marks are replaced by what they mark, in lists and maps
 * within each other. Nothing that was handed in is changed.
 *
 * @param message The message.
 * @param options How values that are serialized are read.
 * @returns The message without marks.
 * @throws {RangeError} If it is deeper than 512.
 *
 * @example
 * ```ts
 * import { nestedDeserialize, Serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(nestedDeserialize({ a: [new Serialize(1)] }), { a: [1] });
 * ```
 */
export function nestedDeserialize(
  message: unknown,
  options: DeserializeOptions = {},
): unknown {
  return replaced(message, options, 0);
}

function replaced(
  value: unknown,
  options: DeserializeOptions,
  depth: number,
): unknown {
  if (depth > MAX_DEPTH) {
    throw new RangeError(`Cannot go deeper than ${MAX_DEPTH}`);
  }
  if (value instanceof Serialize || value instanceof ToPickle) {
    return value.data;
  }
  if (value instanceof Serialized) {
    return decompressAndDeserialize(value.header, value.frames, options);
  }
  const inner = (item: unknown) => replaced(item, options, depth + 1);
  if (typeof value !== "object" || value === null) return value;
  switch (Object.getPrototypeOf(value)) {
    case Array.prototype:
      return (value as unknown[]).map(inner);
    case Map.prototype:
      return new Map(
        [...value as Map<unknown, unknown>].map(([k, v]) => [k, inner(v)]),
      );
    case Object.prototype:
      return Object.fromEntries(
        Object.entries(value).map(([k, v]) => [k, inner(v)]),
      );
  }
  return value;
}
