/**
 * Makes `src/inspector/assets.ts` of the page's sources and of the library as it is now: run `npm run build:inspector` before
 * a release, and whenever a source of the page has changed. Runs on Bun, whose bundler it is.
 *
 * ```sh
 * bun src/inspector/page/build.ts            # writes src/inspector/assets.ts
 * bun src/inspector/page/build.ts out.ts     # writes another file, as the tests do
 * bun src/inspector/page/build.ts --sizes    # and tells how large everything is
 * ```
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** What of Bun's bundler is used here. */
declare const Bun: {
  build(options: object): Promise<{
    readonly success: boolean;
    readonly logs: readonly unknown[];
    readonly outputs: readonly {
      readonly path: string;
      readonly kind: string;
      text(): Promise<string>;
    }[];
  }>;
};

/** What of a plugin is used here. */
interface Builder {
  onResolve(
    on: { filter: RegExp },
    resolve: (
      args: { path: string; importer: string },
    ) => { path: string; namespace?: string } | undefined,
  ): void;
  onLoad(
    on: { filter: RegExp; namespace?: string },
    load: (args: { path: string }) => object,
  ): void;
}

const PAGE = dirname(fileURLToPath(import.meta.url));
const TYPES = new Map([
  ["js", "text/javascript; charset=utf-8"],
  ["css", "text/css; charset=utf-8"],
  ["svg", "image/svg+xml"],
]);

/** A hash of all that the page itself is made of; what it takes from the library may change without it. */
export function sourceHash(): string {
  const hash = createHash("sha256");
  const names = readdirSync(PAGE, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => /\.(ts|css|html|svg)$/.test(name)).sort();
  for (const name of names) {
    hash.update(`${name}\n${readFileSync(join(PAGE, name), "utf8")}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** A module with the same names, none of which does anything. */
function absent(path: string): string {
  const names = readFileSync(path, "utf8").matchAll(
    /^export (?:async )?(?:function\*?|class|const) (\w+)/gm,
  );
  return [...names].map(([, name]) =>
    `export function ${name}() { throw new TypeError("it is not in this page"); }`
  ).join("\n");
}

/** Leaves what is not wanted at once, or not at all, out of the worker. */
const plugin = {
  name: "inspector",
  setup(build: Builder) {
    // The list of formats names those of Python, too, which the page reads in ways of its own.
    build.onResolve(
      { filter: /\/(npy|npz|dask|pickle|prefect|plain_batches)\b.*\.ts$/ },
      ({ path, importer }) =>
        /\/streams\/(formats|detect)\.ts$/.test(importer)
          ? { path: join(dirname(importer), path), namespace: "absent" }
          : undefined,
    );
    build.onLoad({ filter: /./, namespace: "absent" }, ({ path }) => ({
      contents: absent(path),
      loader: "js",
    }));
    // What writes zstd is larger than all the rest together; what reads it is not.
    build.onLoad(
      { filter: /numcodecs\/dist\/zstd\.js$|numcodecs\/zstd/ },
      () => ({
        contents: "export default {};",
        loader: "js",
      }),
    );
  },
};

interface File {
  readonly name: string;
  readonly text: string;
}

async function bundle(entry: string): Promise<File[]> {
  const { success, logs, outputs } = await Bun.build({
    entrypoints: [join(PAGE, entry)],
    root: PAGE,
    target: "browser",
    format: "esm",
    splitting: true,
    minify: true,
    naming: { entry: "[name]-[hash].[ext]", chunk: "part-[hash].[ext]" },
    plugins: [plugin],
  });
  if (!success) throw new Error(logs.join("\n"));
  return await Promise.all(
    outputs.map(async (output) => ({
      name: output.path.replace(/^\.\//, ""),
      text: await output.text(),
    })),
  );
}

function plain(name: string): File {
  const text = name.endsWith(".css")
    ? minified(readFileSync(join(PAGE, name), "utf8"))
    : readFileSync(join(PAGE, name), "utf8").trim();
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return { name: name.replace(".", `-${hash}.`), text };
}

/** Comments and spaces of a style sheet that are of no meaning. */
function minified(css: string): string {
  return css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s+/g, " ").replace(
    / ?([{};,]) ?/g,
    "$1",
  ).trim();
}

function html(files: readonly File[]): string {
  const text = readFileSync(join(PAGE, "index.html"), "utf8");
  return text.replace(/\{([\w.]+\.\w+)\}/g, (_, name: string) => {
    const [stem, extension] = name.split(".");
    const file = files.find((file) =>
      file.name.startsWith(`${stem}-`) && file.name.endsWith(`.${extension}`)
    );
    if (!file) throw new Error(`index.html names ${name}, which is not there`);
    return file.name;
  });
}

async function main(args: readonly string[]): Promise<void> {
  const target = args.find((arg) => !arg.startsWith("--")) ??
    join(PAGE, "..", "assets.ts");
  const files = [
    ...await bundle("app.ts"),
    ...await bundle("worker/main.ts"),
    plain("style.css"),
    plain("icon.svg"),
  ];
  const lines = files.map(({ name, text }) => {
    const gzipped = gzipSync(text, { level: 9 });
    if (args.includes("--sizes")) {
      console.log(
        `${String(text.length).padStart(8)} ${
          String(gzipped.length).padStart(7)
        }  ${name}`,
      );
    }
    const type = TYPES.get(name.split(".").at(-1)!);
    return `  ${JSON.stringify(name)}: { type: ${JSON.stringify(type)}, gzip: ${
      JSON.stringify(gzipped.toString("base64"))
    } },`;
  });
  writeFileSync(
    target,
    `// Made by \`npm run build:inspector\` of the sources in \`page\`: not to be changed by hand.
/** What the page was made of. */
export const sources: string = ${JSON.stringify(sourceHash())};
/** The page, with \`{base}\` where the way to its assets goes. */
export const html: string = ${JSON.stringify(html(files))};
/** Everything that it loads, by name, gzipped and in base64. */
export const assets: Record<string, { readonly type: string; readonly gzip: string }> = {
${lines.join("\n")}
};
`,
  );
}

if (import.meta.main) await main(process.argv.slice(2));
