import { brotli } from "./brotli.ts";
import { deflate, deflateRaw, gzip } from "./gzip.ts";
import type { Codec } from "./stage.ts";
import { zstd } from "./zstd.ts";

/**
 * Every compression of this library, with its default level: what a reader accepts if nothing else is said, and what the
 * command line and the server offer.
 *
 * @returns A codec of each.
 *
 * @example
 * ```ts
 * import { codecs } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const names = codecs().map(({ name }) => name);
 * deepEqual(names, ["gzip", "deflate", "deflate-raw", "brotli", "zstd"]);
 * ```
 */
export function codecs(): readonly Codec[] {
  return [gzip(), deflate(), deflateRaw(), brotli(), zstd()];
}
