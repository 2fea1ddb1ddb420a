/**
 * The registry: which values can be taken apart, and which names a reader will build something for.
 *
 * @module
 */
import type { Message } from "./types.ts";
import { FormatError, UnknownNameError } from "./errors.ts";
import { familyNameOf } from "./family_name.ts";
import {
  type Family,
  type FamilyFunctions,
  familyOf,
  type ValueLimits,
} from "./family.ts";
import { serializationFrom } from "./registration.ts";
import type {
  Class,
  Parts,
  RegisterOptions,
  Serialization,
} from "./serialization.ts";

/** Options for {@linkcode Registry.serialize}. */
export interface SerializeOptions {
  /** The family that writes the value: one registered, by name, or any. @default {"json"} */
  readonly family?: string | Family;
}

/**
 * Serializations by class on the way out and by type name on the way in; families by name. It is the allow-list: a
 * reader builds only what is registered, and no name from the input is ever imported, evaluated or looked up elsewhere.
 *
 * @example A class of one's own
 * ```ts
 * import { defaultRegistry, Registry } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * class Point {
 *   constructor(readonly x: number, readonly y: number) {}
 * }
 * const registry = new Registry(defaultRegistry);
 * registry.registerSerialization(
 *   Point,
 *   ({ x, y }) => ({ header: [x, y] }),
 *   ({ header }) => new Point(...(header as [number, number])),
 * );
 *
 * const message = registry.serialize({ at: new Point(1, 2) });
 * deepEqual(registry.deserialize(message), { at: new Point(1, 2) });
 * ```
 */
export class Registry {
  readonly #byType = new Map<string, Serialization>();
  /** By what instances inherit from, or by the kind of primitive: never by a name that a value could carry. */
  readonly #byClass = new Map<unknown, Serialization>();
  readonly #families = new Map<string, Family>();

  /**
   * A registry that is empty, or begins with what another has; later additions to either do not reach the other.
   *
   * @param base A registry whose serializations and families to start with.
   */
  constructor(base?: Registry) {
    if (!base) return;
    for (const serialization of base.#byType.values()) this.add(serialization);
    for (const family of base.#families.values()) this.addFamily(family);
  }

  /**
   * Registers how the values of a class, and of its subclasses, are taken apart and put together.
   *
   * @param type The class.
   * @param serialize Takes a value apart: a header, which may hold values of any type, and frames of bytes. Without it, the
   * class has a method `[brine.serialize]`, or `serializeAsync` among the options; such a value only `serializeLive()` takes.
   * @param deserialize Puts a value together; what it throws reaches the caller with the value's path. Without it, the class
   * has a static method `[brine.deserialize]`.
   * @param options A name other than the class's, a schema, and more.
   * @returns The registry itself.
   * @throws {TypeError} If the name is taken, or there is none; or if nothing takes a value apart or puts it together.
   */
  registerSerialization<T>(
    type: Class<T>,
    serialize?: ((value: T) => Parts) | undefined,
    deserialize?: ((parts: Required<Parts>, begun?: T) => T) | undefined,
    options: RegisterOptions<T> = {},
  ): this {
    return this.add(serializationFrom(type, serialize, deserialize, options));
  }

  /**
   * Registers a family: a named method for any value.
   *
   * @param name The name in a header's `serializer`.
   * @param functions How it takes a value apart and puts it together.
   * @returns The registry itself.
   * @throws {TypeError} If the name is taken.
   */
  registerFamily(name: string, functions: FamilyFunctions): this {
    return this.addFamily(familyOf(name, functions));
  }

  /** Adds a serialization that is an object already. */
  // deno-lint-ignore no-explicit-any
  add(serialization: Serialization<any>): this {
    const { type, class: key } = serialization;
    if (this.#byType.has(type) || type.startsWith("$") || type === "Graph") {
      throw new TypeError(`Cannot register "${type}": the name is taken`);
    }
    this.#byType.set(type, serialization);
    this.#byClass.set(
      typeof key === "string" ? key : key.prototype,
      serialization,
    );
    return this;
  }

  /** Adds a family that is an object already. */
  addFamily(family: Family): this {
    if (this.#families.has(family.name)) {
      throw new TypeError(
        `Cannot register family "${family.name}": the name is taken`,
      );
    }
    this.#families.set(family.name, family);
    return this;
  }

  /** The serialization for a value: that of the nearest class it inherits from. */
  find(value: unknown): Serialization | undefined {
    if (typeof value !== "object" || value === null) {
      return this.#byClass.get(typeof value);
    }
    // Without a prototype, it is an object of the plainest kind.
    const own = Object.getPrototypeOf(value) ?? Object.prototype;
    const direct = this.#byClass.get(own);
    if (direct) return direct;
    for (
      let prototype = Object.getPrototypeOf(own);
      prototype !== null;
      prototype = Object.getPrototypeOf(prototype)
    ) {
      const serialization = this.#byClass.get(prototype);
      if (serialization) return serialization.exact ? undefined : serialization;
    }
    return undefined;
  }

  /**
   * Told before each walk over a value: there may be several, because what is shared in it is found on the way.
   *
   * @internal
   */
  beginWalk(): void {}

  /** The serialization of that name. */
  get(type: string): Serialization | undefined {
    return this.#byType.get(type);
  }

  /** The names of all types that can be built. */
  types(): Iterable<string> {
    return this.#byType.keys();
  }

  /**
   * The family of that name.
   *
   * @throws {UnknownNameError} If there is none.
   */
  family(name: string): Family {
    const family = this.#families.get(name);
    if (!family) {
      throw new UnknownNameError("family", name, this.#families.keys());
    }
    return family;
  }

  /**
   * Loads the family of a message, if it is one that is loaded when it is needed, as a stream does before it reads the message.
   *
   * @param message The message; its family may be unknown.
   * @returns What to wait for, if anything.
   */
  load({ header }: Message): Promise<void> | undefined {
    return this.#families.get(header.serializer as string)?.load?.();
  }

  /**
   * A value as one message. The frames are the bytes of its typed arrays themselves, not copies.
   *
   * @param value Any value whose types are registered.
   * @param options The family, if not `json`.
   * @returns The message.
   * @throws {SerializeError} If it holds something that could not come back as it was; with the path.
   */
  serialize(
    value: unknown,
    { family = "json" }: SerializeOptions = {},
  ): Message {
    const writer = typeof family === "string" ? this.family(family) : family;
    const one = writer.batch(this);
    one.add(value);
    return one.take();
  }

  /**
   * The one value of a message.
   *
   * @param message A message as {@linkcode Registry.serialize} makes it.
   * @param limits The most that is accepted.
   * @returns The value.
   * @throws {FormatError} If the frames are not what the family writes, or hold another number of values than one.
   * @throws {UnknownNameError} If the family or a type is not registered.
   * @throws {RemoteError} If the message tells of a failure on the other side.
   */
  deserialize(message: Message, limits?: ValueLimits): unknown {
    const values = this.deserializeBatch(message, limits);
    if (values.length !== 1) {
      throw new FormatError(
        "deserialize",
        `the message holds ${values.length} values, not one`,
      );
    }
    return values[0];
  }

  /**
   * All values of a message, which may be a batch.
   *
   * @param message The message.
   * @param limits The most that is accepted.
   * @returns Its values, in order.
   * @throws {FormatError} As {@linkcode Registry.deserialize} does.
   */
  deserializeBatch(
    message: Message,
    limits?: ValueLimits,
  ): readonly unknown[] {
    const family = this.family(familyNameOf(message.header));
    return family.deserialize(message, this, limits);
  }
}
