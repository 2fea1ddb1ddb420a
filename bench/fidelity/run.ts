/**
 * The matrix of 59 values: what comes back as it was, what comes back changed without a word, and what is refused; for Brine
 * and for others who keep types. Each peer runs in a process of its own.
 *
 * ```sh
 * npm run fidelity                              # Bun, Deno and Node
 * deno run -A bench/fidelity/run.ts --runtime deno
 * bun bench/fidelity/run.ts --only Brine        # the peers with that in their name
 * bun bench/fidelity/run.ts --write             # and docs/fidelity.md
 * ```
 *
 * The exit code is 1 if Brine changes any value silently, or refuses one that it keeps.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { page } from "./_page.ts";
import { names } from "./_names.ts";
import { type Result, rows } from "./rows.ts";
import { wrongOf } from "./verdict.ts";

/** What each peer did, by its name. */
export type Column = readonly Result[];

const CHILD = fileURLToPath(new URL("./child.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BIN = join(ROOT, "node_modules", ".bin");

const { values: options } = parseArgs({
  options: {
    runtime: { type: "string", multiple: true },
    only: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});

const scratch = mkdtempSync(join(tmpdir(), "brine-fidelity-"));

/** How each runtime starts a child. Node has no way to run these files but as one of its own. */
const runtimes: Readonly<Record<string, () => readonly string[]>> = {
  Bun: () => [join(BIN, "bun"), CHILD],
  Deno: () => [join(BIN, "deno"), "run", "-A", "--no-check", CHILD],
  Node: () => {
    const file = join(scratch, "child.mjs");
    const target = ["--target=node", "--packages=bundle", `--outfile=${file}`];
    const built = spawnSync(join(BIN, "bun"), ["build", CHILD, ...target]);
    if (built.status !== 0) throw new Error(String(built.stderr));
    return ["node", file];
  },
};

/** A peer's results; after a crash it goes on behind the row that crashed it. */
function column(command: readonly string[], peer: string): Column {
  const results: Result[] = [];
  while (results.length < rows.length) {
    const [program, ...rest] = command;
    const { stdout, stderr, status, signal } = spawnSync(
      program!,
      [...rest, peer, String(results.length)],
      { encoding: "utf8", timeout: 120_000, cwd: ROOT },
    );
    const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
    results.push(...lines.map((line) => JSON.parse(line) as Result));
    if (results.length === rows.length) break;
    const note = `exit ${status} ${signal ?? ""} ${stderr.split("\n")[0]}`;
    results.push({ row: rows[results.length]!.name, outcome: "crash", note });
  }
  return results;
}

const wanted = options.runtime?.map((name) => name.toLowerCase());
const wrong: string[] = [];
const matrices: Record<string, Record<string, Column>> = {};
try {
  for (const [runtime, start] of Object.entries(runtimes)) {
    if (wanted && !wanted.includes(runtime.toLowerCase())) continue;
    const command = start();
    const matrix: Record<string, Column> = matrices[runtime] = {};
    for (const peer of names.filter((name) => name.includes(options.only))) {
      matrix[peer] = column(command, peer);
      for (const line of wrongOf(peer, matrix[peer])) {
        wrong.push(`${runtime}: ${peer}: ${line}`);
      }
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}

const text = page(matrices);
console.log(text);
if (options.write) {
  const file = join(ROOT, "docs", "fidelity.md");
  writeFileSync(file, text);
  spawnSync(join(BIN, "deno"), ["fmt", "--quiet", file]);
}
for (const line of wrong) console.error(line);
process.exit(wrong.length > 0 ? 1 : 0);
