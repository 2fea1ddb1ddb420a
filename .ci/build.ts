/**
 * Makes `dist/`, which is what npm's package is: each module as JavaScript with its types, and the command line as one file.
 * Runs on Bun.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** What of Bun's bundler is used here. */
declare const Bun: { build(options: object): Promise<unknown> };

const root = fileURLToPath(new URL("../", import.meta.url));
const dist = join(root, "dist");

/** The standard library is not on npm: its modules go along. */
const STD = {
  "@std/encoding/base64": "encoding/base64",
  "@std/streams/to-array-buffer": "streams/to_array_buffer",
};

/** As `deno check` has checked them; and what the editor is told of paths here is of no use in a package. */
const OPTIONS = [
  "--ignoreConfig",
  "--noCheck",
  "--declaration",
  "--module",
  "nodenext",
  "--target",
  "es2022",
  "--types",
  "",
  "--resolveJsonModule",
  "--rewriteRelativeImportExtensions",
  "--rootDir",
  root,
  "--outDir",
  dist,
];

function compile(): void {
  const tsc = join(root, "node_modules", ".bin", "tsc");
  const config = readFileSync(join(root, "deno.json"), "utf8");
  const entries = Object.values<string>(JSON.parse(config).exports);
  execFileSync(tsc, [...entries, ...OPTIONS], { cwd: root, stdio: "inherit" });
}

async function addStandardLibrary(): Promise<void> {
  await Bun.build({
    entrypoints: Object.values(STD).map((path) =>
      join(root, ".ci", "std", `${path}.ts`)
    ),
    root: join(root, ".ci", "std"),
    outdir: join(dist, "std"),
    target: "browser",
  });
}

/** Names of modules as they are in `dist/`: the compiler leaves those of types as they are, and those of other packages. */
function rename(): void {
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (!/\.(js|d\.ts)$/.test(name)) continue;
    const path = join(dist, name);
    let text = readFileSync(path, "utf8");
    if (name.endsWith(".d.ts")) {
      text = text.replace(
        /(from |import\()"(\.[^"]*)\.ts"/g,
        (_all, before, module) => `${before}"${module}.js"`,
      );
    }
    for (const [std, module] of Object.entries(STD)) {
      const to = relative(dirname(path), join(dist, "std", `${module}.js`))
        .replaceAll("\\", "/");
      text = text.replaceAll(`from "${std}"`, `from "${dotted(to)}"`);
    }
    writeFileSync(path, text);
  }
}

const dotted = (path: string) => path.startsWith(".") ? path : `./${path}`;

/** The command line with all that it needs, since one file starts sooner than three hundred. */
async function bundleCommand(): Promise<void> {
  await Bun.build({
    entrypoints: [join(root, "cli.ts")],
    outdir: dist,
    target: "node",
    banner: "#!/usr/bin/env node",
    // Names stay, for whoever reads where an error comes from.
    minify: { whitespace: true, syntax: true },
  });
}

rmSync(dist, { recursive: true, force: true });
compile();
await addStandardLibrary();
rename();
await bundleCommand();
rmSync(join(dist, "deno.json"));
