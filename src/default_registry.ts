import { lazyPickle, lazyRegistry, registryOf } from "./lazy_registry.ts";
import { pickle } from "./pickle/family.ts";
import type { Registry } from "./registry.ts";

/**
 * The registry that is used where none is given: it has every type and family of this library. What is registered in it
 * is registered for the whole program; `new Registry(defaultRegistry)` starts one of your own.
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
export const defaultRegistry: Registry = whole();

/** Options for {@linkcode createRegistry}. */
export interface RegistryOptions {
  /** Send the stacks of errors too, which tell a stranger about your files and your code. @default {false} */
  readonly stack?: boolean;
}

/**
 * A registry with every type and family of this library, which differs from {@linkcode defaultRegistry} in what is asked
 * for.
 *
 * @param options What is sent of errors.
 * @returns A new registry.
 *
 * @example
 * ```ts
 * import { createRegistry } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const registry = createRegistry({ stack: true });
 * const error = new Error("no salt");
 * const back = registry.deserialize(registry.serialize(error)) as Error;
 * equal(back.stack, error.stack);
 * ```
 */
export function createRegistry(options?: RegistryOptions): Registry {
  return registryOf(pickle(), options);
}

function whole(): Registry {
  lazyPickle.fill(pickle());
  return lazyRegistry;
}
