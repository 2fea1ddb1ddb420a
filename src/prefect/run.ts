import { setKey } from "../tree/tags.ts";
import type { Entries } from "./entries.ts";
import { spendPython } from "./plain.ts";

/** A child with more text than this is taken apart; children with less are handed on together. */
const SMALL = 4096;
const MAX_SPEND_DEPTH = 500;

/** A list or an object that is being written. */
export interface Runnable {
  readonly node: object;
  /** The members of an object. */
  readonly entries: Entries | undefined;
  /** Items or members that have been looked at. */
  index: number;
}

/**
 * The text of the next items or members, in brackets, as far as they are small and plain.
 *
 * @param space How much text is wanted.
 * @param depth How deep they may be.
 * @returns The text, `undefined` if the next is not plain.
 */
export function runText(
  frame: Runnable,
  space: number,
  depth: number,
): string | undefined {
  const { node, entries } = frame;
  if (entries?.values) return undefined;
  const most = Math.min(depth, MAX_SPEND_DEPTH);
  const start = frame.index;
  const items = entries ? undefined : node as readonly unknown[];
  const object = node as Record<string, unknown>;
  const end = (entries?.keys ?? items!).length;
  const run = {};
  for (; frame.index < end && space > 0; frame.index++) {
    const key = entries?.keys[frame.index];
    const item = items ? items[frame.index] : object[key!];
    const left = spendPython(item, SMALL, most);
    if (left < 0) break;
    space -= SMALL - left + (key?.length ?? 0);
    if (!items) setKey(run, key!, item);
  }
  if (frame.index === start) return undefined;
  return JSON.stringify(items ? items.slice(start, frame.index) : run);
}
