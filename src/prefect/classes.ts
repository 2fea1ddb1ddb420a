/**
 * The allow-list: which classes of Python the JSON of Prefect may name, and what they are here.
 *
 * @module
 */
import type { PickleClass } from "../pickle/globals.ts";
import { PyObject } from "../pickle/values/mod.ts";

/** What values become. */
export interface PrefectValueOptions {
  /**
   * What an `int` becomes: a `number` as long as that is exact and a `bigint` past that; always a `bigint`; or always a
   * `number`, which past 2^53 is rounded. @default {"auto"}
   */
  readonly integers?: "auto" | "bigint" | "number" | undefined;
  /**
   * What a `float` becomes: a `number`; or, where it could be mistaken for an `int`, a `PyFloat`. @default {"number"}
   */
  readonly floats?: "number" | "wrap" | undefined;
  /**
   * What a `dict` becomes: an object; an object, or a `Map` if an object would not keep the order of its keys; or always a
   * `Map`. @default {"object"}
   */
  readonly dicts?: "object" | "auto" | "map" | undefined;
  /**
   * What dates and times become: those of `Temporal` where the runtime has it and they lose nothing, else those of
   * `@brine/brine/pickle`; or always those. @default {"temporal"}
   */
  readonly datetimes?: "temporal" | "python" | undefined;
}

/** What a class of Python is here. Whatever its functions throw becomes an error that says where. */
export interface PrefectClass {
  /**
   * The value that was written as `data`.
   *
   * @param data Plain data, in which tagged values are values already.
   * @param options What values become.
   * @returns The value.
   */
  decode(data: unknown, options: PrefectValueOptions): unknown;
  /** The class whose instances are written under that name. */
  readonly type?: { readonly prototype: object } | undefined;
  /**
   * What of an instance is written as `data`.
   *
   * @param value The instance.
   * @returns Something simpler: text, a list, an object.
   */
  encode?(value: never): unknown;
}

/** How instances of a class are written. */
export interface Encoding {
  /** The name of the class in Python. */
  readonly name: string;
  /**
   * What is written as `data`.
   *
   * @param value An instance.
   * @returns Something simpler.
   */
  encode(value: never): unknown;
}

/**
 * Names of Python's classes and what they are here. Only what is in here becomes a value: the rest stays the object that it
 * is in JSON; nothing is imported or run.
 *
 * @example A class of one's own
 * ```ts
 * import { defaultClasses, PrefectClasses, serializer } from "@brine/brine/prefect";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * class Point {
 *   constructor(readonly x: number) {}
 * }
 * const classes = new PrefectClasses(defaultClasses).add("geometry.Point", {
 *   decode: (data) => new Point((data as Point).x),
 *   type: Point,
 *   encode: ({ x }: Point) => ({ x }),
 * });
 * const json = serializer("json", { classes });
 *
 * const blob = await json.dumps(new Point(1));
 * equal(new TextDecoder().decode(blob), '{"__class__": "geometry.Point", "data": {"x": 1}}');
 * deepEqual(await json.loads(blob), new Point(1));
 * ```
 */
export class PrefectClasses {
  readonly #names: Map<string, PrefectClass>;
  readonly #types: Map<object, Encoding>;

  /**
   * Begins with what others have.
   *
   * @param base What to begin with; copied.
   */
  constructor(base?: PrefectClasses) {
    this.#names = new Map(base ? base.#names : []);
    this.#types = new Map(base ? base.#types : []);
  }

  /**
   * Adds a class, or gives its name another meaning.
   *
   * @param name Its module and its name in it, with a dot between.
   * @param meaning What it is here.
   * @returns The classes themselves.
   */
  add(name: string, meaning: PrefectClass): this {
    this.#names.set(name, meaning);
    const { type, encode } = meaning;
    if (type && encode) {
      this.#types.set(type.prototype, {
        name,
        encode: (value) => meaning.encode!(value),
      });
    }
    return this;
  }

  /**
   * What a name stands for.
   *
   * @param name Module and name.
   * @returns What it stands for, `undefined` if it is not known.
   */
  get(name: string): PrefectClass | undefined {
    return this.#names.get(name);
  }

  /**
   * How instances of a class are written.
   *
   * @param value The instance.
   * @returns Name and function, `undefined` if the class is not known.
   */
  encodingOf(value: object): Encoding | undefined {
    if (this.#types.size === 0) return undefined;
    for (let of = value; (of = Object.getPrototypeOf(of));) {
      const found = this.#types.get(of);
      if (found) return found;
    }
    return undefined;
  }
}

/**
 * What a dataclass or a pydantic model is here: a `PyObject` with its fields, each made what its type says.
 *
 * @param name Its module and its name in it, with a dot between.
 * @param fields Of fields whose type is a class, its name; the others stay what they are in JSON.
 * @param classes Where the classes of fields are found.
 * @returns What to add to {@linkcode PrefectClasses} under that name.
 *
 * @example
 * ```ts
 * import { defaultClasses, modelClass, PrefectClasses, serializer } from "@brine/brine/prefect";
 * import type { PyObject } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const classes = new PrefectClasses(defaultClasses);
 * classes.add("shop.Order", modelClass("shop.Order", { id: "uuid.UUID" }, classes));
 * const blob = '{"__class__": "shop.Order", "data": {"id": "a53e3495-d681-4a53-84b8-9d9542f7237c", "n": 1}}';
 * const order = await serializer("json", { classes }).loads(new TextEncoder().encode(blob)) as PyObject;
 * equal(`${order.get("id")}`, "a53e3495-d681-4a53-84b8-9d9542f7237c");
 * ```
 */
export function modelClass(
  name: string,
  fields: Readonly<Record<string, string>> = {},
  classes?: PrefectClasses,
): PrefectClass {
  const dot = name.lastIndexOf(".");
  const types = new Map(Object.entries(fields));
  return {
    decode(data, options) {
      const state: [string, unknown][] = [];
      const entries = data instanceof Map
        ? data
        : Object.entries(data as object);
      for (const [field, value] of entries as Iterable<[string, unknown]>) {
        const type = types.get(field);
        const meaning = type === undefined ? undefined : classes?.get(type);
        const isPlain = value !== null && meaning;
        state.push([field, isPlain ? meaning.decode(value, options) : value]);
      }
      return new PyObject(name.slice(0, dot), name.slice(dot + 1), {
        state: new Map(state),
      });
    },
  };
}

/**
 * What a class of `@brine/brine/pickle` is in JSON: an enum made with `enumClass`, an exception made with `exceptionClass`. It
 * is called with `data`.
 *
 * @param meaning The class.
 * @returns What to add to {@linkcode PrefectClasses} under its name.
 *
 * @example
 * ```ts
 * import { fromPickleClass, PrefectClasses, serializer } from "@brine/brine/prefect";
 * import { enumClass, type PyEnum } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const classes = new PrefectClasses()
 *   .add("paint.Color", fromPickleClass(enumClass("paint", "Color", { RED: 1 })));
 * const blob = new TextEncoder().encode('{"__class__": "paint.Color", "data": 1}');
 * equal((await serializer("json", { classes }).loads(blob) as PyEnum).member, "RED");
 * ```
 */
export function fromPickleClass(meaning: PickleClass): PrefectClass {
  return {
    decode: (data, options) =>
      meaning.call!([data], new Map(), {
        integers: options.integers,
        floats: options.floats,
        datetimes: options.datetimes,
      }),
  };
}
