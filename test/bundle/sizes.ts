/**
 * How large the library is where it is bundled: minified, gzipped, and what most of it is. Runs on Bun, whose bundler it is.
 *
 * ```sh
 * npm run size             # a table, and the largest parts
 * bun test/bundle/sizes.ts --json
 * ```
 */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** What of Bun's bundler is used here. */
declare const Bun: {
  build(options: object): Promise<{
    readonly outputs: readonly {
      readonly kind: string;
      text(): Promise<string>;
    }[];
    readonly metafile: {
      readonly outputs: Record<string, {
        readonly entryPoint?: string;
        readonly inputs: Record<string, { readonly bytesInOutput: number }>;
      }>;
    };
  }>;
};

/** What somebody imports, and how large that may become. */
export interface Bundle {
  readonly name: string;
  readonly source: string;
  /** What is left out of it: whole folders and modules. */
  readonly without?: RegExp;
  /** In bytes, minified and gzipped. */
  readonly ceiling: number;
  /** What it should be. */
  readonly goal?: number;
}

/** How large something is. */
export interface Size {
  readonly name: string;
  readonly minified: number;
  readonly gzipped: number;
  /** Bytes of each module in what is loaded at once, the largest first. */
  readonly parts: readonly (readonly [path: string, bytes: number])[];
  /** Whether any chunk, of those that are loaded later too, makes code of text. */
  readonly makesCode: boolean;
}

const PYTHON = /\/(src|streams)\/(pickle|dask|prefect|npy)(\/|\.ts)/;
const OPTIONAL =
  /\/(src|streams)\/(pickle|dask|prefect|npy|brotli|bzip2|lz4|snappy|xz|zstd|_zstd_\w+|zstd_frames|xxh64|codecs)(\/|\.ts)/;

/** The ceilings are what there is, and a little: what grows beyond is seen. */
export const bundles: readonly Bundle[] = [
  {
    name: "json + frames",
    source: "export { frames, json } from 'brine';",
    ceiling: 14_500,
    goal: 8_192,
  },
  {
    name: "Registry, json, frames, packFrames",
    source:
      "export { frames, json, packFrames, Registry, unpackFrames } from 'brine';",
    ceiling: 15_800,
  },
  {
    name: "messages, dumps, loads, without formats of Python",
    source: "export { dumps, loads, messages } from 'brine';",
    without: PYTHON,
    ceiling: 32_000,
  },
  {
    name: "all but formats of Python and optional codecs",
    source: "export * from 'brine';",
    without: OPTIONAL,
    ceiling: 53_000,
    goal: 20_480,
  },
];

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Bundles something as a user would, for a browser. */
export async function sizeOf({ name, source, without }: Bundle): Promise<Size> {
  const entry = `${ROOT}entry.ts`;
  const empty = { contents: "module.exports = {};", loader: "js" };
  const stub = {
    name: "without",
    // The bundler's own type of this is not here.
    setup(build: { onLoad(on: object, load: () => object): void }) {
      if (without) build.onLoad({ filter: without }, () => empty);
    },
  };
  const { outputs, metafile } = await Bun.build({
    entrypoints: [entry],
    files: { [entry]: source.replace("'brine'", JSON.stringify("./mod.ts")) },
    target: "browser",
    minify: true,
    splitting: true,
    metafile: true,
    plugins: [stub],
  });
  const texts = await Promise.all(outputs.map((output) => output.text()));
  const first = texts[outputs.findIndex(({ kind }) => kind === "entry-point")]!;
  const meta = Object.values(metafile.outputs)
    .find(({ entryPoint }) => entryPoint?.endsWith("entry.ts"));
  return {
    name,
    minified: first.length,
    gzipped: gzipSync(first, { level: 9 }).length,
    parts: Object.entries(meta?.inputs ?? {})
      .map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const)
      .sort(([, a], [, b]) => b - a),
    makesCode: texts.some((text) => /\beval\(|\bFunction\(/.test(text)),
  };
}

if (import.meta.main) {
  const sizes = [];
  for (const bundle of bundles) sizes.push(await sizeOf(bundle));
  if (process.argv.includes("--json")) console.log(JSON.stringify(sizes));
  else {
    for (const { name, minified, gzipped, parts } of sizes) {
      const { goal } = bundles.find((bundle) => bundle.name === name)!;
      const wanted = goal === undefined ? "" : `, wanted ${goal}`;
      console.log(`${name}: ${minified} minified, ${gzipped} gzipped${wanted}`);
      for (const [path, bytes] of parts.slice(0, 15)) {
        console.log(`${String(bytes).padStart(9)}  ${path}`);
      }
    }
  }
}
