import {
  brotli,
  bzip2,
  type Codec,
  codecOf,
  codecs,
  deflate,
  deflateRaw,
  gzip,
  lzma,
  xz,
  zstd,
} from "../../mod.ts";
import { CliError, EXIT } from "./errors.ts";

const AT_LEVEL = new Map<string, (level: number) => Codec>([
  ["gzip", (level) => gzip({ level })],
  ["deflate", (level) => deflate({ level })],
  ["deflate-raw", (level) => deflateRaw({ level })],
  ["brotli", (level) => brotli({ quality: level })],
  ["zstd", (level) => zstd({ level })],
  ["xz", (level) => xz({ preset: level })],
  ["lzma", (level) => lzma({ preset: level })],
  ["bzip2", (level) => bzip2({ level })],
]);

/** The codec that the user named, at the level asked for. */
export function compressor(
  compress?: string,
  level?: number,
): Codec | undefined {
  if (compress === undefined || compress === "none") return undefined;
  const codec = codecOf(compress);
  if (level === undefined) return codec;
  try {
    return atLevel(codec, level);
  } catch (error) {
    throw new CliError((error as Error).message, EXIT.usage);
  }
}

function atLevel({ name }: Codec, level: number): Codec {
  const make = AT_LEVEL.get(name);
  if (make) return make(level);
  throw new RangeError(`Cannot use level ${level} of ${name}: it has none`);
}

/** The codecs that `--compress` knows. */
export function compressions(): readonly string[] {
  return ["none", ...codecs().map(({ name }) => name)];
}
