import { concat } from "../../src/bytes.ts";
import { FormatError, LimitError } from "../../src/errors.ts";
import type { Bytes, Message } from "../../src/types.ts";
import type { Kind, Row } from "./stages.ts";

const encoder = new TextEncoder();
export const utf8 = (text: string): Bytes => encoder.encode(text);

/** Numbers below `limit`, the same on every run. */
export function randomBelow(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
}

/** Bytes that no codec makes smaller. */
export function noise(length: number, seed = 1): Bytes {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** How a stream of something is fed: its chunks, and what becomes of them. */
export interface Source<T> {
  readonly readable: ReadableStream<T>;
  /** Chunks that were asked for. */
  pulled(): number;
  /** Why it was cancelled, if it was. */
  cancelled(): unknown;
}

/** Instead of an end: nothing more comes. */
export const STAYS: unique symbol = Symbol("stays");

/** A stream of what is given, made as it is asked for; it may end in an error. */
export function sourceOf<T>(
  items: Iterable<T>,
  failure?: unknown,
): Source<T> {
  const iterator = items[Symbol.iterator]();
  let pulled = 0;
  let reason: unknown;
  const readable = new ReadableStream<T>({
    pull(controller) {
      const { done, value } = iterator.next();
      if (!done) {
        pulled++;
        controller.enqueue(value);
      } else if (failure === STAYS) return;
      else if (failure !== undefined) controller.error(failure);
      else controller.close();
    },
    cancel(why) {
      reason = why;
    },
  }, { highWaterMark: 0 });
  return { readable, pulled: () => pulled, cancelled: () => reason };
}

/** What came out of a stream, and the error that it ended in. */
export interface Outcome {
  readonly items: unknown[];
  readonly error?: unknown;
}

export async function outcomeOf(
  readable: ReadableStream<unknown>,
): Promise<Outcome> {
  const items: unknown[] = [];
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { items };
      items.push(value);
    }
  } catch (error) {
    return { items, error };
  }
}

/** The chunks through a stream; throws what it ends in. */
export async function through(
  chunks: Iterable<unknown>,
  stream: TransformStream,
): Promise<unknown[]> {
  const { items, error } = await run(chunks, stream);
  if (error !== undefined) throw error;
  return items;
}

export function run(
  chunks: Iterable<unknown>,
  stream: TransformStream,
  failure?: unknown,
): Promise<Outcome> {
  return outcomeOf(sourceOf(chunks, failure).readable.pipeThrough(stream));
}

/** What the row's encoder makes of its items. */
export function encodeRow(
  { stage, items }: Row,
  given: Iterable<unknown> = items,
): Promise<unknown[]> {
  return through(given, stage.encoder());
}

/** Those of its chunks that are bytes, as one. */
export async function codedOf(
  row: Row,
  given: Iterable<unknown> = row.items,
): Promise<Bytes> {
  return concat(await encodeRow(row, given) as Bytes[]);
}

export function decodeRow({ stage }: Row, bytes: Bytes): Promise<Outcome> {
  return run([bytes], stage.decoder());
}

/** The same content, however it was cut. */
export function contentOf(kind: Kind, items: readonly unknown[]): unknown {
  if (kind === "batches") return items.flat(1);
  if (kind === "bytes") return concat(items as Bytes[]);
  if (kind === "messages") return (items as Message[]).map(plainMessage);
  return items;
}

/** Without what a stage between may add. */
function plainMessage({ header, frames }: Message): Message {
  const { compression, ...rest } = header;
  return {
    header: compression?.some(Boolean) ? header : rest,
    frames,
  };
}

/** Ways to cut that nobody must notice: `0` is at random. */
export const SIZES: readonly number[] = [1, 2, 3, 5, 64, 4096, 0];

export function* cutBytes(bytes: Bytes, size: number): Generator<Bytes> {
  const random = randomBelow(7);
  for (let start = 0; start < bytes.length;) {
    const length = size === 0 ? random(300) : size;
    yield bytes.subarray(start, start + length);
    start += length;
  }
}

/** The items of one side, cut another way, as far as its kind can be. */
export function* cutItems(
  kind: Kind,
  items: readonly unknown[],
  size: number,
): Generator<unknown> {
  if (kind === "bytes") return yield* cutBytes(concat(items as Bytes[]), size);
  if (kind !== "batches") return yield* items;
  const all = items.flat(1);
  const random = randomBelow(7);
  for (let start = 0; start < all.length;) {
    const length = size === 0 ? random(4) : size;
    yield all.slice(start, start + length);
    start += length;
  }
}

/** So that a stream which would go on by itself has had the time to. */
export function rest(milliseconds = 20): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits for something to become true, but not for ever. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !isTrue(); i++) await rest(i);
}

export function isOurs(error: unknown): error is FormatError | LimitError {
  return error instanceof FormatError || error instanceof LimitError;
}
