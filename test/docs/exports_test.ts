/** Every function, class and constant that is public has an example, which `code_test.ts` runs. */
import { deepEqual, ok } from "node:assert/strict";
import { describe, test } from "bun:test";
import { modules, sources, textOf } from "./_blocks.ts";

const DECLARATION =
  /\/\*\*(?:(?!\*\/)[^])*\*\/\s*export (?:async )?(?:function\*?|class|const|abstract class) (\w+)/g;

/** The doc comments of whatever is exported, by name; what is internal may have a name that is public elsewhere. */
const documented = new Map<string, string>();
for (const file of sources) {
  for (const [text, name] of textOf(file).matchAll(DECLARATION)) {
    // The last comment before the name: others may stand before it.
    const comment = text.slice(text.lastIndexOf("/**"));
    documented.set(name!, (documented.get(name!) ?? "") + comment);
  }
}

describe("docs", () => {
  for (const [name, path] of Object.entries(modules)) {
    // The command line is a program.
    if (name === "./cli") continue;
    test(`everything that ${path} exports has an example that runs`, async () => {
      const names = Object.keys(await import(`../../${path}`));
      ok(names.length > 0);
      const without = names.filter((name) => {
        const comment = documented.get(name) ?? "";
        return !comment.includes("@example") || !comment.includes("```ts");
      });
      deepEqual(without, []);
    });
  }
});
