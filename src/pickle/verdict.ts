import type { Bytes } from "../types.ts";
import { FormatError, LimitError } from "../errors.ts";
import { defaultGlobals } from "./default_globals.ts";
import type { PickleGlobals } from "./globals.ts";
import { Machine } from "./machine.ts";
import { run } from "./run.ts";

/** What there is to know of a pickle before it is loaded anywhere. */
export interface PickleVerdict {
  /**
   * `plain`: numbers, text, lists and dicts, and no names at all. `known`: also names that {@linkcode defaultGlobals}, or
   * those that were given, have. `unknown`: also others, which Python would import, and may call. `broken`: it cannot be
   * read to its end; what it names before that is told.
   */
  readonly kind: "plain" | "known" | "unknown" | "broken";
  /** The protocol that it says it is of. */
  readonly protocol: number;
  /** The names that are known, sorted. */
  readonly known: readonly string[];
  /** The names that are not, sorted. */
  readonly unknown: readonly string[];
  /** Why it cannot be read. */
  readonly error: FormatError | LimitError | undefined;
}

/**
 * Tells what a pickle holds, without importing or calling anything. It is found out by reading the pickle as
 * {@linkcode loads} does: names that are put together, fetched from the memo or thrown away again are found, too.
 *
 * @param pickle The pickle.
 * @param globals The names that are known.
 * @returns The verdict.
 *
 * @example
 * ```ts
 * import { inspectPickle } from "@brine/brine/pickle";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const pickle = new TextEncoder().encode("cos\nsystem\n(Vls\ntR.");
 * const verdict = inspectPickle(pickle);
 * equal(verdict.kind, "unknown");
 * deepEqual(verdict.unknown, ["os.system"]);
 * ```
 */
export function inspectPickle(
  pickle: Uint8Array<ArrayBuffer>,
  globals: PickleGlobals = defaultGlobals,
): PickleVerdict {
  const hooks = {
    // Only names are of interest, so what is missing may be anything.
    persistentLoad: () => null,
    extension: (code: number) => ["copyreg", `extension ${code}`] as const,
    buffers: endless(),
    encoding: "bytes" as const,
  };
  const machine = new Machine(hooks, globals);
  // Not told how long it is, it does not stop at a frame that is cut, but at the instruction that is.
  let error: FormatError | LimitError | undefined;
  try {
    const isWhole = run(machine, pickle as Bytes) &&
      machine.frameEnd <= pickle.length;
    if (!isWhole) throw machine.truncated();
  } catch (failure) {
    if (failure instanceof FormatError || failure instanceof LimitError) {
      error = failure;
    } else {
      throw failure;
    }
  }
  const known: string[] = [];
  const unknown: string[] = [];
  for (const [module, names] of machine.names) {
    for (const name of names.keys()) {
      (globals.get(module, name) ? known : unknown).push(`${module}.${name}`);
    }
  }
  const kind = error
    ? "broken"
    : unknown.length > 0
    ? "unknown"
    : known.length > 0
    ? "known"
    : "plain";
  known.sort();
  unknown.sort();
  return { kind, protocol: machine.protocol, known, unknown, error };
}

function* endless(): Generator<Uint8Array> {
  while (true) yield new Uint8Array();
}
