/**
 * Dask's serialization protocol: values as header and frames, messages and blobs, as `distributed.protocol` reads and writes
 * them, at once and as streams. Nothing of Python is run to read any of it.
 *
 * @example A blob that Python's `deserialize_bytes` reads
 * ```ts
 * import { deserializeBytes, serializeBytes } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const blob = serializeBytes({ a: [1, null], b: new Set(["x"]) });
 * deepEqual(deserializeBytes(blob), { a: [1, null], b: new Set(["x"]) });
 * ```
 *
 * @module
 */
export * from "../../src/dask/mod.ts";
export type { DaskLimits } from "./_packed.ts";
export * from "./blobs.ts";
export * from "./frames.ts";
export type { ScatterData } from "./_scatter.ts";
export type { KeyNotice } from "./_scheduler_stream.ts";
export { Client } from "./client.ts";
export { ClusterView } from "./cluster_view.ts";
export { Comm, type HandshakeInfo, type ReceiveOptions } from "./comm.ts";
export { connect } from "./connect.ts";
export { Dataset, type PublishOptions, toFuture } from "./dataset.ts";
export { CommClosedError, LostKeyError } from "./errors.ts";
export { type DaskKey, KeyMap } from "./keys.ts";
export type * from "./options.ts";

// The types that all of these are declared with, for whoever imports this module alone.
export type * from "../../src/pickle/option_types.ts";
export type { PySingleton } from "../../src/pickle/values/builtin.ts";
export type {
  DType,
  DTypeField,
  DTypeKind,
} from "../../src/pickle/values/dtype.ts";
export type { NdArray, NdTypedArray } from "../../src/pickle/values/ndarray.ts";
export type { Class } from "../../src/serialization.ts";
export type * from "../../src/types.ts";
export type { PackedMessage } from "../../src/wire/frames.ts";
export type { Stage } from "../stage.ts";
