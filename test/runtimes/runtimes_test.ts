import { describe, test } from "bun:test";
import { deepEqual, doesNotMatch, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { contentOf, page, type Reports } from "./_matrix.ts";
import { bundleInto, canBundle, inFolder, runners } from "./_runners.ts";

const PAGE = new URL("../../docs/runtimes.md", import.meta.url);
const reports: [Reports[number][0], Reports[number][1]][] = [];

/** Once is enough, since all that runs the table are processes. */
const skip = !process.versions.bun || !canBundle;

for (const runner of runners) {
  const { name, command, lacks, run } = runner;
  if (!command) {
    console.log(`skipped: test/runtimes on ${name} (it is not installed)`);
  }
  describe(`the library on ${name}`, () => {
    test.skipIf(skip || !command)(
      "does all that is in the table",
      () =>
        inFolder(async (folder) => {
          const report = await run(command!, bundleInto(folder));
          reports.push([runner, report]);
          const failed = report.rows.filter(({ ok }) => !ok);
          const said = failed.filter(({ detail }) =>
            detail.startsWith("UnknownNameError: ")
          );
          deepEqual(failed.filter((row) => !said.includes(row)), []);
          const names = said.map(({ group, name }) => `${group}: ${name}`);
          deepEqual(names.sort(), [...lacks].sort());
        }),
      240_000,
    );

    test.skipIf(skip || !command)("goes through all of the table", () => {
      const [, report] = reports.find(([{ name: of }]) => of === name)!;
      const counts = Map.groupBy(report.rows, ({ group }) => group);
      for (
        const [group, least] of [
          ...[["types", 9], ["stages", 35], ["formats", 7], ["codecs", 14]],
          ...[["dask", 3], ["pickle", 11], ["prefect", 1]],
        ] as [string, number][]
      ) ok(counts.get(group)!.length >= least, group);
      const vectors = report.rows.filter(({ group }) => group === "pickle");
      ok(vectors.reduce((sum, { count }) => sum + count, 0) > 2_000);
    });
  });
}

test.skipIf(skip || runners.some(({ command }) => !command))(
  "docs/runtimes.md tells what came of it",
  async () => {
    const is = contentOf(page(reports));
    deepEqual(contentOf(await readFile(PAGE, "utf8")), is, "npm run runtimes");
  },
);

test.skipIf(skip)(
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
