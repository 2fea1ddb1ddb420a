import { describe, test } from "bun:test";
import { deepEqual, doesNotMatch, equal, ok } from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import {
  inFolder,
  whileRunning,
  workerdCommand,
} from "../runtimes/_runners.ts";
import { sizesOf } from "./_bundles.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const edge = join(root, "examples", "edge");
const bin = (name: string) => join(root, "node_modules", ".bin", name);
const [bun, deno] = [bin("bun"), bin("deno")];

/** Once is enough, since all that runs are processes. */
const skip = !process.versions.bun || !existsSync(deno);

interface Entry {
  readonly name: string;
  readonly command: string | undefined;
  /** What it is started with; makes of its source whatever it needs. */
  args(folder: string): Promise<readonly string[]> | readonly string[];
}

function bundle(folder: string, entry: string, ...options: string[]): string {
  const out = join(folder, "main.mjs");
  const args = ["build", join(edge, entry), `--outfile=${out}`, ...options];
  execFileSync(bun, args, { cwd: root, stdio: "ignore" });
  return out;
}

/** As wrangler does: one module, and the date of its configuration. */
async function worker(folder: string, entry: string): Promise<string[]> {
  const only = ["--target=browser", "--external=@hono/node-server"];
  bundle(folder, entry, ...only);
  const wrangler = readFileSync(join(edge, "wrangler.jsonc"), "utf8");
  const [, date] = /"compatibility_date": "([^"]+)"/.exec(wrangler)!;
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = "${date}",
    modules = [(name = "main.mjs", esModule = embed "main.mjs")],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", service = "main")],
);`;
  const path = join(folder, "config.capnp");
  await writeFile(path, config);
  return ["serve", "--control-fd=1", path];
}

const entries: readonly Entry[] = [
  {
    name: "deno.ts",
    command: deno,
    args: () => [
      ...["serve", "--allow-net", "--host=127.0.0.1", "--port=0"],
      join(edge, "deno.ts"),
    ],
  },
  { name: "bun.ts", command: bun, args: () => [join(edge, "bun.ts")] },
  {
    name: "node.ts",
    command: "node",
    args: (folder) => [bundle(folder, "node.ts", "--target=node")],
  },
  {
    name: "worker.ts",
    command: workerdCommand(),
    args: (folder) => worker(folder, "worker.ts"),
  },
];

/** Starts it, and gives its address. */
async function whileServing<T>(
  { command, args }: Entry,
  body: (url: string) => Promise<T>,
): Promise<T> {
  return await inFolder(async (folder) => {
    const child = spawn(command!, await args(folder), {
      cwd: root,
      env: { ...process.env, PORT: "0", NO_COLOR: "1" },
    });
    return await whileRunning(child, async () => body(await urlOf(child)));
  });
}

/** The first port that it tells of. */
function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    const listen = (chunk: unknown) => {
      said += chunk;
      const [, port] = /(?:"port":|:)(\d{4,5})\b/.exec(said) ?? [];
      if (port) resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout!.on("data", listen);
    child.stderr!.on("data", listen);
  });
}

const lines = Array.from(
  { length: 2_000 },
  (_, id) => `{"id":${id},"text":"salt"}\n`,
).join("");

describe("examples/edge", () => {
  for (const entry of entries) {
    if (!entry.command) console.log(`skipped: test/package of ${entry.name}`);
    test.skipIf(skip || !entry.command)(
      `${entry.name} converts, with codecs of all kinds and formats of Python`,
      () =>
        whileServing(entry, async (url) => {
          for (
            const codec of ["gzip", "brotli", "zstd", "xz", "bzip2", "lz4"]
          ) {
            const to = `${url}/convert?from=ndjson&to=brine&compress=${codec}`;
            const coded = await fetch(to, { method: "POST", body: lines });
            equal(coded.status, 200, codec);
            const bytes = await coded.arrayBuffer();
            ok(bytes.byteLength < lines.length / 3, codec);
            const from = `${url}/convert?from=brine&to=ndjson`;
            const back = await fetch(from, { method: "POST", body: bytes });
            equal(await back.text(), lines);
          }
          // Formats of Python are loaded as codecs are.
          const to = `${url}/convert?from=ndjson&to=pickle`;
          const pickles = await fetch(to, { method: "POST", body: lines });
          const back = await fetch(`${url}/convert?from=pickle&to=ndjson`, {
            method: "POST",
            body: await pickles.arrayBuffer(),
          });
          equal(await back.text(), lines);
          const bad = await fetch(`${url}/convert?from=yaml&to=json`, {
            method: "POST",
            body: "x",
          });
          equal(bad.status, 415);
          await bad.body?.cancel();
        }),
      120_000,
    );
  }

  const small: Entry = {
    name: "small_worker.ts",
    command: workerdCommand(),
    args: (folder) => worker(folder, "small_worker.ts"),
  };
  test.skipIf(skip || !small.command)(
    "small_worker.ts gives dates",
    () =>
      whileServing(small, async (url) => {
        const { loads } = await import("../../mod.ts");
        const body = '{"at":"2026-01-02T03:04:05Z"}\n';
        const response = await fetch(url, { method: "POST", body });
        deepEqual(await loads(new Uint8Array(await response.arrayBuffer())), {
          at: new Date("2026-01-02T03:04:05Z"),
        });
      }),
    120_000,
  );

  // Of all, 1 MB is the bound, and of the least 60 kB.
  const workers = [
    {
      name: "examples/edge/worker.ts",
      all: 600_000,
      start: 67_000,
      least: 59_000,
    },
    {
      name: "examples/edge/small_worker.ts",
      all: 500_000,
      start: 38_000,
      least: 31_000,
    },
    // With the client, the middleware and what opens ports, which no worker needs all of.
    {
      name: "src/server/mod.ts",
      all: 600_000,
      start: 68_000,
      least: 60_000,
    },
  ];
  for (const { name, ...ceilings } of workers) {
    test.skipIf(skip)(
      `${name} is small, and loads most only if it is used`,
      async () => {
        const { code, ...sizes } = await sizesOf(name);
        for (const [what, ceiling] of Object.entries(ceilings)) {
          const size = sizes[what as keyof typeof sizes];
          ok(size < ceiling, `${what}: ${size} bytes, not ${ceiling}`);
        }
        doesNotMatch(code, /[^.\w](?:eval|Function)\(/);
        // To compile is only ever asked for, and of eight bytes tried.
        ok((code.match(/new WebAssembly\.Module\(/g) ?? []).length <= 1);
      },
      120_000,
    );
  }
});
