/** What a runtime has, of what the library uses if it is there. */

/** One such thing, and what is done without it. */
export interface Feature {
  readonly name: string;
  readonly otherwise: string;
  isThere(): boolean;
}

const zlib = () => {
  const { process } = globalThis as {
    process?: {
      getBuiltinModule?(name: string): Record<string, unknown> | undefined;
    };
  };
  return process?.getBuiltinModule?.("node:zlib");
};

function compresses(format: string): boolean {
  try {
    new CompressionStream(format as CompressionFormat);
    return true;
  } catch {
    return false;
  }
}

const has = (name: string) => name in globalThis;

/** All of them. */
export const features: readonly Feature[] = [
  {
    name: "`node:zlib`",
    otherwise: "`CompressionStream`; gzip is read, and CRC-32 made, by ours",
    isThere: () => zlib() !== undefined,
  },
  {
    name: "zstd in `node:zlib`",
    otherwise: "`numcodecs` writes, `fzstd` reads",
    isThere: () => typeof zlib()?.createZstdCompress === "function",
  },
  {
    name: "brotli in `node:zlib`",
    otherwise: "`CompressionStream`",
    isThere: () => typeof zlib()?.createBrotliCompress === "function",
  },
  {
    name: "brotli in `CompressionStream`",
    otherwise: "ours reads and writes, if Node's is not there, either",
    isThere: () => compresses("brotli"),
  },
  {
    name: "`Uint8Array.prototype.toBase64`",
    otherwise: "`Buffer`, or `btoa`",
    isThere: () => "toBase64" in Uint8Array.prototype,
  },
  {
    name: "`Buffer`",
    otherwise: "`atob`, `btoa` and `@std/encoding`",
    isThere: () => has("Buffer"),
  },
  {
    name: "`ReadableStream.from`",
    otherwise: "a source that pulls",
    isThere: () => "from" in ReadableStream,
  },
  {
    name: "`Float16Array`",
    otherwise: "no such values, and those that come are refused",
    isThere: () => has("Float16Array"),
  },
  {
    name: "`Temporal`",
    otherwise: "no such values, and those that come are refused",
    isThere: () => has("Temporal"),
  },
];
