/** The page of what works where, made of what came of the table everywhere. */
import { features } from "./_platform.ts";
import type { Report, Row } from "./conformance.ts";
import type { Runner } from "./_runners.ts";

/** What came of it, of each runtime that is there. */
export type Reports = readonly (readonly [runner: Runner, report: Report])[];

/** What stands in one line: a group, or those of it whose names begin so. */
const LINES:
  readonly (readonly [title: string, group: string, begin: string])[] = [
    ["types of JavaScript, as JSON", "types", "family json"],
    ["types of JavaScript, as msgpack", "types", "family msgpack"],
    ["types of JavaScript, in bare JSON", "types", "bare JSON"],
    ["formats", "formats", ""],
    ["stages, however bytes are cut", "stages", ""],
    ["damage is seen", "framings", ""],
    ["streams: backpressure, cancel, errors, files", "streams", ""],
    ["the server", "server", ""],
    ["golden vectors of Dask", "dask", ""],
    ["golden vectors of pickle", "pickle", ""],
    ["golden vectors of Prefect", "prefect", ""],
  ];

const INTRO = `# Runtimes

One table of checks, in one bundle with the library and the golden vectors of
Python, goes through the same code on each of these. This page is made by
\`npm run runtimes\`; the tests fail if it is not what comes of it.

Bun and Deno are of the versions in \`package.json\`, and so is \`workerd\`, which
runs Cloudflare's workers: once as of 2026-10-01, when workers have Node's
modules by default, and once as of 2024-12-16, when they had none. Chromium runs
without a window.

- **yes**: it works, and comes to the same as everywhere.
- **–**: the runtime has nothing to do it with. It says so, by an
  \`UnknownNameError\` that names what there is; nothing is lost.
`;

/** The whole page. */
export function page(reports: Reports): string {
  const names = reports.map(([{ name }]) => name);
  const codecs = reports[0]![1].rows.filter(({ group }) => group === "codecs");
  return [
    INTRO,
    "## What works",
    "",
    ...head(["", "checks", ...names]),
    ...LINES.map(([title, group, begin]) =>
      row(
        title,
        reports,
        (row) => row.group === group && row.name.startsWith(begin),
      )
    ),
    "",
    "## Codecs",
    "",
    "Both ways, cut anywhere, and with every truncation seen.",
    "",
    ...head(["", "checks", ...names]),
    ...codecs.map((codec) =>
      row(
        codec.name,
        reports,
        ({ group, name }) => group === "codecs" && name === codec.name,
      )
    ),
    "",
    ...platform(reports, names),
  ].join("\n");
}

function row(
  title: string,
  reports: Reports,
  belongs: (row: Row) => boolean,
): string {
  const all = reports.map(([, { rows }]) => rows.filter(belongs));
  const counts = all.map((rows) =>
    rows.reduce((sum, { count }) => sum + count, 0)
  );
  const count = Math.max(...counts).toLocaleString("en");
  return line([title, count, ...all.map((rows) => cell(rows, title))]);
}

/** What is not there, by name, of what is more than one. */
function cell(rows: readonly Row[], title: string): string {
  const lacks = rows.filter(({ ok }) => !ok).map(({ name }) => name);
  if (lacks.length === 0) return "yes";
  return lacks.includes(title) ? "–" : `but ${lacks.join("; ")}`;
}

function platform(reports: Reports, names: readonly string[]): string[] {
  return [
    "## What is native",
    "",
    "What a runtime has of its own is used; where it is not, something else does the same.",
    "",
    ...head(["", ...names, "otherwise"]),
    ...features.map(({ name, otherwise }) =>
      line([
        name,
        ...reports.map(([, { features }]) => features[name] ? "yes" : "–"),
        otherwise,
      ])
    ),
    "",
  ];
}

const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const head = (cells: readonly string[]) => [
  line(cells),
  line(cells.map(() => "---")),
];

/** What a page says, without its counts, nor what Chromium's next version may change of what is native. */
export function contentOf(page: string): string[] {
  const native = page.indexOf("## What is native");
  const table = (text: string, without: number) =>
    text.split("\n").filter((line) => line.startsWith("| "))
      .filter((line) => !/^[| -]+$/.test(line))
      .map((line) => {
        const cells = line.split("|").map((cell) => cell.trim());
        return cells.toSpliced(without, 1).join("|");
      });
  return [
    ...table(page.slice(0, native), 2),
    ...table(page.slice(native), -3),
  ];
}
