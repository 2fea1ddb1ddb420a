/**
 * Makes one module of the conformance table, with the library and all vectors, that needs no Node. Runs on Bun, whose bundler
 * it is.
 *
 *     bun test/runtimes/bundle.ts OUT
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

interface Hooks {
  onResolve(
    on: { filter: RegExp },
    resolve: (
      args: { path: string; importer: string },
    ) => { path: string } | undefined,
  ): void;
  onLoad(
    on: { filter: RegExp },
    load: () => { contents: string; loader: string },
  ): void;
}

/** What of Bun's bundler is used here. */
declare const Bun: {
  build(options: object): Promise<{
    readonly outputs: readonly { text(): Promise<string> }[];
  }>;
};

const here = fileURLToPath(new URL("./", import.meta.url));
const vectors = fileURLToPath(new URL("../vectors/", import.meta.url));

/** What only the tests use. The library's own is as it is. */
const STAND_INS: Readonly<Record<string, string>> = {
  "@std/encoding/base64": "base64.ts",
  "node:assert/strict": "assert.ts",
  "node:crypto": "crypto.ts",
  "node:fs": "fs.ts",
};

function embedded(): Record<string, string> {
  const names = readdirSync(vectors, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => /\.(json|bin)$/.test(name)).sort();
  return Object.fromEntries(names.map((name) => [
    name,
    readFileSync(
      join(vectors, name),
      name.endsWith(".json") ? "utf8" : "base64",
    ),
  ]));
}

const { outputs } = await Bun.build({
  entrypoints: [join(here, "conformance.ts")],
  target: "browser",
  plugins: [{
    name: "embedded",
    setup(build: Hooks) {
      build.onResolve(
        { filter: /^node:|^@std/ },
        ({ path, importer }) =>
          STAND_INS[path] && /[/\\]test[/\\]/.test(importer)
            ? { path: join(here, "_stand_ins", STAND_INS[path]) }
            : undefined,
      );
      build.onLoad({ filter: /\/_embedded\.ts$/ }, () => ({
        contents: `export const embedded = ${JSON.stringify(embedded())};`,
        loader: "js",
      }));
    },
  }],
});
writeFileSync(process.argv[2]!, await outputs[0]!.text());
