import type { Bytes } from "../types.ts";
import { compressIfWorth, type CompressionRule } from "./compressions.ts";
import { defaultDaskRegistry } from "./default_registry.ts";
import type { DaskRegistry } from "./registry.ts";

/** Options for {@linkcode maybeCompress}. */
export interface MaybeCompressOptions extends CompressionRule {
  /** The compressions. @default {@linkcode defaultDaskRegistry} */
  readonly registry?: DaskRegistry | undefined;
}

/**
 * Compresses a payload if that pays, by Dask's rule: what is short is left alone; of what is long samples are tried first;
 * and what does not shrink enough goes as it was.
 *
 * @param payload The payload.
 * @param options What with, and what pays.
 * @returns The name of the compression, `null` for none, and the payload.
 * @throws {UnknownNameError} If there is no compression of that name.
 *
 * @example
 * ```ts
 * import { maybeCompress } from "@brine/brine/dask";
 * import { equal } from "node:assert/strict";
 *
 * const [name, packed] = maybeCompress(new Uint8Array(100_000), { compression: "lz4" });
 * equal(name, "lz4");
 * equal(packed.length < 1_000, true);
 * ```
 */
export function maybeCompress(
  payload: Bytes,
  options: MaybeCompressOptions = {},
): [name: string | null, payload: Bytes] {
  const registry = options.registry ?? defaultDaskRegistry;
  return compressIfWorth(payload, { ...options, registry });
}
