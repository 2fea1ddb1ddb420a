import { describe, test } from "bun:test";
import { ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checks } from "../vectors/_check.ts";

const folder = fileURLToPath(new URL("../vectors/pickle/", import.meta.url));
const LISTS = ["values", "cloudpickle", "opcodes", "bad_pickles", "hostile"];
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

for (const name of files) {
  const vectors = JSON.parse(readFileSync(folder + name, "utf8"));
  describe(`golden vectors of ${name}`, () => {
    for (const list of LISTS) {
      if (!vectors[list]) continue;
      const one = { made_with: vectors.made_with, [list]: vectors[list] };
      test(list, () => {
        let count = 0;
        const failures: string[] = [];
        for (const { name, run } of checks(one)) {
          count++;
          try {
            run();
          } catch (error) {
            failures.push(`${name}: ${(error as Error).message}`);
          }
        }
        ok(count > 0 && failures.length === 0, failures.join("\n"));
      });
    }
  });
}
