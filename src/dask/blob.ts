import { FormatError } from "../errors.ts";
import type { Bytes } from "../types.ts";
import type { DeserializeOptions } from "./deserialize.ts";
import {
  type MessageDumpOptions,
  packHeader,
  splitAndCompressed,
} from "./message.ts";
import { packFrames, packFramesPrelude, unpackFrames } from "./pack.ts";
import { decompressAndDeserialize, readHeader } from "./read_message.ts";
import type { DaskHeader } from "./values.ts";

/** Options for {@linkcode serializeBytes}. */
export interface SerializeBytesOptions
  extends Omit<MessageDumpOptions, "fallback"> {
  /** The name of a compression for the frames. @default none */
  readonly compression?: string | null | undefined;
}

/**
 * A value as one blob, for a file or a database: what Dask's `deserialize_bytes` reads.
 *
 * @param value The value.
 * @param options How it is serialized and compressed.
 * @returns The bytes.
 * @throws {SerializeError} If it cannot be serialized and `onError` is `"raise"`.
 *
 * @example
 * ```ts
 * import { deserializeBytes, serializeBytes } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const blob = serializeBytes({ a: [1, 2] }, { compression: "zlib" });
 * deepEqual(deserializeBytes(blob), { a: [1, 2] });
 * ```
 */
export function serializeBytes(
  value: unknown,
  options: SerializeBytesOptions = {},
): Bytes {
  return packFrames(framesOf(value, options));
}

/**
 * The same in pieces, without a copy: the bytes of arrays are as they are.
 *
 * @param value The value.
 * @param options How it is serialized and compressed.
 * @returns The pieces, to be written one after the other.
 * @throws {SerializeError} If it cannot be serialized and `onError` is `"raise"`.
 *
 * @example
 * ```ts
 * import { serializeBytelist } from "@brine/brine/dask";
 * import { equal } from "node:assert/strict";
 *
 * const data = new Float64Array(1_000);
 * equal(serializeBytelist(data).at(-1)!.buffer, data.buffer);
 * ```
 */
export function serializeBytelist(
  value: unknown,
  options: SerializeBytesOptions = {},
): Bytes[] {
  const frames = framesOf(value, options);
  return [packFramesPrelude(frames), ...frames];
}

function framesOf(value: unknown, options: SerializeBytesOptions): Bytes[] {
  const { compression } = options;
  const context = compression === undefined
    ? options.context
    : { ...options.context, compression };
  const { header, frames } = splitAndCompressed(value, { ...options, context });
  return [packHeader({ ...header, count: frames.length }), ...frames];
}

/**
 * The value of a blob that {@linkcode serializeBytes}, or Dask's `serialize_bytes`, made.
 *
 * @param blob The bytes; what follows the value is left alone.
 * @param options What is accepted, and what values become.
 * @returns The value; arrays are views of the blob unless they were compressed.
 * @throws {FormatError} If it is no such blob; {@linkcode TruncatedError} if it is cut.
 *
 * @example
 * ```ts
 * import { deserializeBytes, serializeBytes } from "@brine/brine/dask";
 * import { NdArray } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const array = deserializeBytes(serializeBytes(new Int16Array([1, -1]))) as NdArray;
 * deepEqual(array.toArray(), [1, -1]);
 * ```
 */
export function deserializeBytes(
  blob: Bytes,
  options: DeserializeOptions = {},
): unknown {
  const [first, ...frames] = unpackFrames(blob);
  if (!first) throw new FormatError("dask", "a blob without a header");
  const header: DaskHeader = first.length === 0
    ? {}
    : readHeader(first, options);
  return decompressAndDeserialize(header, frames, options);
}
