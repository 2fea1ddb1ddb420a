/**
 * The main job, on real files: makes records, encodes them to compressed brine, looks at what came out, checks it,
 * decodes it, and compares.
 *
 * ```sh
 * npm run demo
 * npm run demo -- 1GB
 * ```
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { formatBytes } from "../src/cli/text.ts";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const makeRecords = fileURLToPath(
  new URL("./make_records.ts", import.meta.url),
);
/** The runtime that this runs on. */
const runtime = process.versions.deno ? ["run", "-A"] : [];
const directory = await mkdtemp(join(tmpdir(), "brine-demo-"));

try {
  await demo(process.argv[2] ?? "100MB");
} finally {
  await rm(directory, { recursive: true });
}

async function demo(size: string): Promise<void> {
  await run(makeRecords, [size, "records.ndjson"]);
  const { size: bytes } = await stat(join(directory, "records.ndjson"));
  console.log(`${formatBytes(bytes)} of records`);

  await brine("encode", "records.ndjson", "records.brine", "-c", "zstd");
  const { size: packed } = await stat(join(directory, "records.brine"));
  const ratio = (bytes / packed).toFixed(1);
  console.log(`${formatBytes(packed)}, ${ratio} times smaller`);

  await brine("inspect", "records.brine");
  await brine("verify", "records.brine", "--deep");
  await brine("decode", "records.brine", "back.ndjson");
  if (await hashOf("records.ndjson") !== await hashOf("back.ndjson")) {
    throw new Error("The records that came back are not those that went in");
  }
  console.log("\nThe same records came back.");

  async function brine(...args: string[]): Promise<void> {
    console.log(`\n$ brine ${args.join(" ")}`);
    const seconds = await run(cli, args);
    const speed = formatBytes(bytes / seconds);
    console.log(`[${seconds.toFixed(1)} s, ${speed} of records a second]`);
  }
}

/** Runs a program of this project, and tells how many seconds it took. */
async function run(program: string, args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [...runtime, program, ...args], {
    cwd: directory,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return (performance.now() - began) / 1000;
}

async function hashOf(name: string): Promise<string> {
  const hash = createHash("sha256");
  const file = createReadStream(join(directory, name));
  for await (const chunk of file) hash.update(chunk);
  return hash.digest("hex");
}
