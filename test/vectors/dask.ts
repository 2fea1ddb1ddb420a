/**
 * Checks a set of golden vectors in the format `dask-vectors/1`: that each is read as it says, or refused. With `--write`, what
 * this library writes for the same values is put into a set of the same format, for Python to check.
 *
 *     bun run vectors:dask FOLDER [--write FOLDER]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { checks } from "./_dask_check.ts";
import { written } from "./_dask_write.ts";

const { values: { write }, positionals: [folder] } = parseArgs({
  args: process.argv.slice(2),
  options: { write: { type: "string" } },
  allowPositionals: true,
});
if (!folder) {
  console.error("Usage: vectors:dask FOLDER [--write FOLDER]");
  process.exit(2);
}
let ok = 0;
let failed = 0;

function fail(text: string): void {
  failed++;
  console.log(`FAILED ${text}`);
}

for (const { name, run } of checks(folder)) {
  try {
    run();
    ok++;
  } catch (error) {
    fail(`${name}: ${(error as Error).message}`);
  }
}
if (write) {
  const { vectors, failures } = written(folder);
  for (const text of failures) fail(`write ${text}`);
  ok += vectors.length;
  mkdirSync(write, { recursive: true });
  const generator = { library: "brine" };
  const set = { format: "dask-vectors/1", generator, vectors };
  writeFileSync(`${write}/vectors.json`, JSON.stringify(set));
  console.log(`${vectors.length} vectors written`);
}
console.log(`${ok} ok, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
