import { UnknownNameError } from "../errors.ts";
import { PyObject } from "../pickle/values/object.ts";
import type { Class } from "../serialization.ts";
import type { Bytes, Message } from "../types.ts";
import type { DaskCompression } from "./compression.ts";
import { classOf, type PythonClass } from "./_type_name.ts";
import type { DaskHeader } from "./values.ts";

export type { PythonClass };

/** What both ends know of each other, and whatever else serializers are to know: Dask's `context`. */
export interface DaskContext {
  /** The newest protocol of pickle that the receiver reads. @default {5} */
  readonly "pickle-protocol"?: number | undefined;
  /** The name of a compression for the frames of messages. */
  readonly compression?: string | null | undefined;
  /** Whatever else serializers ask for. */
  readonly [key: string]: unknown;
}

/** What a serializer is given. */
export interface SerializeTools {
  /** The caller's context. */
  readonly context: DaskContext;
  /**
   * Serializes a part of the value.
   *
   * @param part The part.
   * @param serializers The families to try. @default the caller's
   * @returns Its header and frames.
   */
  serialize(part: unknown, serializers?: readonly string[]): Message;
  /**
   * The bytes of a pickle, and the buffers beside it.
   *
   * @param part What to pickle.
   * @returns The pickle, and the buffers.
   */
  pickle(part: unknown): Bytes[];
}

/** What a deserializer is given. */
export interface DeserializeTools {
  /** The class of the value in Python. */
  readonly type: PythonClass;
  /**
   * The value of a part.
   *
   * @param header The part's header.
   * @param frames The part's frames.
   * @returns The value.
   */
  deserialize(header: DaskHeader, frames: readonly Bytes[]): unknown;
  /**
   * The value of a pickle.
   *
   * @param frames The pickle, and the buffers beside it.
   * @returns The value.
   */
  unpickle(frames: readonly Bytes[]): unknown;
}

/** Takes a value apart: into what is noted down, and bytes, which it neither changes nor copies. */
export type DaskSerialize<T> = (value: T, tools: SerializeTools) => Message;

/** Puts a value together. It changes none of what it is given. */
export type DaskDeserialize<T> = (
  header: DaskHeader,
  frames: readonly Bytes[],
  tools: DeserializeTools,
) => T;

/** How the values of one class of Python are taken apart and put together. */
export interface DaskType<T = unknown> extends PythonClass {
  /** Takes a value apart. */
  readonly serialize: DaskSerialize<T>;
  /** Puts a value together. */
  readonly deserialize: DaskDeserialize<T>;
  /** What `deserialize` can do once for all values that have the same header. */
  readonly reader?:
    | ((
      header: DaskHeader,
      tools: DeserializeTools,
    ) => (frames: readonly Bytes[]) => T)
    | undefined;
  /** The class of a value in Python, if it depends on the value. */
  readonly typeOf?: ((value: T) => PythonClass) | undefined;
}

/** A way to serialize values of any class: Dask's families. */
export interface DaskFamily {
  /**
   * Takes a value apart.
   *
   * @param value The value.
   * @param tools What there is to do it with.
   * @returns Header and frames; `undefined` to leave the value to the next family.
   */
  dumps?(value: unknown, tools: SerializeTools): Message | undefined;
  /**
   * Puts a value together.
   *
   * @param header The header.
   * @param frames The frames.
   * @param tools What there is to do it with.
   * @returns The value.
   */
  loads(
    header: DaskHeader,
    frames: readonly Bytes[],
    tools: DeserializeTools,
  ): unknown;
  /**
   * What `loads` can do once for all values that have the same header.
   *
   * @param header The header.
   * @param tools What there is to do it with.
   * @returns Puts a value together.
   */
  reader?(
    header: DaskHeader,
    tools: DeserializeTools,
  ): (frames: readonly Bytes[]) => unknown;
}

/**
 * What there is to serialize with: the types by class and by name, the families, and the compressions. It is the
 * allow-list, too: what it has no name for is not made.
 *
 * @example
 * ```ts
 * import { DaskRegistry, defaultDaskRegistry, serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const registry = new DaskRegistry(defaultDaskRegistry);
 * registry.families.delete("pickle");
 * deepEqual(serialize(1, { registry, serializers: ["dask", "msgpack"] }).header, { serializer: "msgpack" });
 * ```
 */
export class DaskRegistry {
  /** The families, by name. */
  readonly families: Map<string, DaskFamily>;
  /** The compressions, by name. */
  readonly compressions: Map<string, DaskCompression>;
  readonly #classes: Map<object, DaskType>;
  readonly #names: Map<string, DaskType>;
  /** Names of which the values are `PyObject`s here. */
  readonly #objects: Set<string>;

  /**
   * Makes one of its parts.
   *
   * @param base What to begin with; copied.
   */
  constructor(base?: DaskRegistry) {
    this.families = new Map(base?.families);
    this.compressions = new Map(base?.compressions);
    this.#classes = new Map(base ? base.#classes : []);
    this.#names = new Map(base ? base.#names : []);
    this.#objects = new Set(base ? base.#objects : []);
  }

  /**
   * Adds a type, or replaces it.
   *
   * @param cls The class here; `PyObject` for values that are known by the name of their class in Python alone.
   * @param type The name in Python, and both ways.
   * @param names Other names that are read as the same.
   * @returns The registry itself.
   */
  addType<T>(
    cls: Class<T>,
    type: DaskType<T>,
    names: readonly string[] = [],
  ): this {
    if (typeof cls as unknown !== "function") {
      throw new TypeError("A type is registered by its class");
    }
    const entry = type as unknown as DaskType;
    const full = `${type.module}.${type.name}`;
    for (const name of [full, ...names]) this.#names.set(name, entry);
    if (cls.prototype as unknown === PyObject.prototype) {
      for (const name of [full, ...names]) this.#objects.add(name);
    } else this.#classes.set(cls.prototype as object, entry);
    return this;
  }

  /**
   * The type of a value: that of its class, or of one it is derived from.
   *
   * @param value The value.
   * @returns The type, `undefined` if there is none.
   */
  typeOf(value: unknown): DaskType | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    if (value instanceof PyObject) {
      const full = `${value.module}.${value.name}`;
      return this.#objects.has(full) ? this.#names.get(full) : undefined;
    }
    let prototype = Object.getPrototypeOf(value);
    while (prototype !== null && prototype !== Object.prototype) {
      const found = this.#classes.get(prototype);
      if (found) return found;
      prototype = Object.getPrototypeOf(prototype);
    }
    return undefined;
  }

  /**
   * The type of that name in Python.
   *
   * @param type The class.
   * @returns The type, `undefined` if there is none.
   */
  typeNamed({ module, name }: PythonClass): DaskType | undefined {
    return this.#names.get(`${module}.${name}`);
  }

  /**
   * The family of that name.
   *
   * @param name The name.
   * @returns The family.
   * @throws {UnknownNameError} If there is none.
   */
  family(name: string): DaskFamily {
    const family = this.families.get(name);
    if (family) return family;
    throw new UnknownNameError("family", name, this.families.keys());
  }

  /**
   * The compression of that name.
   *
   * @param name The name.
   * @returns The compression.
   * @throws {UnknownNameError} If there is none.
   */
  compression(name: string): DaskCompression {
    const compression = this.compressions.get(name);
    if (compression) return compression;
    throw new UnknownNameError("codec", name, this.compressions.keys());
  }
}

export { classOf };
