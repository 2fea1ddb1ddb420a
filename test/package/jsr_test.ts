import { afterAll, beforeAll, describe, test } from "bun:test";
import { deepEqual, equal, match } from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Registry, startRegistry } from "./_registry.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const deno = join(root, "node_modules", ".bin", "deno");
const config = JSON.parse(await readFile(join(root, "deno.json"), "utf8"));
const { name, version, exports } = config;
const lines = '{"id":1,"text":"ü"}\n{"id":2,"text":""}\n';

let registry: Registry;
/** Empty, but for what a test puts there and Deno keeps: nothing is known from before. */
let folder: string;

/** Runs Deno with nothing but these registries. */
async function run(cwd: string, ...args: string[]) {
  const env: Record<string, string | undefined> = {
    ...process.env,
    DENO_DIR: join(folder, "cache"),
    JSR_URL: `${registry.url}/`,
    NPM_CONFIG_REGISTRY: `${registry.url}/`,
    NO_PROXY: "127.0.0.1",
    NO_COLOR: "1",
  };
  return await promisify(execFile)(deno, args, { cwd, env });
}

/** Once is enough, since all that runs are processes. */
const skip = !process.versions.bun || !existsSync(deno);

describe("each module that is published", () => {
  for (const path of Object.values<string>(exports)) {
    test(`${path} says what it is, with something to run`, async () => {
      const source = await readFile(join(root, path), "utf8");
      const [comment = ""] = /^\/\*\*[^]*?\*\//.exec(source) ?? [];
      match(comment, /^ \* @module$/m);
      match(comment, /^ \* ```(?:ts|sh)$/m);
    });
  }
});

describe("published on JSR", () => {
  beforeAll(async () => {
    registry = await startRegistry();
    folder = await mkdtemp(join(tmpdir(), "jsr-"));
    await mkdir(join(folder, "app"));
  });
  afterAll(async () => {
    await registry.close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  });

  test.skipIf(skip)(
    "it is taken, and is all of the library and no more",
    async () => {
      const args = [
        "--allow-dirty",
        "--quiet",
        "--no-check",
        "--token",
        "none",
      ];
      await run(root, "publish", ...args);
      const names = [...registry.jsr.filesOf(name, version)!.keys()];
      for (const path of Object.values<string>(exports)) {
        equal(names.includes(path.slice(2)), true, path);
      }
      const others = names.filter((name) => !/^(src|streams)\//.test(name));
      deepEqual(others.sort(), [
        "LICENSE",
        "README.md",
        "cli.ts",
        "deno.json",
        "mod.ts",
      ]);
    },
    120_000,
  );

  test.skipIf(skip)(
    "a program with every entry is checked and runs",
    async () => {
      const program = await readFile(
        join(root, "test/package/consumer.ts"),
        "utf8",
      );
      const app = join(folder, "app");
      const main = join(app, "main.ts");
      await writeFile(
        main,
        program.replaceAll(`"${name}`, `"jsr:${name}@^${version}`),
      );
      const { stdout } = await run(app, "run", "-q", "--check", "-A", main);
      equal(stdout, "all works\n");
    },
    120_000,
  );

  test.skipIf(skip)("the command runs from there", async () => {
    const app = join(folder, "app");
    await writeFile(join(app, "in.ndjson"), lines);
    const cli = `jsr:${name}/cli`;
    await run(app, "run", "-qA", cli, "encode", "in.ndjson", "out.brine");
    const { stdout } = await run(
      app,
      "run",
      "-A",
      cli,
      "decode",
      "out.brine",
      "-",
    );
    equal(stdout, lines);
    const shown = await run(app, "run", "-qA", cli, "--version");
    match(shown.stdout, new RegExp(version.replaceAll(".", "\\.")));
  }, 120_000);
});
