import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** One `import` or `export … from`. */
export interface Import {
  /** The path in the repository, or what is asked of elsewhere. */
  readonly target: string;
  /** Whether it is gone once types are. */
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
  /** What it takes, as it is written. */
  readonly clause: string;
}

/** A module that is shipped. */
export interface Source {
  /** Its path in the repository. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Names that it exports itself, types too. */
  readonly names: readonly string[];
  /** The paths of modules that it exports all of. */
  readonly stars: readonly string[];
}

/** All modules that are shipped. */
export function shippedSources(): Map<string, Source> {
  const paths = ["mod.ts", "cli.ts", ...filesOf("src"), ...filesOf("streams")];
  return new Map(paths.map((path) => [path, sourceOf(path)]));
}

/** The names of packages that the library stands on when it runs. */
export function dependencies(): string[] {
  const { dependencies, devDependencies } = JSON.parse(
    readText("package.json"),
  );
  // The standard library goes along in what is built for npm, where it is not.
  const std = Object.keys(devDependencies).filter((name) =>
    name.startsWith("@std/")
  );
  return [...Object.keys(dependencies), ...std];
}

function filesOf(folder: string): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts"))
    .sort();
}

function readText(path: string): string {
  return readFileSync(root + path, "utf8");
}

const FROM =
  /^(import|export)\s+(type\s+)?([^'";]*?)\s*from\s*["']([^"']+)["']/gm;
const EFFECT = /^import\s*["']([^"']+)["']/gm;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']/g;
const DECLARED =
  /^export\s+(?:declare\s+|abstract\s+|async\s+)*(?:class|function\*?|const|let|var|interface|type|enum)\s+([\w$]+)/gm;
const LISTED = /^export\s+(?:type\s+)?\{([^}]*)\}/gm;

function sourceOf(path: string): Source {
  const text = readText(path);
  // Examples in comments import, too.
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(
    /^\s*\/\/.*$/gm,
    "",
  );
  const resolve = (to: string) =>
    to.startsWith(".") ? posix.join(posix.dirname(path), to) : to;
  const imports: Import[] = [];
  for (const [, , type, clause, to] of code.matchAll(FROM)) {
    const typeOnly = type !== undefined || areTypes(clause!);
    imports.push({
      target: resolve(to!),
      typeOnly,
      dynamic: false,
      clause: clause!,
    });
  }
  for (const [, to] of code.matchAll(EFFECT)) {
    imports.push({
      target: resolve(to!),
      typeOnly: false,
      dynamic: false,
      clause: "",
    });
  }
  for (const [, to] of code.matchAll(DYNAMIC)) {
    imports.push({
      target: resolve(to!),
      typeOnly: false,
      dynamic: true,
      clause: "",
    });
  }
  const names = [...code.matchAll(DECLARED)].map(([, name]) => name!);
  for (const [, list] of code.matchAll(LISTED)) names.push(...listed(list!));
  const stars = imports.filter(({ clause }) => clause === "*").map((
    { target },
  ) => target);
  const lines = text.split("\n").length - 1;
  return { path, lines, imports, names, stars };
}

/** Whether all that a clause in braces takes are types. */
function areTypes(clause: string): boolean {
  const list = /^\{([\s\S]*)\}$/.exec(clause.trim())?.[1]?.split(",")
    .map((each) => each.trim()).filter(Boolean);
  return list !== undefined && list.every((each) => each.startsWith("type "));
}

function listed(list: string): string[] {
  return list.split(",").map((each) => each.trim()).filter(Boolean)
    .map((each) => each.replace(/^type\s+/, "").split(/\s+as\s+/).at(-1)!);
}
