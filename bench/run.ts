/**
 * All benchmarks, on Bun and on Deno: `npm run bench`, or `deno run -A bench/run.ts`. Each case runs in a process of its own, its
 * results are checked before it is timed, and rivals take turns. Only ratios within a run mean anything from one machine to another.
 *
 * ```sh
 * bun bench/run.ts                    # all of it: some minutes
 * bun bench/run.ts --quick            # small sizes: that it runs, and that the results are right
 * bun bench/run.ts --only graph       # the cases with that in their name
 * bun bench/run.ts --runtime bun      # not on Deno
 * bun bench/run.ts --cpu              # in computing time, for a machine with other work to do
 * ```
 *
 * A bar that is not reached is a MISS; only a wrong result makes the exit code 1.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  hugeMemory,
  parseArray,
  parseMemory,
  writeDocument,
  writeMemory,
} from "./documents.ts";
import { dask } from "./dask.ts";
import { floats } from "./floats.ts";
import { graphs } from "./graph.ts";
import { type Case, type Figure, peakMemory } from "./_measure.ts";
import { parseLines, writeLines } from "./ndjson.ts";
import { pickles } from "./pickle.ts";
import { plain } from "./plain.ts";
import { prefect } from "./prefect.ts";
import { prefectMemory } from "./prefect_memory.ts";
import { servers } from "./server.ts";

const CASES: Readonly<Record<string, Case>> = {
  "ndjson-parse": parseLines,
  "ndjson-write": writeLines,
  plain,
  floats,
  "array-parse": parseArray,
  "array-memory": parseMemory,
  "document-write": writeDocument,
  "document-memory": hugeMemory,
  "endless-memory": writeMemory,
  graph: graphs,
  pickle: pickles,
  dask,
  prefect,
  "prefect-memory": prefectMemory,
  server: servers,
};
/** What an empty process takes has to be taken off these. */
const ABOVE_EMPTY = ["array-memory", "endless-memory"];
const RUNTIMES = ["bun", "deno"] as const;
type Runtime = (typeof RUNTIMES)[number];

interface Row {
  readonly figure: Figure;
  readonly cells: Map<Runtime, Figure>;
}

const { values: options } = parseArgs({
  args: process.argv.slice(2),
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    runtime: { type: "string" },
    cpu: { type: "boolean", default: false },
    /** One case, in this process; or `nothing`. */
    case: { type: "string" },
  },
});

/** Runs one case in a process of its own. */
function child(runtime: Runtime, name: string): Figure[] {
  const self = fileURLToPath(import.meta.url);
  const run = runtime === "deno" ? ["run", "-A", "--no-check"] : [];
  const quick = options.quick ? ["--quick"] : [];
  const { stdout, stderr, status, error } = spawnSync(
    executableOf(runtime),
    [...run, self, "--case", name, ...quick],
    {
      encoding: "utf8",
      env: { ...process.env, ...options.cpu && { BENCH_CLOCK: "cpu" } },
    },
  );
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The runtime that runs this, and beside it the other as npm has installed it. */
function executableOf(runtime: Runtime): string {
  if (runtime === ("Deno" in globalThis ? "deno" : "bun")) {
    return process.execPath;
  }
  return fileURLToPath(
    new URL(`../node_modules/.bin/${runtime}`, import.meta.url),
  );
}

function measure(runtimes: readonly Runtime[]): Row[] {
  const rows = new Map<string, Row>();
  for (const name of Object.keys(CASES)) {
    if (options.only && !name.includes(options.only)) continue;
    for (const runtime of runtimes) {
      const figures = tryCase(runtime, name);
      for (const figure of figures) {
        const row = rows.get(figure.name) ?? { figure, cells: new Map() };
        row.cells.set(runtime, figure);
        rows.set(figure.name, row);
        console.error(`${runtime.padEnd(5)} ${figure.name}: ${show(figure)}`);
      }
    }
  }
  return [...rows.values()];
}

/** The figures of a case; none, if it fails, and then the others go on all the same. */
function tryCase(runtime: Runtime, name: string): Figure[] {
  try {
    const figures = child(runtime, name);
    if (!ABOVE_EMPTY.includes(name)) return figures;
    const empty = child(runtime, "nothing")[0]!.value;
    return figures.map((figure) => ({
      ...figure,
      value: figure.value - empty,
    }));
  } catch (error) {
    console.error(`${runtime} ${name} failed: ${error}`);
    process.exitCode = 1;
    return [];
  }
}

function show(figure: Figure): string {
  const { value, unit, atLeast = -Infinity, atMost = Infinity } = figure;
  const number = unit === "x" ? value.toFixed(2) : value.toFixed(0);
  const isBar = Number.isFinite(atLeast) || Number.isFinite(atMost);
  // As it is printed: what shows as the bar has reached it.
  const reached = Number(number) >= atLeast && Number(number) <= atMost;
  return `${number}${unit === "x" ? "" : ` ${unit}`}${
    isBar && !options.quick ? reached ? " ok" : " MISS" : ""
  }`;
}

function barOf({ atLeast, atMost, unit }: Figure): string {
  const bar = atLeast === undefined ? atMost : atLeast;
  if (bar === undefined) return "";
  const sign = atLeast === undefined ? "≤" : "≥";
  return `${sign} ${bar}${unit === "x" ? "" : ` ${unit}`}`;
}

function print(rows: readonly Row[], runtimes: readonly Runtime[]): void {
  const cells = [["", "bar", ...runtimes]];
  for (const { figure, cells: values } of rows) {
    const shown = runtimes.map((runtime) => {
      const cell = values.get(runtime);
      return cell ? show(cell) : "";
    });
    cells.push([figure.name, barOf(figure), ...shown]);
  }
  const widths = cells[0]!.map((_, column) =>
    Math.max(...cells.map((row) => row[column]!.length))
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  console.log(line(cells[0]!));
  console.log(line(widths.map((width) => "-".repeat(width))));
  for (const row of cells.slice(1)) console.log(line(row));
  console.log();
  for (const { cells: values } of rows) {
    for (const [runtime, { name, detail }] of values) {
      if (detail) console.log(`- ${name.split(":")[0]}, ${runtime}: ${detail}`);
    }
  }
}

async function main(): Promise<void> {
  const { case: name, runtime, quick } = options;
  if (name) {
    if (name !== "nothing" && !CASES[name]) {
      throw new RangeError(`There is no case "${name}"`);
    }
    const figures = name === "nothing"
      ? [{ name, value: peakMemory(), unit: "MB" }]
      : await CASES[name]!({ quick });
    return console.log(JSON.stringify(figures));
  }
  const runtimes = RUNTIMES.filter((each) => !runtime || each === runtime);
  print(measure(runtimes), runtimes);
}

await main();
