/** How large the workers of `examples/edge/` are, and the server. Runs on Bun, whose bundler it is; the ceilings are what there is, and a little. */
import { bundle, CODECS, gzipped, within } from "../bundle/bundler.ts";

/** Minified and gzipped, in bytes. */
export interface Sizes {
  /** Everything, with what is loaded when it is used. */
  readonly all: number;
  /** What is loaded at the start. */
  readonly start: number;
  /** The same without optional codecs. Formats of Python are in neither, since they are loaded when they are used. */
  readonly least: number;
  /** All code there is, to be looked into. */
  readonly code: string;
}

/** Of a module of this repository. */
export async function sizesOf(path: string): Promise<Sizes> {
  const { all, start } = await bundle({ path });
  const least = await bundle({ path, without: within(CODECS) });
  return {
    all: gzipped(all),
    start: gzipped(start),
    least: gzipped(least.start),
    code: all.join("\n"),
  };
}
