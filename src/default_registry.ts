import { errorFamily } from "./error_family.ts";
import { json } from "./json/family.ts";
import { msgpack } from "./msgpack/family.ts";
import { Registry } from "./registry.ts";
import { serializations } from "./serializations/mod.ts";

/**
 * The registry that is used where none is given: it has every type and family of this library. What is registered in it
 * is registered for the whole program; `new Registry(defaultRegistry)` begins one of one's own.
 *
 * @example
 * ```ts
 * import { defaultRegistry } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const { header, frames } = defaultRegistry.serialize({ n: 10n, data: new Float64Array(4) });
 * deepEqual(header, { serializer: "json", tagged: true });
 * deepEqual(frames.length, 2);
 * ```
 */
export const defaultRegistry: Registry = new Registry();
for (const serialization of serializations) defaultRegistry.add(serialization);
for (const family of [json(), msgpack(), errorFamily]) {
  defaultRegistry.addFamily(family);
}
