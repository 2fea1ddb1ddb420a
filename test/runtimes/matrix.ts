/**
 * Runs the conformance table everywhere, and writes what came of it to `docs/runtimes.md`.
 *
 *     npm run runtimes
 */
import { writeFileSync } from "node:fs";
import { page, type Reports } from "./_matrix.ts";
import { bundleInto, inFolder, runners } from "./_runners.ts";

const PAGE = new URL("../../docs/runtimes.md", import.meta.url);

await inFolder(async (folder) => {
  const bundle = bundleInto(folder);
  const reports: [Reports[number][0], Reports[number][1]][] = [];
  for (const runner of runners) {
    if (!runner.command) throw new Error(`${runner.name} is not installed`);
    const report = await runner.run(runner.command, bundle);
    reports.push([runner, report]);
    for (const { group, name, ok, detail } of report.rows) {
      if (!ok) console.log(`${runner.name}: ${group}: ${name}: ${detail}`);
    }
  }
  writeFileSync(PAGE, page(reports));
});
