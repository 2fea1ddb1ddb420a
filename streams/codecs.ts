import { brotli } from "./brotli.ts";
import { bzip2 } from "./bzip2.ts";
import { deflate, deflateRaw, gzip } from "./gzip.ts";
import { lz4, lz4Block } from "./lz4.ts";
import { snappy, snappyFramed } from "./snappy.ts";
import type { Codec } from "./stage.ts";
import { lzma, xz } from "./xz.ts";
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
 * deepEqual(names.slice(0, 5), ["gzip", "deflate", "deflate-raw", "brotli", "zstd"]);
 * deepEqual(names.slice(5, 9), ["xz", "lzma", "bzip2", "lz4"]);
 * deepEqual(names.slice(9), ["lz4-block", "snappy", "snappy-framed"]);
 * ```
 */
export function codecs(): readonly Codec[] {
  return [
    gzip(),
    deflate(),
    deflateRaw(),
    brotli(),
    zstd(),
    xz(),
    lzma(),
    bzip2(),
    lz4(),
    lz4Block(),
    snappy(),
    snappyFramed(),
  ];
}
