import { errorFamily } from "./error_family.ts";
import type { Family } from "./family.ts";
import { json } from "./json/family.ts";
import { LazyFamily } from "./lazy_family.ts";
import { msgpack } from "./msgpack/family.ts";
import { Registry } from "./registry.ts";
import type { ErrorOptions } from "./serializations/error.ts";
import { serializations } from "./serializations/mod.ts";

/** The reader and writer of pickles is larger than all other families together. */
export const lazyPickle: LazyFamily = new LazyFamily("pickle", async () => {
  const { pickle } = await import("./pickle/family.ts");
  return pickle();
});

/**
 * The default registry, as streams have it. It becomes whole when somebody asks for it by name: see `default_registry.ts`.
 * So the family `pickle` is a part of programs that may serialize without waiting, and of others is loaded if it is needed.
 */
export const lazyRegistry: Registry = registryOf(lazyPickle);

/** A registry with every type and family of this library. */
export function registryOf(pickle: Family, options?: ErrorOptions): Registry {
  const registry = new Registry();
  for (const serialization of serializations(options)) {
    registry.add(serialization);
  }
  for (const family of [json(), msgpack(), pickle, errorFamily]) {
    registry.addFamily(family);
  }
  return registry;
}
