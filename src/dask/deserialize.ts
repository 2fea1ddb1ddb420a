import { FormatError, LimitError, UnknownNameError } from "../errors.ts";
import { Loader } from "../pickle/loads.ts";
import type { PickleLoadOptions } from "../pickle/options.ts";
import { PyTuple } from "../pickle/values/sequence.ts";
import { told } from "../told.ts";
import type { Bytes } from "../types.ts";
import { forReading } from "./_exact.ts";
import { countOf, listOf, mapOf } from "./_header.ts";
import { dictOf } from "./_collections.ts";
import { defaultDaskRegistry } from "./default_registry.ts";
import type {
  DaskRegistry,
  DeserializeTools,
  PythonClass,
} from "./registry.ts";
import type { DaskHeader } from "./values.ts";

/** Options for {@linkcode deserialize}. */
export interface DeserializeOptions {
  /** The families that are accepted. @default all of the registry */
  readonly deserializers?: readonly string[] | undefined;
  /**
   * What arrays of msgpack become, which stand for both of Python's: arrays, or `PyTuple`s, as they are in Python.
   *
   * @default {"list"}
   */
  readonly arrays?: "list" | "tuple" | undefined;
  /** How pickles are read. */
  readonly pickle?: Omit<PickleLoadOptions, "buffers"> | undefined;
  /** What a value becomes of a type that is not known: what it was sent as, or an error. @default {"serialized"} */
  readonly unknown?: "serialized" | "refuse" | undefined;
  /** Modules whose enums may stand in messages; nothing is imported. @default {["dask", "distributed"]} */
  readonly allowedImports?: readonly string[] | undefined;
  /** Bytes that may come of one compressed frame. @default {2_147_483_647} */
  readonly maxFrameBytes?: number | undefined;
  /** What there is to deserialize with. @default {@linkcode defaultDaskRegistry} */
  readonly registry?: DaskRegistry | undefined;
}

const STAGE = "dask";
/** Headers come through msgpack, which goes no deeper. */
const MAX_DEPTH = 512;
const NOTHING: readonly Bytes[] = [];
const NO_CLASS: PythonClass = { module: "", name: "" };

/** A deserialization under way: the options, and how deep it is. */
export class Deserializer implements DeserializeTools {
  readonly registry: DaskRegistry;
  readonly arrays: "list" | "tuple";
  readonly floats: "number" | "wrap" | undefined;
  readonly unknown: "serialized" | "refuse";
  readonly maxFrameBytes: number;
  readonly type: PythonClass = NO_CLASS;
  readonly options: DeserializeOptions;
  #depth = 0;
  #loader: Loader | undefined;

  constructor(options: DeserializeOptions) {
    this.options = options;
    this.registry = options.registry ?? defaultDaskRegistry;
    this.arrays = options.arrays ?? "list";
    this.floats = options.pickle?.floats;
    this.unknown = options.unknown ?? "serialized";
    this.maxFrameBytes = options.maxFrameBytes ?? 2 ** 31 - 1;
  }

  /** The same, for values of a class. */
  for(type: PythonClass): DeserializeTools {
    return {
      type,
      deserialize: (header, frames) => this.deserialize(header, frames),
      unpickle: (frames) => this.unpickle(frames),
    };
  }

  /** Nested collections call it again, down to a limit. */
  deserialize(header: DaskHeader, frames: readonly Bytes[]): unknown {
    if (++this.#depth > MAX_DEPTH) {
      throw new LimitError(STAGE, "depth", this.#depth, MAX_DEPTH);
    }
    const value = this.#reader(header)(frames);
    this.#depth--;
    return value;
  }

  unpickle(frames: readonly Bytes[]): unknown {
    const [first] = frames;
    if (!first) throw new FormatError(STAGE, "there is no frame with a pickle");
    const buffers = frames.length > 1 ? frames.slice(1) : NOTHING;
    return (this.#loader ??= new Loader(this.options.pickle ?? {}))
      .load(first, buffers);
  }

  #reader(header: DaskHeader): (frames: readonly Bytes[]) => unknown {
    if ("is-collection" in header) {
      return (frames) => this.#collection(header, frames);
    }
    const { serializer } = header;
    const name = typeof serializer === "string" ? serializer : told(serializer);
    const accepted = this.options.deserializers;
    if (accepted && !accepted.includes(name)) {
      throw new UnknownNameError("family", name, accepted);
    }
    const family = this.registry.family(name);
    return family.reader?.(header, this) ??
      ((frames) => family.loads(header, frames, this));
  }

  #collection(header: DaskHeader, frames: readonly Bytes[]): unknown {
    const headers = listOf(header["sub-headers"], "sub-headers");
    const lengths = listOf(header["frame-lengths"], "frame-lengths");
    if (headers.length !== lengths.length) {
      throw new FormatError(STAGE, "frame-lengths do not fit sub-headers");
    }
    if (++this.#depth > MAX_DEPTH) {
      throw new LimitError(STAGE, "depth", this.#depth, MAX_DEPTH);
    }
    const values: unknown[] = [];
    let last: unknown;
    let read: ((frames: readonly Bytes[]) => unknown) | undefined;
    let at = 0;
    for (let i = 0; i < headers.length; i++) {
      const sub = headers[i];
      if (!read || sub !== last) {
        read = this.#reader(mapOf(sub, "a sub-header"));
        last = sub;
      }
      const end = at + countOf(lengths[i]);
      if (end > frames.length) {
        throw new FormatError(STAGE, "frame-lengths ask for more frames");
      }
      const own = end === at + 1 ? [frames[at]!] : frames.slice(at, end);
      values.push(read(own));
      at = end;
    }
    this.#depth--;
    return collectionOf(header["type-serialized"], headers, values);
  }
}

/** The collection of that name; the keys of a dict stand in the headers of its values. */
function collectionOf(
  type: unknown,
  headers: readonly unknown[],
  values: unknown[],
): unknown {
  switch (type) {
    case "list":
      return values;
    case "tuple":
      return PyTuple.from(values);
    case "set":
      return new Set(values);
    case "dict":
      return dictOf(headers.map((sub) => (sub as DaskHeader).key), values);
  }
  throw new UnknownNameError("collection", told(type), [
    "list",
    "tuple",
    "set",
    "dict",
  ]);
}

/**
 * The value of a header and frames that Dask, or {@linkcode serialize}, made. Nothing is run or imported: classes that are
 * pickled in headers are names, and pickles become data.
 *
 * @param header The header, of any version of Dask.
 * @param frames The frames; arrays are views of them.
 * @param options What is accepted, and what values become.
 * @returns The value.
 * @throws {FormatError} If header and frames are not what they say.
 * @throws {RemoteError} If the other side could not serialize the value.
 * @throws {UnknownNameError} If the family is not known or not accepted.
 *
 * @example
 * ```ts
 * import { deserialize, serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const { header, frames } = serialize(new Set(["a", null]));
 * deepEqual(deserialize(header, frames, { deserializers: ["pickle"] }), new Set(["a", null]));
 * ```
 */
export function deserialize(
  header: DaskHeader,
  frames: readonly Bytes[],
  options: DeserializeOptions = {},
): unknown {
  return new Deserializer(options)
    .deserialize(forReading(header, options), frames);
}
