/** How large the workers of `examples/edge/` are, and the server. Runs on Bun, whose bundler it is; the ceilings are what there is, and a little. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

interface Output {
  readonly entryPoint?: string;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

interface Build {
  readonly outputs: readonly {
    readonly path: string;
    text(): Promise<string>;
  }[];
  readonly metafile: { readonly outputs: Readonly<Record<string, Output>> };
}

/** What of Bun's bundler is used here. */
declare const Bun: { build(options: object): Promise<Build> };

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Codecs that not everybody needs, and the formats of Python. */
const OPTIONAL =
  /\/(src|streams)\/(pickle|dask|prefect|npy|brotli|bzip2|lz4|snappy|xz|zstd|_zstd_\w+|zstd_frames|xxh64|codecs)(\/|\.ts)/;

/** Minified and gzipped, in bytes. */
export interface Sizes {
  /** Everything, with what is loaded when it is used. */
  readonly all: number;
  /** What is loaded at the start. */
  readonly start: number;
  /** The same without optional codecs and formats of Python. */
  readonly least: number;
  /** All code there is, to be looked into. */
  readonly code: string;
}

/** Of a module of this repository. */
export async function sizesOf(path: string): Promise<Sizes> {
  const whole = await bundle(path);
  const least = await bundle(path, OPTIONAL);
  return {
    all: gzipped([...whole.texts.values()]),
    start: gzipped(whole.start),
    least: gzipped(least.start),
    code: [...whole.texts.values()].join("\n"),
  };
}

const gzipped = (texts: readonly string[]) =>
  gzipSync(texts.join("\n"), { level: 9 }).length;

async function bundle(module: string, without?: RegExp) {
  const { outputs, metafile } = await Bun.build({
    entrypoints: [`${root}${module}`],
    target: "browser",
    // Only `serve` has it, which no worker calls.
    external: ["@hono/node-server"],
    minify: true,
    splitting: true,
    metafile: true,
    plugins: without ? [stubOf(without)] : [],
  });
  const texts = new Map<string, string>();
  for (const output of outputs) {
    texts.set(nameOf(output.path), await output.text());
  }
  const chunks = new Map(
    Object.entries(metafile.outputs).map((
      [path, meta],
    ) => [nameOf(path), meta]),
  );
  const [entry] = [...chunks].find(([, { entryPoint }]) =>
    entryPoint?.endsWith(module)
  )!;
  const start = [...reached(entry, chunks)].map((name) => texts.get(name)!);
  return { texts, start };
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** The chunk, and those that are loaded with it. */
function reached(
  name: string,
  chunks: ReadonlyMap<string, Output>,
  found: Set<string> = new Set(),
): Set<string> {
  const chunk = chunks.get(name);
  if (!chunk || found.has(name)) return found;
  found.add(name);
  for (const { path, kind } of chunk.imports) {
    if (kind !== "dynamic-import") reached(nameOf(path), chunks, found);
  }
  return found;
}

function stubOf(filter: RegExp): object {
  const empty = { contents: "module.exports = {};", loader: "js" };
  return {
    name: "without",
    setup(build: { onLoad(on: object, load: () => object): void }) {
      build.onLoad({ filter }, () => empty);
    },
  };
}
