import { test } from "bun:test";
import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { defaultRegistry } from "../../mod.ts";
import { EXAMPLES } from "./_type_examples.ts";
import { formatted, PAGE, page } from "./types.ts";

test("docs/types.md is what the registry says: else run test/docs/types.ts", async () => {
  equal(readFileSync(PAGE, "utf8"), formatted(await page()));
});

test("nothing is told of a type that there is not", () => {
  const types = new Set(defaultRegistry.types());
  deepEqual(Object.keys(EXAMPLES).filter((type) => !types.has(type)), []);
});
