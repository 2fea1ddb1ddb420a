/**
 * The 59 values of the matrix: what a program may have in its hands, each with a check that it came back as it was.
 *
 * @module
 */
import { custom, live } from "./_live.ts";
import { binary, graph } from "./_objects.ts";
import type { Row } from "./_row.ts";
import { builtins, errors, primitives } from "./_values.ts";

export type { Row } from "./_row.ts";

const groups = {
  primitives,
  builtins,
  errors,
  graph,
  binary,
  custom,
  async: live,
};

/** All rows, in the order of the table. */
export const rows: readonly Row[] = Object.entries(groups).flatMap(
  ([group, rows]) => rows.map((row) => ({ ...row, group })),
);

/** What becomes of a value: kept, changed without a word, refused, or there is no way to try. */
export type Outcome = "ok" | "lossy" | "refused" | "none" | "n/a" | "crash";

/** What a peer did with a row. */
export interface Result {
  readonly row: string;
  readonly outcome: Outcome;
  /** What was wrong, or what the refusal says. */
  readonly note?: string;
}

/** Who takes values to bytes or text and back. */
export interface Peer {
  /** Value to wire; the wire is copied before it is read. */
  encode(value: unknown): unknown;
  decode(wire: unknown): unknown;
  /** There is no way to register a class. */
  readonly closed?: boolean;
}

/** More than any row takes; a peer that never answers has refused. */
const LIMIT = 10_000;

/** Takes a row's value through a peer. */
export async function runRow(row: Row, peer: Peer): Promise<Result> {
  const name = row.name;
  if (row.exists === false) return { row: name, outcome: "n/a" };
  if (peer.closed && name === "class instance, registered") {
    return { row: name, outcome: "none" };
  }
  try {
    const note = await within(LIMIT, attempt(row, peer));
    return note === undefined
      ? { row: name, outcome: "ok" }
      : { row: name, outcome: "lossy", note };
  } catch (error) {
    const note = String((error as Error)?.message ?? error).split("\n")[0]!;
    return { row: name, outcome: "refused", note: note.slice(0, 120) };
  }
}

async function attempt(row: Row, peer: Peer): Promise<string | undefined> {
  const wire = await peer.encode({ v: row.make() });
  const copy = copyOf(wire);
  const holder = await peer.decode(copy) as { v: unknown };
  let wrong;
  try {
    wrong = await row.check(holder?.v, {
      holder: holder ?? {},
      wireLength: lengthOf(wire),
    });
  } catch (error) {
    // What came back cannot even be looked at.
    wrong = String((error as Error)?.message ?? error);
  }
  return wrong;
}

/** Nothing of the writer's memory is left to the reader. */
function copyOf(wire: unknown): unknown {
  if (wire instanceof Uint8Array) return Uint8Array.from(wire);
  return Array.isArray(wire) ? [...wire] : wire;
}

function lengthOf(wire: unknown): number | undefined {
  if (wire instanceof Uint8Array || typeof wire === "string") {
    return wire.length;
  }
  return Array.isArray(wire) ? wire.join("").length : undefined;
}

async function within<T>(ms: number, wait: Promise<T>): Promise<T> {
  let timer;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in 10 s")), ms);
  });
  try {
    return await Promise.race([wait, late]);
  } finally {
    clearTimeout(timer);
  }
}
