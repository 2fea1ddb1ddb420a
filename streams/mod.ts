/**
 * Stages: how values, messages and bytes move. Each is a pair of `TransformStream` factories; {@linkcode pipe} joins them.
 *
 * @example Records to a compressed stream, and back
 * ```ts
 * import { frames, compress, pipe, serialize, zstd } from "@brine/brine/streams";
 * import { deepEqual } from "node:assert/strict";
 *
 * const wire = pipe(serialize(), compress(zstd()), frames());
 * const values = [{ id: 1 }, { id: 2n }, { id: new Date(3) }];
 *
 * const back = [];
 * const stream = ReadableStream.from(values).pipeThrough(wire.encoder()).pipeThrough(wire.decoder());
 * for await (const value of stream) back.push(value);
 * deepEqual(back, values);
 * ```
 *
 * @module
 */
export * from "./bare.ts";
export * from "./base64.ts";
export * from "./brotli.ts";
export * from "./bzip2.ts";
export * from "./codecs.ts";
export * from "./compress.ts";
export * from "./detect.ts";
export * from "./dumps.ts";
export * from "./error_message.ts";
export * from "./formats.ts";
export * from "./frames.ts";
export * from "./gzip.ts";
export * from "./json_array.ts";
export * from "./json_document.ts";
export * from "./json_seq.ts";
export * from "./limit.ts";
export * from "./validate.ts";
export * from "./live.ts";
export * from "./live_messages.ts";
export * from "./lines.ts";
export * from "./lz4.ts";
export * from "./msgpack_sequence.ts";
export * from "./ndjson.ts";
export * from "./npy.ts";
export * from "./open.ts";
export * from "./pickle.ts";
export * from "./plain_batches.ts";
export * from "./presets.ts";
export * from "./progress.ts";
export * from "./serialize.ts";
export * from "./snappy.ts";
export * from "./sources.ts";
export * from "./split.ts";
export * from "./stage.ts";
export * from "./xz.ts";
export * from "./zstd.ts";

// The types that all of these are declared with, for whoever imports this module alone.
export type { PlainOptions } from "../src/dask/plain.ts";
export type { NpyReadOptions } from "../src/npy/npy.ts";
export type { NpzReadOptions, NpzWriteOptions } from "../src/npy/npz.ts";
export type * from "../src/pickle/option_types.ts";
export type { PickleParserOptions } from "../src/pickle/parser.ts";
export type * from "../src/registry_types.ts";
export type { FrameLimits, PackedMessage } from "../src/wire/frames.ts";
