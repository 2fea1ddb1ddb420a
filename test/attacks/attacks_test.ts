import { describe, test } from "bun:test";
import { deepEqual, equal } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { FAMILIES } from "../core/_ways.ts";
import { attacks } from "./_attacks.ts";
import type { Report } from "./_child.ts";

const CHILD = fileURLToPath(new URL("./_child.ts", import.meta.url));
/** What an attack may take, at the most. */
const LIMITS = { ms: 50, megabytes: 50 };

/** The same runtime, in a process whose memory is its own. */
function reports(family: string): Report[] {
  const isDeno = "Deno" in globalThis;
  const args = isDeno ? ["run", "-A", "--no-check", CHILD] : [CHILD];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...args, family],
    { encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  const lines = stdout.trim().split("\n").filter(Boolean);
  const all = lines.map((line) => JSON.parse(line) as Report);
  equal(status, 0, `after ${all.at(-1)?.name}: ${stderr.slice(0, 500)}`);
  return all;
}

describe("attacks on those who build values from what they are sent", () => {
  for (const family of FAMILIES) {
    test(`${family}: a short error of ours or a harmless value, soon and in little memory`, () => {
      const all = reports(family);
      equal(all.length, attacks.length + 1);
      const bad = all.filter(({ outcome, ms, megabytes }) =>
        (outcome !== "error" && outcome !== "value") || ms > LIMITS.ms ||
        megabytes > LIMITS.megabytes
      );
      deepEqual(bad, []);
    });
  }
});
