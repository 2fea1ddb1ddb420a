import type { Class } from "../serialization.ts";
import { defaultDaskRegistry } from "./default_registry.ts";
import {
  classOf,
  type DaskDeserialize,
  type DaskFamily,
  type DaskRegistry,
  type DaskSerialize,
} from "./registry.ts";
import { addGeneric } from "./types/generic.ts";

/** Where something is registered. */
export interface RegisterOptions {
  /** The registry. @default {@linkcode defaultDaskRegistry} */
  readonly registry?: DaskRegistry | undefined;
}

/**
 * Registers how the values of a class are serialized: Dask's `register_serialization`.
 *
 * @typeParam T The class.
 * @param cls The class here, or `PyObject` for values that are known by the name of their class in Python alone.
 * @param name The full name of the class in Python.
 * @param serialize Takes a value apart: what it notes down in the header has to be fit for msgpack.
 * @param deserialize Puts a value together.
 * @param options Where it is registered.
 * @throws {TypeError} If the first argument is no class.
 *
 * @example
 * ```ts
 * import { deserialize, registerSerialization, serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * class Human {
 *   constructor(readonly name: string, readonly age: number) {}
 * }
 * registerSerialization(
 *   Human,
 *   "people.Human",
 *   ({ name, age }) => ({ header: { age }, frames: [new TextEncoder().encode(name)] }),
 *   ({ age }, [name]) => new Human(new TextDecoder().decode(name), age as number),
 * );
 * const { header, frames } = serialize(new Human("Alice", 30));
 * deepEqual(deserialize(header, frames), new Human("Alice", 30));
 * ```
 */
export function registerSerialization<T>(
  cls: Class<T>,
  name: string,
  serialize: DaskSerialize<T>,
  deserialize: DaskDeserialize<T>,
  { registry = defaultDaskRegistry }: RegisterOptions = {},
): void {
  registry.addType(cls, { ...classOf(name), serialize, deserialize });
}

/**
 * Registers a class whose values are serialized attribute by attribute: Dask's `register_generic`. Simple attributes stand
 * in the header, others are serialized each on its own.
 *
 * @typeParam T The class.
 * @param cls The class here; `undefined` if values are to be `PyObject`s.
 * @param name The full name of the class in Python.
 * @param options Where it is registered.
 *
 * @example
 * ```ts
 * import { deserialize, registerGeneric, serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * class Bag {
 *   size = 1;
 *   label = "a";
 * }
 * registerGeneric(Bag, "things.Bag");
 * const { header, frames } = serialize(new Bag());
 * deepEqual(deserialize(header, frames), new Bag());
 * ```
 */
export function registerGeneric<T>(
  cls: Class<T> | undefined,
  name: string,
  options: RegisterOptions & {
    /** The family for the attributes that are not simple. @default {"dask"} */
    readonly serializer?: string | undefined;
  } = {},
): void {
  const { registry = defaultDaskRegistry, serializer = "dask" } = options;
  addGeneric(registry, cls, classOf(name), serializer);
}

/**
 * Registers a family, or replaces it: Dask's `register_serialization_family`.
 *
 * @param name The name, as `serializers` and headers have it.
 * @param dumps Takes a value apart; gives nothing for one that it leaves to the next family.
 * @param loads Puts a value together.
 * @param options Where it is registered.
 *
 * @example
 * ```ts
 * import { deserialize, registerSerializationFamily, serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * registerSerializationFamily(
 *   "json",
 *   (value) => ({ header: {}, frames: [new TextEncoder().encode(JSON.stringify(value))] }),
 *   (_header, [text]) => JSON.parse(new TextDecoder().decode(text)),
 * );
 * const { header, frames } = serialize({ a: 1 }, { serializers: ["json"] });
 * deepEqual(header, { serializer: "json" });
 * deepEqual(deserialize(header, frames), { a: 1 });
 * ```
 */
export function registerSerializationFamily(
  name: string,
  dumps: DaskFamily["dumps"],
  loads: DaskFamily["loads"],
  { registry = defaultDaskRegistry }: RegisterOptions = {},
): void {
  registry.families.set(name, { ...dumps && { dumps }, loads });
}
