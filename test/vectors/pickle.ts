/**
 * Checks a file of golden vectors: that every pickle in it is read as the file says, or refused. With `--write`, what this
 * library writes for the same values is put into a file of the same format, for Python to check.
 *
 *     bun run vectors:pickle FILE [--write OUT]
 */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { checks } from "./_check.ts";
import { written } from "./_write.ts";

const { values: { write }, positionals: [file] } = parseArgs({
  args: process.argv.slice(2),
  options: { write: { type: "string" } },
  allowPositionals: true,
});
if (!file) {
  console.error("Usage: vectors:pickle FILE [--write OUT]");
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
    run();
    ok++;
  } catch (error) {
    fail(`${name}: ${(error as Error).message}`);
  }
}
if (write) {
  const { values, pickles, identical, failed } = written(vectors);
  for (const text of failed) fail(`write ${text}`);
  ok += pickles;
  const { format, made_with } = vectors;
  writeFileSync(write, JSON.stringify({ format, made_with, values }));
  console.log(`${pickles} pickles written, ${identical} of them the same bytes`);
}
console.log(`${ok} ok, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
