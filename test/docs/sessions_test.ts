/**
 * Runs the command lines in README, `docs/` and the comments of `examples/`.
 *
 * - `console` blocks are sessions: what a command prints is compared. `approx` behind the word leaves numbers out of that.
 * - `sh` blocks are for copying and are not run; the scripts and files that they name have to be there.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail, ok } from "node:assert/strict";
import { describe, test } from "bun:test";
import {
  type Block,
  blocksOf,
  examples,
  pages,
  placeOf,
  root,
  textOf,
} from "./_blocks.ts";
import { fits, Shell, stepsOf } from "./_sessions.ts";

/** What a fence may say. Of these, `py` and `text` are not run, and say so in the text around them. */
const LANGUAGES = ["ts", "console", "sh", "json", "py", "text"];

/** The sessions of one page share a directory, and come one after another. */
async function runPage(sessions: readonly Block[]): Promise<void> {
  const shell = new Shell();
  try {
    for (const block of sessions) {
      const steps = stepsOf(block);
      const printed = await shell.run(steps);
      steps.forEach(({ command, output }, i) => {
        const lines = printed[i] ?? [];
        if (fits(output, lines, block.options.includes("approx"))) return;
        fail(
          `${placeOf(block)}: "${command}" printed\n${lines.join("\n")}\n` +
            `and was to print\n${output.join("\n")}`,
        );
      });
    }
  } finally {
    shell.close();
  }
}

describe("docs", () => {
  for (const file of [...pages, ...examples]) {
    const sessions = blocksOf(file)
      .filter(({ language }) => language === "console");
    if (sessions.length === 0) continue;
    test(`the commands of ${file} print what is shown`, async () => {
      await runPage(sessions);
    }, 60_000);
  }

  test("every example says how to run it", () => {
    for (const file of examples) {
      const blocks = blocksOf(file);
      ok(
        blocks.some(({ language }) => ["console", "sh"].includes(language)),
        file,
      );
    }
  });

  test("every block is of a known kind", () => {
    for (const block of pages.flatMap(blocksOf)) {
      ok(LANGUAGES.includes(block.language), placeOf(block));
    }
  });

  test("what is there to be copied names scripts and files that exist", () => {
    const { scripts } = JSON.parse(textOf("package.json"));
    const named = [...pages, ...examples].flatMap(blocksOf)
      .filter(({ language }) => language === "sh");
    ok(named.length > 0);
    for (const block of named) {
      for (const [, script] of block.code.matchAll(/npm run (\w+)/g)) {
        ok(script! in scripts, `${placeOf(block)}: ${script}`);
      }
      for (const [path] of block.code.matchAll(/[\w./-]+\.ts\b/g)) {
        ok(existsSync(join(root, path)), `${placeOf(block)}: ${path}`);
      }
    }
  });

  test("links to files lead to files", () => {
    for (const file of pages) {
      // Code has methods with computed names, which look like links.
      const prose = textOf(file).replaceAll(/^```[^]*?^```$/gm, "");
      const links = prose.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g);
      for (const [, link] of links) {
        ok(existsSync(join(root, file, "..", link!)), `${file}: ${link}`);
      }
    }
  });

  test("a comparison that should fail does", () => {
    ok(fits(["a", "…", "z"], ["a", "b", "c", "z"], false));
    ok(fits(["1.2 MB  in 3 s"], ["998 kB in 12 s"], true));
    ok(!fits(["a"], ["a", "b"], false));
    ok(!fits(["a", "…", "z"], ["a", "y"], false));
    ok(!fits(["1 value"], ["2 values"], true));
    ok(!fits(["1"], ["2"], false));
  });
});
