import { errorMessage } from "../../src/error_family.ts";
import type { Batch } from "../../src/family.ts";
import { partHeader } from "../../src/wire/parts.ts";
import type { Items } from "./_items.ts";
import type { Outgoing, Source } from "./_mux.ts";
import { alone, BytePile, part, PIECE, ValuePile } from "./_piles.ts";
import { Tick } from "./_tick.ts";

/** What the spelling of a value has come upon. */
export interface Found {
  /** What the value names, and what speaks after it. */
  readonly opens: readonly Source[];
  /** What has to be sent before it. */
  readonly contents: readonly Content[];
}

/** What a source needs of the stream it speaks in. */
export interface Host {
  /** Begins a batch of values. */
  batch(): Batch;
  /** Takes a value into a batch. */
  add(batch: Batch, value: unknown): Found | undefined | Promise<Found>;
  /** Forgets what was found in a value that cannot be sent. */
  drop(found: Found, reason: unknown): void;
  /** What is told of an error. */
  describe(error: unknown): unknown;
  /** Whether the reader waits for a message. */
  readonly isWanted: boolean;
  /** How many bytes a source may gather for one message. */
  readonly share: number;
}

/** Bytes that are sent before the value that names them. */
export interface Content {
  readonly id: number;
  readonly blob: Blob;
}

/** The last message of a source that has no more to say. */
export function ending(id: number): Outgoing {
  return alone({ header: partHeader(id, "end"), frames: [] });
}

/** A promise: its one message is what becomes of it. */
export function promiseSource(
  id: number,
  promise: PromiseLike<unknown>,
  host: Host,
): Source {
  const settled = Promise.resolve(promise);
  // The reader is told; here it may be nobody else's business.
  settled.catch(() => {});
  return { id, outgoing: outcomeOf(id, settled, host), cancel() {} };
}

async function* outcomeOf(
  id: number,
  promise: Promise<unknown>,
  host: Host,
): AsyncGenerator<Outgoing, void> {
  try {
    yield* oneValue(id, await promise, host);
  } catch (error) {
    yield failure(id, error, host);
  }
}

/** A stream or an iteration. */
export function itemsSource(id: number, items: Items, host: Host): Source {
  let isOver = false;
  const guarded: Items = {
    isBytes: items.isBytes,
    async next() {
      try {
        const result = await items.next();
        if (result.done) isOver = true;
        return result;
      } catch (error) {
        isOver = true;
        throw error;
      }
    },
    cancel(reason) {
      if (!isOver) items.cancel(reason);
      isOver = true;
    },
  };
  return {
    id,
    outgoing: partsOf(id, guarded, host),
    cancel: guarded.cancel,
  };
}

/** Items gathered into messages, as long as they come without being waited for. */
async function* partsOf(
  id: number,
  items: Items,
  host: Host,
): AsyncGenerator<Outgoing, void> {
  const pile = items.isBytes ? new BytePile(id) : new ValuePile(id, host);
  let next: Promise<IteratorResult<unknown>> | undefined;
  for (;;) {
    let found: Found | undefined;
    let result: IteratorResult<unknown> | undefined;
    let failed: { error: unknown } | undefined;
    const tick = new Tick();
    try {
      result = await (next ?? items.next());
      next = undefined;
      tick.start();
      while (result && !result.done) {
        const added = pile.add(result.value);
        found = added instanceof Promise ? await added : added;
        if (found || pile.size >= host.share || !host.isWanted) break;
        next = items.next();
        result = await Promise.race([next, tick.over]);
        if (result) next = undefined;
      }
    } catch (error) {
      failed = { error };
      items.cancel(error);
    }
    tick.clear();
    try {
      if (found) yield* contentsOf(found, host);
      while (pile.size > 0) yield pile.take(found);
      if (result?.done && !failed) {
        if (result.value === undefined) yield ending(id);
        else yield* oneValue(id, result.value, host);
        return;
      }
    } catch (error) {
      items.cancel(error);
      failed ??= { error };
    }
    if (failed) return yield failure(id, failed.error, host);
  }
}

/** A message of one value that is the last of its source. */
async function* oneValue(
  id: number,
  value: unknown,
  host: Host,
): AsyncGenerator<Outgoing, void> {
  const batch = host.batch();
  const found = await host.add(batch, value);
  if (found) yield* contentsOf(found, host);
  yield part(id, "result", batch.take(), found);
}

/** The contents that were found, in pieces, so that no more of them is in memory. */
export async function* contentsOf(
  found: Found,
  host: Pick<Host, "drop">,
): AsyncGenerator<Outgoing, void> {
  for (const { id, blob } of found.contents) {
    const header = partHeader(id, "content");
    try {
      for (let at = 0; at < blob.size; at += PIECE) {
        const end = Math.min(at + PIECE, blob.size);
        const bytes = await blob.slice(at, end).arrayBuffer();
        if (bytes.byteLength !== end - at) {
          throw new TypeError("Cannot read a blob that has become shorter");
        }
        yield alone({ header, frames: [new Uint8Array(bytes)] });
      }
    } catch (error) {
      host.drop(found, error);
      yield alone({ header: partHeader(id, "error"), frames: [] });
      throw error;
    }
  }
}

function failure(id: number, error: unknown, host: Host): Outgoing {
  const { header, frames } = errorMessage(host.describe(error));
  return alone({ header: { ...partHeader(id, "error"), ...header }, frames });
}
