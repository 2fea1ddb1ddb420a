import { describe, test } from "bun:test";
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { bundleInto, canBundle, inFolder, runners } from "./_runners.ts";
import { names, type Row, smoke } from "./smoke.ts";

/** The checks of one runtime, of which each is a test; all run when the first is wanted. */
function describeRows(
  runtime: string,
  skip: boolean,
  lacks: readonly string[],
  run: () => Promise<Row[]>,
): void {
  let rows: Promise<Row[]> | undefined;
  describe(`the library on ${runtime}`, () => {
    test.skipIf(skip)("runs all checks", async () => {
      deepEqual((await (rows ??= run())).map(({ name }) => name), names);
    }, 120_000);
    for (const name of names) {
      test.skipIf(skip)(name, async () => {
        const row = (await (rows ??= run())).find((row) => row.name === name)!;
        if (lacks.includes(name)) match(row.detail, /^UnknownNameError: /);
        else equal(row.detail, "");
        equal(row.ok, !lacks.includes(name));
      }, 120_000);
    }
  });
}

describeRows("the runtime of the tests", false, [], smoke);

for (const { name, command, lacks, run } of runners) {
  const skip = command === undefined || !canBundle;
  if (skip) {
    console.log(`skipped: test/runtimes on ${name} (it is not installed)`);
  }
  describeRows(
    name,
    skip,
    lacks,
    () => inFolder((folder) => run(command!, bundleInto(folder))),
  );
}

test.skipIf(!canBundle)(
  "the bundle needs nothing that workers forbid",
  () =>
    inFolder(async (folder) => {
      const text = await readFile(bundleInto(folder), "utf8");
      doesNotMatch(text, /\b(?:from|import|require)\s*\(?\s*["']node:/);
      doesNotMatch(
        text,
        /\beval\s*\(|\bnew Function\b|\bFunction\s*\(\s*["'`]/,
      );
    }),
);
