/**
 * Prefect's serializers and persisted results: what Prefect wrote is read, and what is written here Prefect reads.
 *
 * @example A result that Prefect stored, without Python
 * ```ts
 * import { serializer } from "@brine/brine/prefect";
 * import { deepEqual } from "node:assert/strict";
 *
 * const blob = new TextEncoder().encode("eJyrVkpUslIwrAUACeUCKQ==\n");
 * const value = await serializer({ type: "compressed/json", compressionlib: "zlib" }).loads(blob);
 * deepEqual(value, { a: 1 });
 * ```
 *
 * @module
 */
export {
  type Encoding,
  fromPickleClass,
  modelClass,
  type PrefectClass,
  PrefectClasses,
  type PrefectValueOptions,
} from "../../src/prefect/classes.ts";
export { defaultClasses } from "../../src/prefect/default_classes.ts";
export { jsonable } from "../../src/prefect/jsonable.ts";
export * from "./default_libraries.ts";
export * from "./libraries.ts";
export * from "./serializer.ts";
export type * from "./types.ts";
export type { LooseMetadata } from "../../src/prefect/metadata.ts";
export * from "./record.ts";
export * from "./result.ts";

// The types that all of these are declared with, for whoever imports this module alone.
export type * from "../../src/pickle/option_types.ts";
export type { Class } from "../../src/serialization.ts";
export type { Bytes } from "../../src/types.ts";
export type { Codec, Stage } from "../stage.ts";
