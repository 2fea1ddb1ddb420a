/**
 * Brine: streaming serialization for web-standard runtimes.
 *
 * Values become *header + frames*, move through WHATWG `TransformStream`s, and come back as they were, in bounded memory;
 * and a reader knows a cut or damaged stream from a whole one.
 *
 * @example Stream anything, with its types
 * ```ts
 * import { messages, zstd } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * async function* readings() {
 *   for (let i = 0; i < 100_000; i++) yield { i, at: new Date(i), value: Math.sin(i) };
 * }
 * const brine = messages<{ i: number; at: Date; value: number }>({ codec: zstd() });
 * const bytes = ReadableStream.from(readings()).pipeThrough(brine.encoder());
 *
 * let count = 0;
 * for await (const { at } of bytes.pipeThrough(brine.decoder())) {
 *   equal(at.getTime(), count++);
 * }
 * equal(count, 100_000);
 * ```
 *
 * @module
 */
export * from "./src/types.ts";
export * from "./src/errors.ts";
export * from "./src/serialization.ts";
export * from "./src/family.ts";
export { lazyFamily } from "./src/lazy_family.ts";
export * from "./src/registry.ts";
export {
  brine,
  type Serializable,
  type SerializableClass,
} from "./src/methods.ts";
export * from "./src/default_registry.ts";
export { errorMessage } from "./src/error_family.ts";
export * from "./src/json/family.ts";
export * from "./src/msgpack/family.ts";
export * from "./src/pickle/family.ts";
export {
  type FrameLimits,
  type PackedMessage,
  packFrames,
  unpackFrames,
} from "./src/wire/frames.ts";
export * from "./streams/mod.ts";
