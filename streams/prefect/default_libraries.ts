import { dumps, loads } from "../../src/pickle/mod.ts";
import { pythonFormat } from "../../src/prefect/format.ts";
import { pythonReading } from "../../src/prefect/read.ts";
import { brotli } from "../brotli.ts";
import { bzip2 } from "../bzip2.ts";
import { deflate, gzip } from "../gzip.ts";
import { lz4, lz4Block } from "../lz4.ts";
import { snappy } from "../snappy.ts";
import { xz } from "../xz.ts";
import { zstd } from "../zstd.ts";
import { sized } from "./_whole.ts";
import { type PickleLibrary, PrefectLibraries } from "./libraries.ts";

/** What Python reads only with its size before it is gathered whole. */
const MAX_SIZED = 1 << 30;

/**
 * What is known if nothing else is said: `json`; `cloudpickle`, `pickle` and `dill`; `lzma`, `zlib`, `gzip`, `bz2`,
 * `zstandard`, `lz4.frame`, `lz4.block`, `snappy` and `brotli`.
 *
 * @example
 * ```ts
 * import { prefectLibraries } from "@brine/brine/prefect";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual([...prefectLibraries.compressions()].slice(0, 4), ["lzma", "zlib", "gzip", "bz2"]);
 * ```
 */
export const prefectLibraries: PrefectLibraries = new PrefectLibraries()
  .addJson("json", {
    format: pythonFormat,
    reading: pythonReading,
    hasDecoder: true,
  })
  .addPickle("cloudpickle", pickleOf(5))
  .addPickle("pickle", pickleOf(4))
  .addPickle("dill", pickleOf(4))
  .addCompression(
    "lzma",
    (preset) => xz({ ignoresRest: true, ...of({ preset }) }),
  )
  .addCompression(
    "zlib",
    (level) => deflate({ ignoresRest: true, ...of({ level }) }),
  )
  .addCompression("gzip", (level) => gzip({ level: level ?? 9 }))
  .addCompression(
    "bz2",
    (level) => bzip2({ ignoresRest: true, ...of({ level }) }),
  )
  .addCompression("zstandard", (level) => sized(zstd(of({ level })), MAX_SIZED))
  .addCompression("lz4.frame", () => sized(lz4(), MAX_SIZED))
  .addCompression("lz4.block", () => lz4Block())
  .addCompression("snappy", () => snappy())
  .addCompression("brotli", (quality) => brotli(of({ quality })));

function of<K extends string>(
  options: Record<K, number | undefined>,
): Partial<Record<K, number>> {
  const given = Object.entries(options).filter(([, value]) =>
    value !== undefined
  );
  return Object.fromEntries(given) as Partial<Record<K, number>>;
}

function pickleOf(protocol: 4 | 5): PickleLibrary {
  return {
    dumps: (value, options) => dumps(value, { protocol, ...options }),
    loads: (pickle, options) => loads(pickle, options),
  };
}
