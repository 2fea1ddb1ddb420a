/**
 * Files of numpy: one array, or some by name.
 *
 * @module
 */
import { SerializeError } from "../src/errors.ts";
import { type NpyReadOptions, readNpy, writeNpy } from "../src/npy/npy.ts";
import {
  type NpzReadOptions,
  type NpzWriteOptions,
  readNpz,
  writeNpz,
} from "../src/npy/npz.ts";
import { ndArrayOf } from "../src/npy/of_values.ts";
import type { NdArray } from "../src/pickle/values/ndarray.ts";
import type { Bytes } from "../src/types.ts";
import { wholeStream } from "./_whole_stream.ts";
import type { Stage } from "./stage.ts";

/** The limit that both files of numpy have. */
export interface NpyFileLimits {
  /** Bytes of a file that the decoder takes. @default {1_073_741_824} */
  readonly maxMessageBytes?: number | undefined;
}

/** Options for {@linkcode npy}. */
export interface NpyOptions extends NpyReadOptions, NpyFileLimits {}

/** Options for {@linkcode npz}. */
export interface NpzOptions
  extends NpzReadOptions, NpzWriteOptions, NpyFileLimits {}

/**
 * One array as a `.npy` file of numpy. The encoder takes the array, a typed array, or lists within lists; several values are
 * the items of one array. The decoder reads the whole file and gives the array.
 *
 * @param options How objects are read, and how much.
 * @returns A stage from values to bytes, named `npy`.
 * @throws {SerializeError} From the encoder, for values that make no array.
 * @throws {FormatError} From the decoder, for what is no such file.
 *
 * @example
 * ```ts
 * import { dumps, loads, npy } from "@brine/brine";
 * import { NdArray } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const file = await dumps([[1, 2], [3, 4.5]], npy());
 * const array = await loads(file, npy()) as NdArray;
 * deepEqual(array.toNested(), [[1, 2], [3, 4.5]]);
 * ```
 */
export function npy(options: NpyOptions = {}): Stage<unknown, Bytes> {
  return {
    name: "npy",
    encoder: () => gathering((value) => [value], npyOf),
    decoder: () => whole("npy", options, (file) => readNpy(file, options)),
  };
}

/**
 * As {@linkcode npy}, for batches of values.
 *
 * @param options How objects are read, and how much.
 * @returns A stage from batches of values to bytes, named `npy`.
 *
 * @example
 * ```ts
 * import { dumps, npyBatches } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * equal((await dumps([1, 2, 3], npyBatches())).length, 128 + 3 * 8);
 * ```
 */
export function npyBatches(
  options: NpyOptions = {},
): Stage<readonly unknown[], Bytes> {
  return {
    name: "npy",
    encoder: () => gathering((batch) => batch, npyOf),
    decoder: () => whole("npy", options, (file) => [readNpy(file, options)]),
  };
}

/**
 * Arrays by name as a `.npz` file of numpy. The encoder takes one object, or `Map`, of arrays, typed arrays, or lists within
 * lists. The decoder reads the whole file and gives a `Map` of arrays.
 *
 * @param options How objects are read, whether arrays are compressed, and how much.
 * @returns A stage from an object to bytes, named `npz`.
 * @throws {SerializeError} From the encoder, for what is no object of arrays, or a second one.
 * @throws {FormatError} From the decoder, for what is no such file.
 *
 * @example
 * ```ts
 * import { dumps, loads, npz } from "@brine/brine";
 * import { NdArray } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const file = await dumps({ x: [1, 2], y: new Float32Array(3) }, npz());
 * const arrays = await loads(file, npz()) as Map<string, NdArray>;
 * deepEqual([...arrays.keys()], ["x", "y"]);
 * ```
 */
export function npz(options: NpzOptions = {}): Stage<unknown, Bytes> {
  return {
    name: "npz",
    encoder: () => gathering((value) => [value], npzWith(options)),
    decoder: () => whole("npz", options, (file) => readNpz(file, options)),
  };
}

/**
 * As {@linkcode npz}, for batches of values.
 *
 * @param options How objects are read, whether arrays are compressed, and how much.
 * @returns A stage from batches of one object in all to bytes, named `npz`.
 *
 * @example
 * ```ts
 * import { dumps, loads, npzBatches } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const file = await dumps([{ x: [1, 2] }], npzBatches());
 * const [arrays] = await loads(file, npzBatches());
 * equal((arrays as Map<string, unknown>).size, 1);
 * ```
 */
export function npzBatches(
  options: NpzOptions = {},
): Stage<readonly unknown[], Bytes> {
  return {
    name: "npz",
    encoder: () => gathering((batch) => batch, npzWith(options)),
    decoder: () => whole("npz", options, (file) => [readNpz(file, options)]),
  };
}

/** One value that is lists, or an array, is the array; else all values are its items. */
function npyOf(values: readonly unknown[]): Bytes {
  const [first] = values;
  const isArray = values.length === 1 && typeof first === "object";
  return writeNpy(ndArrayOf(isArray ? first : values));
}

function npzWith(
  options: NpzWriteOptions,
): (values: readonly unknown[]) => Bytes {
  return (values) => {
    const [value] = values;
    if (
      values.length !== 1 || typeof value !== "object" || value === null ||
      Array.isArray(value) || ArrayBuffer.isView(value)
    ) {
      throw new SerializeError("a .npz file is of one object of arrays", "$");
    }
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    const arrays = entries.map(([name, item]): [string, NdArray] => {
      if (typeof name === "string") return [name, ndArrayOf(item)];
      throw new SerializeError("arrays in a .npz file have names", "$");
    });
    return writeNpz(new Map(arrays), options);
  };
}

/** All values, and then the bytes of them. */
function gathering<In>(
  valuesOf: (chunk: In) => readonly unknown[],
  bytesOf: (values: readonly unknown[]) => Bytes,
): TransformStream<In, Bytes> {
  const values: unknown[] = [];
  return new TransformStream({
    transform(chunk) {
      for (const value of valuesOf(chunk)) values.push(value);
    },
    flush: (controller) => controller.enqueue(bytesOf(values)),
  });
}

const whole = <Out>(
  stage: string,
  { maxMessageBytes = 2 ** 30 }: NpyFileLimits,
  read: (file: Bytes) => Out,
) => wholeStream(stage, maxMessageBytes, read);
