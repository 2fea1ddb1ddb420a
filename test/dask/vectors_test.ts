import { describe, test } from "bun:test";
import { deepEqual, ok } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checks } from "../vectors/_dask_check.ts";
import { written } from "../vectors/_dask_write.ts";

const sets = fileURLToPath(new URL("../vectors/dask/", import.meta.url));

for (const name of readdirSync(sets)) {
  describe(`golden vectors of Dask, ${name}`, () => {
    test("all are read as they say", () => {
      let count = 0;
      const failures: string[] = [];
      for (const { name: id, run } of checks(sets + name)) {
        count++;
        try {
          run();
        } catch (error) {
          failures.push(`${id}: ${(error as Error).message}`);
        }
      }
      ok(count > 20);
      deepEqual(failures, []);
    });

    test("all values can be written in both layouts", () => {
      const { vectors, failures } = written(sets + name);
      ok(vectors.length > 200);
      deepEqual(failures, []);
    });
  });
}
