import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const CLI = join(root, "cli.ts");

/** A way to start the command line. */
export interface Runtime {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const known: readonly Runtime[] = [
  { name: "bun", command: join(bin, "bun"), args: [CLI] },
  { name: "deno", command: join(bin, "deno"), args: ["run", "-A", CLI] },
];

/** Those that are there; at least the one that this runs on. */
export const runtimes: readonly Runtime[] = known.filter(({ command }) =>
  existsSync(command)
);

/** What a process left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Record<string, string>;
}

/** Starts `brine` and leaves it running. */
export function start(
  { command, args }: Runtime,
  brine: readonly string[],
  env: Record<string, string> = {},
): ChildProcessWithoutNullStreams {
  const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env;
  return spawn(command, [...args, ...brine], { env: { ...rest, ...env } });
}

/** Runs `brine` to its end. */
export async function run(
  runtime: Runtime,
  brine: readonly string[],
  { stdin = "", env = {} }: RunOptions = {},
): Promise<Outcome> {
  const child = start(runtime, brine, env);
  // Who does not read all of its input is not at fault.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  return await outcomeOf(child);
}

/** Waits for the end of a process. */
export async function outcomeOf(
  child: ChildProcessWithoutNullStreams,
): Promise<Outcome> {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  child.stdout.on("data", (chunk: Uint8Array) => out.push(chunk));
  child.stderr.on("data", (chunk: Uint8Array) => err.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const bytes = new Uint8Array(
    await new Blob(out as BlobPart[]).arrayBuffer(),
  );
  return {
    code,
    bytes,
    stdout: new TextDecoder().decode(bytes),
    stderr: await new Blob(err as BlobPart[]).text(),
  };
}

/** A directory for one test. */
export async function inDirectory(
  work: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "brine-cli-"));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Waits until a directory holds a file whose name fits. */
export async function appearance(
  directory: string,
  name: RegExp,
): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if ((await readdir(directory)).some((file) => name.test(file))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no ${name} has appeared in ${directory}`);
}

/** Lines of NDJSON, small ones. */
export function linesOf(count: number): string {
  return Array.from(
    { length: count },
    (_, id) =>
      `${JSON.stringify({ id, name: `n${id % 7}`, tags: ["é", id] })}\n`,
  ).join("");
}
