import type { Batch, Family, ValueLimits } from "./family.ts";
import type { Registry } from "./registry.ts";
import type { Message } from "./types.ts";

/**
 * A family whose code is loaded by the first stream that needs it, so that programs which never do are small and start
 * quickly.
 *
 * @param name The name in a header's `serializer`.
 * @param load Loads the family; called once, or again if it failed.
 * @returns The family, for `registry.addFamily`. Streams load it by themselves; before `registry.serialize` and
 * `registry.deserialize`, which do not wait for anything, `await family.load?.()`.
 *
 * @example
 * ```ts
 * import { defaultRegistry, type Family, familyOf, lazyFamily, loads, dumps, messages, Registry } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const text = familyOf("text", {
 *   serialize: (value) => ({ frames: [new TextEncoder().encode(String(value))] }),
 *   deserialize: ({ frames }) => new TextDecoder().decode(frames[0]),
 * });
 * // In a program, this imports the module that has the family.
 * const load = (): Promise<Family> => Promise.resolve(text);
 * const registry = new Registry(defaultRegistry).addFamily(lazyFamily("text", load));
 *
 * const stage = messages({ registry, family: "text" });
 * equal(await loads(await dumps("salt", stage), stage), "salt");
 * ```
 */
export function lazyFamily(name: string, load: () => Promise<Family>): Family {
  return new LazyFamily(name, load);
}

/** Stands for a family until that is there. */
export class LazyFamily implements Family {
  readonly name: string;
  readonly #load: () => Promise<Family>;
  #family: Family | undefined;
  /** Set while it is loaded, for all who wait at a time. */
  #loading: Promise<void> | undefined;

  constructor(name: string, load: () => Promise<Family>) {
    this.name = name;
    this.#load = load;
  }

  load(): Promise<void> | undefined {
    if (this.#family) return undefined;
    return this.#loading ??= this.#load()
      .then((family) => this.fill(family))
      .finally(() => this.#loading = undefined);
  }

  /** Has the family that this one stands for; the first one stays. */
  fill(family: Family): void {
    this.#family ??= family;
  }

  /** May be begun before the family is there, as a stream does, which has to say at once what it takes. */
  batch(registry: Registry): Batch {
    let batch: Batch | undefined = this.#family?.batch(registry);
    return batch ?? {
      get size() {
        return batch?.size ?? 0;
      },
      get count() {
        return batch?.count ?? 0;
      },
      add: (value) => {
        batch ??= this.#loaded().batch(registry);
        batch.add(value);
      },
      take: () => batch!.take(),
    };
  }

  deserialize(
    message: Message,
    registry: Registry,
    limits?: ValueLimits,
  ): readonly unknown[] {
    return this.#loaded().deserialize(message, registry, limits);
  }

  #loaded(): Family {
    if (this.#family) return this.#family;
    throw new TypeError(
      `The family "${this.name}" is not loaded: await its load() first`,
    );
  }
}
