import { describe, test } from "bun:test";
import { deepEqual, equal, match } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import {
  inDirectory,
  linesOf,
  outcomeOf,
  run,
  type Runtime,
  start,
} from "./_run.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bun = join(root, "node_modules", ".bin", "bun");

/** What `npm run build` makes, in another place. */
function build(directory: string): Runtime {
  const built = join(directory, "cli.mjs");
  const args = ["build", "cli.ts", "--target=node", `--outfile=${built}`];
  execFileSync(bun, args, { cwd: root, stdio: "ignore" });
  return { name: "node", command: "node", args: [built] };
}

describe("cli on node", () => {
  test.skipIf(!existsSync(bun))(
    "works when it is built",
    () =>
      inDirectory(async (directory) => {
        const node = build(directory);
        const [input, brine, output] = ["a.ndjson", "a.brine", "b.ndjson"].map(
          (name) => join(directory, name),
        ) as [string, string, string];
        const lines = linesOf(5_000);
        await writeFile(input, lines);
        for (const codec of ["zstd", "gzip", "brotli"]) {
          const encoded = await run(node, [
            "encode",
            input,
            brine,
            "--compress",
            codec,
          ]);
          deepEqual([encoded.code, encoded.stderr], [0, ""]);
          const verified = await run(node, ["verify", brine, "--deep"]);
          deepEqual([verified.code, verified.stderr], [0, ""]);
          const decoded = await run(node, ["decode", brine, output]);
          deepEqual([decoded.code, decoded.stderr], [0, ""]);
          equal(await readFile(output, "utf8"), lines);
        }
        const some = await run(node, [
          "cat",
          brine,
          "--from",
          "5",
          "--to",
          "6",
        ]);
        equal(some.stdout, lines.split("\n")[5] + "\n");
        const unknown = await run(node, [
          "encode",
          input,
          brine,
          "--to",
          "yaml",
        ]);
        equal(unknown.code, 4);
        match(unknown.stderr, /^brine: [^\n]+\n$/);
      }),
  );

  test.skipIf(!existsSync(bun))(
    "serves",
    () =>
      inDirectory(async (directory) => {
        const child = start(build(directory), ["serve", "--port", "0"]);
        const outcome = outcomeOf(child);
        const url = await new Promise<string>((resolve) =>
          child.stdout.once("data", (chunk) => resolve(`${chunk}`.trim()))
        );
        const converted = await fetch(
          `${url}/convert?from=ndjson&to=json-array`,
          { method: "POST", body: "1\n2\n" },
        );
        equal(await converted.text(), "[1,2]");
        process.kill(child.pid!, "SIGINT");
        const { code, stderr } = await outcome;
        deepEqual([code, stderr], [0, ""]);
      }),
  );
});
