import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Report } from "./conformance.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const installed = (name: string) => {
  const command = join(root, "node_modules", ".bin", name);
  return existsSync(command) ? command : undefined;
};
const bun = installed("bun");

/** Whether there is something to make a bundle with. */
export const canBundle: boolean = bun !== undefined;
/** To start, and to run all checks. */
const PATIENCE = 180_000;

/** A place to run the bundle at; `undefined` where it is not installed. */
export interface Runner {
  readonly name: string;
  readonly command: string | undefined;
  /** The checks of what this runtime has not: it says so. */
  readonly lacks: readonly string[];
  run(command: string, bundle: string): Promise<Report>;
}

/** The library, the table and its vectors as one module, for every runtime alike. */
export function bundleInto(folder: string): string {
  const bundle = join(folder, "conformance.mjs");
  const script = join(root, "test", "runtimes", "bundle.ts");
  execFileSync(bun!, [script, bundle], { cwd: root, stdio: "inherit" });
  return bundle;
}

/** Runs something with a folder of its own, which is gone afterwards. */
export async function inFolder<T>(
  body: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "runtimes-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
}

function inPath(...commands: string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return commands.flatMap((command) =>
    folders.map((folder) => join(folder, command))
  ).find(existsSync);
}

/** A process, until it is no longer wanted: it fails with what it says if it ends before. */
export async function whileRunning<T>(
  child: ChildProcess,
  body: () => Promise<T>,
): Promise<T> {
  let said = "";
  child.stderr?.on("data", (chunk) => said += chunk);
  const gone = new Promise<void>((resolve) => child.once("close", resolve));
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await Promise.race([
      body(),
      gone.then(() => {
        throw new Error(`it ended: ${said.slice(-2_000)}`);
      }),
      new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`no answer: ${said.slice(-2_000)}`)),
          PATIENCE,
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
    child.kill("SIGKILL");
    await gone;
  }
}

/** A program that runs a module, and prints what came of it. */
function program(
  name: string,
  command: string | undefined,
  ...args: string[]
): Runner {
  return {
    name,
    command,
    lacks: [],
    run: (command, bundle) =>
      inFolder(async (folder) => {
        const main = join(folder, "main.mjs");
        await writeFile(
          main,
          `const { conformance } = await import(${JSON.stringify(bundle)});
           console.log(JSON.stringify(await conformance()));`,
        );
        return JSON.parse(
          execFileSync(command, [...args, main], { encoding: "utf8" }),
        );
      }),
  };
}

/** The program that the package `workerd` brings for this machine, and not the script that looks for it. */
export function workerdCommand(): string | undefined {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const kind = process.arch === "x64" ? "64" : process.arch;
  const path = ["node_modules", "@cloudflare", `workerd-${system}-${kind}`];
  const command = join(root, ...path, "bin", "workerd");
  return existsSync(command) ? command : undefined;
}

/** A worker as of some day. Before 2024-12-16 no `TransformStream` holds anything back; long after, it has Node's modules. */
function workerd(
  name: string,
  date: string,
  lacks: readonly string[] = [],
): Runner {
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = "${date}",
    modules = [
      (name = "main.mjs", esModule = embed "main.mjs"),
      (name = "table.mjs", esModule = embed "table.mjs"),
    ],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", service = "main")],
);`;
  const main = `import { conformance } from "./table.mjs";
export default { fetch: async () => Response.json(await conformance()) };`;
  return {
    name,
    command: workerdCommand(),
    lacks,
    run: (command, bundle) =>
      inFolder(async (folder) => {
        await copyFile(bundle, join(folder, "table.mjs"));
        await writeFile(join(folder, "main.mjs"), main);
        await writeFile(join(folder, "config.capnp"), config);
        const args = ["serve", "--control-fd=1", "config.capnp"];
        const child = spawn(command, args, { cwd: folder });
        return await whileRunning(child, async () => {
          const line = await new Promise<string>((resolve) =>
            child.stdout.once("data", (chunk) => resolve(`${chunk}`))
          );
          const { port } = JSON.parse(line.split("\n")[0]!);
          return await (await fetch(`http://127.0.0.1:${port}/`)).json();
        });
      }),
  };
}

const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const PAGE = `<!doctype html><script type="module">
import { conformance } from "/table.mjs";
const body = JSON.stringify(await conformance());
await fetch("/report", { method: "POST", body });
</script>`;

/** A page that runs the checks, and posts what came of them. */
const chromium: Runner = {
  name: "Chromium",
  command: inPath("chromium", "chromium-browser", "google-chrome"),
  lacks: [],
  run: (command, bundle) =>
    inFolder(async (folder) => {
      const { url, report, close } = await servePage(bundle);
      const profile = `--user-data-dir=${join(folder, "profile")}`;
      const args = [...CHROMIUM_FLAGS, profile, url];
      const child = spawn(command, args, {
        stdio: ["ignore", "ignore", "pipe"],
      });
      try {
        return await whileRunning(child, () => report);
      } finally {
        close();
      }
    }),
};

async function servePage(
  bundle: string,
): Promise<{ url: string; report: Promise<Report>; close: () => void }> {
  const script = await readFile(bundle);
  const report = Promise.withResolvers<Report>();
  const server = createServer(async (request, response) => {
    if (request.url === "/table.mjs") {
      response.setHeader("content-type", "text/javascript");
      return void response.end(script);
    }
    if (request.url === "/report") {
      report.resolve(JSON.parse(await textOf(request)));
    }
    response.setHeader("content-type", "text/html");
    response.end(PAGE);
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    report: report.promise,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

/** Whether Node is the oldest that is supported: what the page says of it holds for that one. */
function isNode20(command: string): boolean {
  const version = execFileSync(command, ["--version"], { encoding: "utf8" });
  return version.startsWith("v20.");
}
const node = inPath("node");

/** Every runtime. */
export const runners: readonly Runner[] = [
  program("Bun", bun),
  program("Deno", installed("deno"), "run", "--no-config", "-A"),
  program("Node 20", node && isNode20(node) ? node : undefined),
  workerd("workerd", "2026-10-01"),
  workerd("workerd of 2024", "2024-12-16", [
    "codecs: zstd",
    "codecs: zstd of known size, as in messages",
    "stages: zstd",
    "stages: compress",
    "stages: messages, zstd",
  ]),
  chromium,
];
