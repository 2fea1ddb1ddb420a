import { SerializeError } from "../errors.ts";
import { PyTuple } from "../pickle/values/sequence.ts";
import { dumps } from "../pickle/dumps.ts";
import type { PickleDumpOptions } from "../pickle/write_options.ts";
import type { Bytes, Message } from "../types.ts";
import { errorMessage, nameOf } from "./_error_message.ts";
import { SmallPickles } from "./_small_pickles.ts";
import { firstLeaf, type Items, itemsOf, kindOf } from "./_collections.ts";
import { defaultDaskRegistry } from "./default_registry.ts";
import type {
  DaskContext,
  DaskRegistry,
  DaskType,
  SerializeTools,
} from "./registry.ts";
import { type DaskHeader, Serialize, Serialized } from "./values.ts";

/**
 * Where a type's own keys stand in a header: in a map of their own, which Dask reads since 2021.11; beside the others, as
 * older ones do; or both.
 */
export type HeaderLayout = "nested" | "flat" | "dual";

/** Options for {@linkcode serialize}. */
export interface SerializeOptions {
  /** The families to try, in order. @default {["dask", "pickle"]} */
  readonly serializers?: readonly string[] | undefined;
  /** What becomes of a value that none can serialize: a header that says so, or an error. @default {"message"} */
  readonly onError?: "message" | "raise" | undefined;
  /** What serializers are to know. */
  readonly context?: DaskContext | undefined;
  /**
   * Whether the items of a list, tuple, set or dict are serialized each on its own. By default that is so if the first
   * of them, or the first within that, is of a type with its own serialization, such as an array.
   */
  readonly iterateCollection?: boolean | undefined;
  /** Where a type's own keys stand in the header. @default {"nested"} */
  readonly layout?: HeaderLayout | undefined;
  /** How pickles are written. */
  readonly pickle?:
    | Omit<PickleDumpOptions, "protocol" | "bufferCallback">
    | undefined;
  /** What there is to serialize with. @default {@linkcode defaultDaskRegistry} */
  readonly registry?: DaskRegistry | undefined;
}

/** Also Dask's own way of saying what it tries. */
const DEFAULT_SERIALIZERS: readonly string[] = ["dask", "pickle"];
/** Python's own limit. */
const MAX_DEPTH = 1000;
const NO_CONTEXT: DaskContext = {};

/** A serialization under way: the options, and how deep it is. */
export class Serializer implements SerializeTools {
  readonly context: DaskContext;
  readonly layout: HeaderLayout;
  readonly registry: DaskRegistry;
  /** The header of the last typed array. */
  readonly like: { dtype: string; byteLength: number; header: DaskHeader } = {
    dtype: "",
    byteLength: 0,
    header: {},
  };
  /** The last header of a type, and what it became. */
  readonly last: { own?: DaskHeader; type?: DaskType; whole?: DaskHeader } = {};
  /** The header of all pickles without buffers. */
  readonly bare: DaskHeader = { serializer: "pickle", writeable: [] };
  readonly #options: SerializeOptions;
  #pickles: SmallPickles | undefined;
  #depth = 0;

  constructor(options: SerializeOptions) {
    this.#options = options;
    this.context = options.context ?? NO_CONTEXT;
    this.layout = options.layout ?? "nested";
    this.registry = options.registry ?? defaultDaskRegistry;
  }

  /** Nested collections call it again, down to a limit. */
  serialize(
    value: unknown,
    serializers: readonly string[] = this.#options.serializers ??
      DEFAULT_SERIALIZERS,
    iterate?: boolean,
  ): Message {
    if (value instanceof Serialized) return value;
    if (value instanceof Serialize) {
      return this.serialize(value.data, serializers, true);
    }
    const kind = kindOf(value);
    if (kind !== undefined) {
      const items = iterate ?? this.#isIterated(value, serializers)
        ? itemsOf(kind, value)
        : undefined;
      if (items) return this.#collection(kind, items, serializers);
    }
    return this.#whole(value, serializers);
  }

  pickle(part: unknown): Bytes[] {
    const { frames } = this.pickled(part);
    return frames;
  }

  /** A pickle, the buffers beside it, and which of those Python may write into. */
  pickled(value: unknown): { frames: Bytes[]; writeable: boolean[] } {
    const asked = this.context["pickle-protocol"] ?? 5;
    const protocol = Math.min(asked, 5) as 5;
    const small = this.#small(value, protocol);
    if (small) return { frames: [small], writeable: [] };
    const frames: Bytes[] = [];
    const writeable: boolean[] = [];
    const options = { ...this.#options.pickle, protocol };
    const first = protocol < 5 ? dumps(value, options) : dumps(value, {
      ...options,
      bufferCallback(bytes, readonly) {
        frames.push(bytes);
        writeable.push(!readonly);
      },
    });
    return { frames: [first, ...frames], writeable };
  }

  /** Of the items of a list most are plain. */
  #small(value: unknown, protocol: number): Bytes | undefined {
    if (this.#depth === 0 || protocol < 4 || this.#options.pickle) {
      return undefined;
    }
    if (typeof value !== "object" || value === null) return undefined;
    this.#pickles ??= new SmallPickles();
    return this.#pickles.dump(value, protocol as 4 | 5);
  }

  #isIterated(value: unknown, serializers: readonly string[]): boolean {
    const msgpack = serializers.indexOf("msgpack");
    if (msgpack >= 0 && Array.isArray(value) && !(value instanceof PyTuple)) {
      // It would become a tuple.
      const pickle = serializers.indexOf("pickle");
      if (pickle < 0 || pickle > msgpack) return true;
    }
    return this.registry.typeOf(firstLeaf(value)) !== undefined;
  }

  #collection(
    type: string,
    { keys, values }: Items,
    serializers: readonly string[],
  ): Message {
    if (++this.#depth > MAX_DEPTH) {
      throw new SerializeError(`it is deeper than ${MAX_DEPTH}`, "$");
    }
    const headers: Record<string, unknown>[] = [];
    const lengths: number[] = [];
    const frames: Bytes[] = [];
    for (let i = 0; i < values.length; i++) {
      const { header, frames: own } = this.serialize(values[i], serializers);
      headers.push(keys ? { ...header, key: keys[i] } : header);
      lengths.push(own.length);
      for (const frame of own) frames.push(frame);
    }
    this.#depth--;
    const header = {
      "sub-headers": headers,
      "is-collection": true,
      "frame-lengths": lengths,
      "type-serialized": type,
      ...headers.some((header) => header.compression !== undefined) && {
        compression: compressionsOf(headers, lengths),
      },
    } as Message["header"];
    return { header, frames };
  }

  /** By the first family that takes it. */
  #whole(value: unknown, serializers: readonly string[]): Message {
    let cause: unknown;
    for (const name of serializers) {
      const { dumps } = this.registry.family(name);
      if (!dumps) continue;
      try {
        const message = dumps(value, this);
        if (!message) continue;
        if (message.header.serializer === name) return message;
        const { header, frames } = message;
        return { header: { ...header, serializer: name }, frames };
      } catch (error) {
        cause = error;
        break;
      }
    }
    const text = `Could not serialize object of type ${nameOf(value)}`;
    if (this.#options.onError === "raise") {
      if (cause instanceof SerializeError) throw cause;
      throw new SerializeError(text, "$", { cause });
    }
    return errorMessage(text, cause);
  }
}

/** What the frames of all went through, `null` where nothing is said. */
function compressionsOf(
  headers: readonly Readonly<Record<string, unknown>>[],
  lengths: readonly number[],
): unknown[] {
  return headers.flatMap(({ compression }, i) =>
    compression as unknown[] ?? new Array(lengths[i]!).fill(null)
  );
}

/**
 * A value as header and frames, as Dask's `serialize` makes them: lists, tuples, sets and dicts item by item if that pays,
 * typed arrays and arrays of numpy with their bytes as they are, all else as a pickle.
 *
 * @param value The value.
 * @param options The families to try, and what becomes of what none can.
 * @returns Header and frames; the bytes of arrays are not copied.
 * @throws {SerializeError} If no family can serialize it and `onError` is `"raise"`.
 * @throws {UnknownNameError} If there is no family of such a name.
 *
 * @example
 * ```ts
 * import { deserialize, serialize } from "@brine/brine/dask";
 * import { NdArray } from "@brine/brine/pickle";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const data = new Float64Array([1, 2]);
 * const { header, frames } = serialize({ x: data });
 * equal(frames[0]!.buffer, data.buffer);
 * const { x } = deserialize(header, frames) as { x: NdArray };
 * deepEqual(x.toTypedArray(), data);
 * ```
 */
export function serialize(
  value: unknown,
  options: SerializeOptions = {},
): Message {
  const { serializers, iterateCollection } = options;
  return new Serializer(options)
    .serialize(value, serializers, iterateCollection);
}
