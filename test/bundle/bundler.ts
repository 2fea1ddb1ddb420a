/** What a bundler makes of the library: what is loaded at the start, and what there is in all. Runs on Bun, whose bundler it is. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

interface Chunk {
  readonly entryPoint?: string;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
}

/** What of Bun's bundler is used here. */
declare const Bun: {
  build(options: object): Promise<{
    readonly outputs: readonly {
      readonly path: string;
      text(): Promise<string>;
    }[];
    readonly metafile: { readonly outputs: Readonly<Record<string, Chunk>> };
  }>;
};

/** What is bundled. */
export interface Input {
  /** The path of a module, from the root. */
  readonly path: string;
  /** Its text, if there is no such module. */
  readonly text?: string;
  /** What is left out of it: whole folders and modules. */
  readonly without?: RegExp | undefined;
}

/** What became of it, minified. */
export interface Bundled {
  /** The texts of what is loaded at the start. */
  readonly start: readonly string[];
  /** All texts, with what is loaded when it is used. */
  readonly all: readonly string[];
  /** Bytes of each module in what is loaded at the start, the largest first. */
  readonly parts: readonly (readonly [path: string, bytes: number])[];
}

/** Folders and modules of codecs that not everybody needs. */
export const CODECS: string = String
  .raw`brotli|bzip2|lz4|snappy|xz|zstd|_zstd_\w+|zstd_frames|xxh64|codecs`;

/** What is in such folders and modules of the library. */
export function within(names: string): RegExp {
  return new RegExp(String.raw`/(src|streams)/(${names})(/|\.ts)`);
}

/** The root of the repository. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** Bundles a module as a user would, for a browser. */
export async function bundle({ path, text, without }: Input): Promise<Bundled> {
  const entry = `${ROOT}${path}`;
  const { outputs, metafile } = await Bun.build({
    entrypoints: [entry],
    ...text !== undefined && { files: { [entry]: text } },
    target: "browser",
    // Only `serve` has it, which no browser and no worker calls.
    external: ["@hono/node-server"],
    minify: true,
    splitting: true,
    metafile: true,
    plugins: without ? [leavingOut(without)] : [],
  });
  const chunks = new Map(
    Object.entries(metafile.outputs)
      .map(([path, chunk]) => [nameOf(path), chunk]),
  );
  const texts = new Map<string, string>();
  for (const output of outputs) {
    texts.set(nameOf(output.path), await output.text());
  }
  const [first] = [...chunks].find(([, { entryPoint }]) =>
    entryPoint?.endsWith(path)
  )!;
  const loaded = [...reached(first, chunks)];
  return {
    start: loaded.map((name) => texts.get(name)!),
    all: [...texts.values()],
    parts: loaded.flatMap((name) => Object.entries(chunks.get(name)!.inputs))
      .map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const)
      .sort(([, a], [, b]) => b - a),
  };
}

/** How large texts are, minified as they are, when they are gzipped too. */
export function gzipped(texts: readonly string[]): number {
  return gzipSync(texts.join("\n"), { level: 9 }).length;
}

/** Whether one of the texts makes code of text. */
export function makesCode(texts: readonly string[]): boolean {
  return texts.some((text) => /(?<![.\w])(?:eval|Function)\(/.test(text));
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** The chunk, and those that are loaded with it. */
function reached(
  name: string,
  chunks: ReadonlyMap<string, Chunk>,
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

function leavingOut(filter: RegExp): object {
  const empty = { contents: "module.exports = {};", loader: "js" };
  return {
    name: "without",
    // The bundler's own type of this is not here.
    setup(build: { onLoad(on: object, load: () => object): void }) {
      build.onLoad({ filter }, () => empty);
    },
  };
}
