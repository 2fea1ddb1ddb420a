/**
 * The conformance table: it is bundled with all its vectors, and runs as it is in Bun, Deno, Node, workers and browsers.
 */
import { type Check, checks as pipelines } from "./_checks.ts";
import { features } from "./_platform.ts";
import { checks as stages } from "./_stages.ts";
import { checks as types } from "./_types.ts";
import { checks as vectors } from "./_vectors.ts";

/** What came of one check. */
export interface Row {
  readonly group: string;
  readonly name: string;
  /** How many values, sizes or vectors it has gone through. */
  readonly count: number;
  readonly ok: boolean;
  /** What went wrong; or of what this runtime has not, how it says so. */
  readonly detail: string;
}

/** What came of all. */
export interface Report {
  /** Of the platform, by name. */
  readonly features: Readonly<Record<string, boolean>>;
  readonly rows: readonly Row[];
}

/** Runs all checks. */
export async function conformance(): Promise<Report> {
  const rows: Row[] = [];
  for (const check of [...types, ...stages, ...pipelines, ...vectors]) {
    rows.push(await outcomeOf(check));
  }
  return {
    features: Object.fromEntries(
      features.map(({ name, isThere }) => [name, isThere()]),
    ),
    rows,
  };
}

async function outcomeOf({ group, name, run }: Check): Promise<Row> {
  try {
    const count = Number(await run() ?? 1);
    return { group, name, count, ok: true, detail: "" };
  } catch (error) {
    return { group, name, count: 0, ok: false, detail: String(error) };
  }
}
