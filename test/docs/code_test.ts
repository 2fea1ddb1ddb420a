/** Runs every block of TypeScript in README, `docs/` and the doc comments of what is published, and checks its types. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { equal, ok } from "node:assert/strict";
import { afterAll, describe, test } from "bun:test";
import {
  type Block,
  blocksOf,
  pages,
  placeOf,
  root,
  sources,
} from "./_blocks.ts";

const blocks = [...pages, ...sources].flatMap(blocksOf)
  .filter(({ language }) => language === "ts");

// In the project, so that its own name resolves as for those who have installed it.
mkdirSync(join(root, "tmp"), { recursive: true });
const scratch = mkdtempSync(join(root, "tmp", "docs-"));
const files = blocks.map(write);

afterAll(() => rmSync(scratch, { recursive: true }));

/** Each as a module, in which lines have the numbers that they have where they come from. */
function write(block: Block): string {
  const name = `${block.file.replaceAll(/\W/g, "_")}_${block.line}.ts`;
  const path = join(scratch, name);
  const blank = "\n".repeat(block.line - 1);
  // A block without imports is a script, in which names of others would clash.
  writeFileSync(path, `${blank}${block.code}export {};\n`);
  return path;
}

describe("docs", () => {
  test("there are blocks to run, in pages and in sources", () => {
    ok(blocks.some(({ file }) => file === "README.md"));
    ok(blocks.filter(({ file }) => file.startsWith("streams/")).length > 20);
  });

  blocks.forEach((block, i) => {
    test(`${placeOf(block)} runs`, async () => {
      try {
        await import(pathToFileURL(files[i]!).href);
      } catch (cause) {
        const { message } = cause as Error;
        throw new Error(`${placeOf(block)}: ${message}`, { cause });
      }
    });
  });

  test.skipIf(!process.versions.deno)(
    "the types of all blocks are right",
    () => {
      const { status, stderr } = spawnSync(
        process.execPath,
        ["check", "--quiet", ...files],
        { cwd: root, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
      );
      equal(status, 0, stderr);
    },
  );
});
