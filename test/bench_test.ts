import { equal, match } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { describe, test } from "bun:test";
import { fileURLToPath } from "node:url";

const BENCH = fileURLToPath(new URL("../bench/run.ts", import.meta.url));
const isDeno = "Deno" in globalThis;

function bench(...args: string[]) {
  const run = isDeno ? ["run", "-A", "--no-check"] : [];
  const runtime = ["--runtime", isDeno ? "deno" : "bun"];
  return spawnSync(process.execPath, [...run, BENCH, ...runtime, ...args], {
    encoding: "utf8",
  });
}

describe("bench/run.ts", () => {
  test("runs every case on small sizes, and all results are right", () => {
    const { stdout, stderr, status } = bench("--quick");
    equal(status, 0, stderr);
    const rows = stdout.split("\n").filter((line) => line.startsWith("| "));
    equal(rows.length > 20, true, stdout);
    for (const row of rows.slice(2)) match(row, /\| +-?\d+(\.\d+)?( MB)? +\|$/);
  }, 120_000);

  test("exits with 1 when a case cannot be run", () => {
    const { status, stderr } = bench("--case", "no such case");
    equal(status, 1);
    match(stderr, /no such case/);
  }, 30_000);
});
