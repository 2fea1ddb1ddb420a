import type { Parts, Serialization } from "../../src/serialization.ts";
import type { Items } from "./_items.ts";

/** A live value that was met, with the number that it has on the wire. */
export type Met = {
  readonly id: number;
  readonly header: unknown;
  readonly opened:
    | { readonly promise: PromiseLike<unknown> }
    | { readonly items: Items }
    | { readonly blob: Blob };
};

/** What is known of a value while it is spelled, which may take several walks. */
export class Spelling {
  readonly met: Map<object, Met> = new Map();
  /** What the last walk has named: the parts of other walks are not on the wire. */
  readonly named: Set<Met> = new Set();
  /** What was waited for: parts, or what was thrown instead. */
  readonly parts: Map<object, () => Parts> = new Map();
  /** What has to be waited for before the value can be spelled. */
  readonly awaited: Map<object, Serialization> = new Map();
  /** A walk that only looks for what has to be waited for. */
  isTrial = false;
}

/** The value is not sent: nothing that was opened for it is read. */
export function refuse({ met }: Spelling, reason: unknown): void {
  for (const live of met.values()) cancel(live, reason);
}

/** Nobody wants it. */
export function cancel({ opened }: Met, reason: unknown): void {
  if ("items" in opened) opened.items.cancel(reason);
  if ("promise" in opened) opened.promise.then(undefined, () => {});
}

/** Waits for everything that a walk has found it has to wait for. */
export async function waitForAll({ awaited, parts }: Spelling): Promise<void> {
  const all = [...awaited];
  awaited.clear();
  await Promise.all(all.map(async ([value, serialization]) => {
    try {
      const result = await serialization.serializeAsync!(value);
      parts.set(value, () => result);
    } catch (error) {
      parts.set(value, () => {
        throw error;
      });
    }
  }));
}
