/**
 * Checks a file of golden vectors: that every blob and record of Prefect in it is read as the file says, or refused, and that
 * what is written for the same values is read the same, and where that is certain has the same bytes. With `--write`, what this
 * library writes is put into a file of the same format, for Python to check.
 *
 *     bun run vectors:prefect FILE [--write OUT]
 */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { checks } from "./_check_prefect.ts";
import { written } from "./_write_prefect.ts";

const { values: { write }, positionals: [file] } = parseArgs({
  args: process.argv.slice(2),
  options: { write: { type: "string" } },
  allowPositionals: true,
});
if (!file) {
  console.error("Usage: vectors:prefect FILE [--write OUT]");
  process.exit(2);
}
const vectors = JSON.parse(readFileSync(file, "utf8"));
let ok = 0;
let failed = 0;

function fail(text: string): void {
  failed++;
  console.log(`FAILED ${text}`);
}

for (const { name, run } of checks(vectors)) {
  try {
    await run();
    ok++;
  } catch (error) {
    fail(`${name}: ${(error as Error).message}`);
  }
}
if (write) {
  const { prefect, records, failed } = await written(vectors);
  for (const text of failed) fail(`write ${text}`);
  ok += prefect.length + records.length;
  const { format, made_with } = vectors;
  writeFileSync(write, JSON.stringify({ format, made_with, prefect, records }));
  console.log(`${prefect.length} blobs and ${records.length} records written`);
}
console.log(`${ok} ok, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
