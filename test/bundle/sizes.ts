/**
 * How large the library is where it is bundled: minified, gzipped, and what most of it is. Runs on Bun, whose bundler it is.
 *
 * ```sh
 * npm run size             # a table, and the largest parts
 * bun test/bundle/sizes.ts --json
 * ```
 */
import process from "node:process";
import { bundle, CODECS, gzipped, makesCode, within } from "./bundler.ts";

/** What somebody imports, and how large that may become. */
export interface Bundle {
  readonly name: string;
  readonly source: string;
  /** What is left out of it: whole folders and modules. */
  readonly without?: RegExp;
  /** In bytes, minified and gzipped. */
  readonly ceiling: number;
  /** What it should be. */
  readonly goal?: number;
}

/** How large something is. */
export interface Size {
  readonly name: string;
  readonly minified: number;
  readonly gzipped: number;
  /** Bytes of each module in what is loaded at once, the largest first. */
  readonly parts: readonly (readonly [path: string, bytes: number])[];
  /** Whether any chunk, of those that are loaded later too, makes code of text. */
  readonly makesCode: boolean;
}

/** Codecs that not everybody needs, and what reads Python's formats: they are loaded when they are used. */
const OPTIONAL = within(`pickle|dask|prefect|npy|${CODECS}`);

/** The ceilings are what there is, and a little: what grows beyond is seen. */
export const bundles: readonly Bundle[] = [
  {
    name: "json + frames",
    source: "export { frames, json } from 'brine';",
    ceiling: 14_500,
    goal: 8_192,
  },
  {
    name: "Registry, json, frames, packFrames",
    source:
      "export { frames, json, packFrames, Registry, unpackFrames } from 'brine';",
    ceiling: 15_800,
  },
  {
    name: "messages, dumps, loads",
    source: "export { dumps, loads, messages } from 'brine';",
    ceiling: 34_500,
  },
  {
    name: "all but formats of Python and optional codecs",
    source: "export * from 'brine';",
    without: OPTIONAL,
    ceiling: 54_500,
    goal: 20_480,
  },
];

/** Bundles something as a user would; what is loaded later is not counted. */
export async function sizeOf({ name, source, without }: Bundle): Promise<Size> {
  const text = source.replace("'brine'", JSON.stringify("./mod.ts"));
  const { start, all, parts } = await bundle({
    path: "entry.ts",
    text,
    without,
  });
  return {
    name,
    minified: start.reduce((sum, { length }) => sum + length, 0),
    gzipped: gzipped(start),
    parts,
    makesCode: makesCode(all),
  };
}

if (import.meta.main) {
  const sizes = [];
  for (const bundle of bundles) sizes.push(await sizeOf(bundle));
  if (process.argv.includes("--json")) console.log(JSON.stringify(sizes));
  else {
    for (const { name, minified, gzipped, parts } of sizes) {
      const { goal } = bundles.find((bundle) => bundle.name === name)!;
      const wanted = goal === undefined ? "" : `, wanted ${goal}`;
      console.log(`${name}: ${minified} minified, ${gzipped} gzipped${wanted}`);
      for (const [path, bytes] of parts.slice(0, 15)) {
        console.log(`${String(bytes).padStart(9)}  ${path}`);
      }
    }
  }
}
