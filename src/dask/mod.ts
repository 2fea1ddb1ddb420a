/**
 * Dask's serialization protocol: values as header and frames, messages and blobs, as `distributed.protocol` reads and writes
 * them. Nothing of Python is run to read any of it.
 *
 * @module
 */
export {
  deserializeBytes,
  serializeBytelist,
  serializeBytes,
  type SerializeBytesOptions,
} from "./blob.ts";
export { maybeCompress, type MaybeCompressOptions } from "./compress.ts";
export type { DaskCompression } from "./compression.ts";
export type { CompressionRule } from "./compressions.ts";
export { defaultDaskRegistry } from "./default_registry.ts";
export { deserialize, type DeserializeOptions } from "./deserialize.ts";
export { dumps, type MessageDumpOptions } from "./message.ts";
export { nestedDeserialize } from "./nested.ts";
export * from "./pack.ts";
export {
  loads,
  mergeAndDeserialize,
  type MessageLoadOptions,
} from "./read_message.ts";
export { type PlainOptions, plainValue } from "./plain.ts";
export * from "./register.ts";
export {
  type DaskContext,
  type DaskDeserialize,
  type DaskFamily,
  DaskRegistry,
  type DaskSerialize,
  type DaskType,
  type DeserializeTools,
  type PythonClass,
  type SerializeTools,
} from "./registry.ts";
export {
  type HeaderLayout,
  serialize,
  type SerializeOptions,
} from "./serialize.ts";
export { frameSplitSize } from "./split.ts";
export { type SparseEntries, sparseEntries } from "./types/sparse.ts";
export {
  type ArrowReader,
  ArrowStream,
  type DaskHeader,
  MASKED,
  PyMemoryView,
  Serialize,
  Serialized,
  ToPickle,
  toSerialize,
} from "./values.ts";
export {
  type NpyArray,
  type NpyReadOptions,
  readNpy,
  writeNpy,
} from "../npy/npy.ts";
export {
  type NpzReadOptions,
  type NpzWriteOptions,
  readNpz,
  writeNpz,
} from "../npy/npz.ts";
export { ndArrayOf } from "../npy/of_values.ts";
