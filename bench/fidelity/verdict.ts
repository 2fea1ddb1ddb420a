/** What Brine promises of the matrix. */
import { type Result, rows } from "./rows.ts";

/** Not at hand when a value is serialized at once: these need the streams of `liveMessages`. */
const LIVE: ReadonlySet<string> = new Set([
  "FormData",
  "Blob",
  "File",
  "Promise",
  "rejected Promise propagates",
  "async iterable",
  "ReadableStream of bytes",
  "ReadableStream error propagates",
]);

/**
 * What one of Brine's columns should not have: a value that is changed, or refused without need or without its path.
 *
 * @returns A line for each; nothing for a peer that is not Brine.
 */
export function wrongOf(peer: string, results: readonly Result[]): string[] {
  if (!peer.startsWith("Brine")) return [];
  const isLive = peer.startsWith("Brine live");
  const wrong: string[] = [];
  for (const [i, { row, outcome, note }] of results.entries()) {
    if (outcome === "n/a") continue;
    const refuse = rows[i]!.refuse || (!isLive && LIVE.has(row));
    const right = refuse
      ? outcome === "refused" &&
        note!.startsWith("Cannot serialize the value at $.v")
      : outcome === "ok";
    if (!right) wrong.push(`${row}: ${outcome} (${note ?? ""})`);
  }
  return wrong;
}
