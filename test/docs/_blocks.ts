import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the project is. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** A fenced block of a page or of a doc comment. */
export interface Block {
  /** The file it stands in, from the project's root. */
  readonly file: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  /** What else the fence says. */
  readonly options: readonly string[];
  readonly code: string;
}

/** The pages whose blocks are run: README and all in `docs/`. */
export const pages: readonly string[] = [
  "README.md",
  ...filesIn("docs", ".md"),
];

/** The public modules, as `deno.json` has them: where they are, by how they are imported. */
export const modules: Readonly<Record<string, string>> =
  JSON.parse(textOf("deno.json")).exports;

/** The sources that are published: whatever the public modules are made of. */
export const sources: readonly string[] = reachable(Object.values(modules));

/** The programs in `examples/`. */
export const examples: readonly string[] = filesIn("examples", ".ts");

function filesIn(directory: string, extension: string): string[] {
  return readdirSync(join(root, directory), { recursive: true })
    .map((name) => join(directory, String(name)).replaceAll("\\", "/"))
    .filter((name) => name.endsWith(extension))
    .sort();
}

function reachable(from: readonly string[]): string[] {
  const found = new Set(from.map((file) => join(file)));
  // What is added on the way is visited, too.
  for (const file of found) {
    const imports = textOf(file).matchAll(
      /(?:from|import\() ?"(\.[^"]+\.ts)"/g,
    );
    for (const [, path] of imports) found.add(join(dirname(file), path!));
  }
  return [...found].map((file) => file.replaceAll("\\", "/")).sort();
}

/** The text of a file of the project. */
export function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** All fenced blocks of a file: of a page, or of the doc comments in a source. */
export function blocksOf(file: string): Block[] {
  const isPage = file.endsWith(".md");
  const blocks: Block[] = [];
  let open: { line: number; fence: string; code: string[] } | undefined;
  textOf(file).split("\n").forEach((text, i) => {
    const line = isPage ? text : commentText(text);
    if (line === undefined) {
      if (open) throw new Error(`${file}:${open.line}: the block has no end`);
      return;
    }
    const fence = line.match(/^```(.*)$/)?.[1];
    if (open && fence === "") {
      const [language = "", ...options] = open.fence.split(" ");
      const code = `${open.code.join("\n")}\n`;
      blocks.push({ file, line: open.line, language, options, code });
      open = undefined;
    } else if (open) open.code.push(line);
    else if (fence !== undefined) open = { line: i + 2, fence, code: [] };
  });
  if (open) throw new Error(`${file}:${open.line}: the block has no end`);
  return blocks;
}

/** What a line of a doc comment says; `undefined` if it is none. */
function commentText(line: string): string | undefined {
  return line.match(/^\s*\*(?!\/) ?(.*)$/)?.[1];
}

/** Where a block is, for people. */
export function placeOf({ file, line }: Block): string {
  return `${relative("", file)}:${line}`;
}
