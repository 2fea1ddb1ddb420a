/**
 * Checks a file of golden vectors: that every pickle in it is read as the file says, or refused.
 *
 *     bun run vectors:pickle FILE
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { checks } from "./_check.ts";

const [file] = process.argv.slice(2);
if (!file) {
  console.error("Usage: vectors:pickle FILE");
  process.exit(2);
}
let ok = 0;
let failed = 0;
for (const { name, run } of checks(JSON.parse(readFileSync(file, "utf8")))) {
  try {
    run();
    ok++;
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${(error as Error).message}`);
  }
}
console.log(`${ok} ok, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
