import type { Bytes } from "../src/types.ts";

const CHUNK = 64 << 10;
const BLOCK = 1_000;
const WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split(
  " ",
);
const utf8 = new TextEncoder();

/** What the benchmarks look at of a record. */
export interface Numbered {
  readonly id: number;
}

/** A record of about 350 bytes, always the same for its number. */
export function record(id: number): Numbered {
  const pick = (n: number) => WORDS[(id * n + n) % WORDS.length]!;
  const record = {
    id,
    name: `${pick(3)} ${pick(7)}`,
    email: `${pick(7)}.${id}@example.com`,
    active: id % 3 === 0,
    score: (id * 7919 % 1e6) / 1000,
    tags: [pick(1), pick(9), pick(11)],
    address: {
      street: `${id % 100} Main "Street"`,
      city: pick(13),
      zip: String(10000 + id % 90000),
      geo: {
        lat: (id * 31 % 18000) / 100 - 90,
        lon: (id * 17 % 36000) / 100 - 180,
      },
    },
    history: [
      { at: "2026-01-02T03:04:05Z", note: pick(17) },
      { at: "2026-02-03T04:05:06Z", note: null },
    ],
  };
  return record;
}

/** Values as they are that have come from somewhere. */
export function parsed<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export function records<T>(count: number, recordAt: (id: number) => T): T[] {
  return parsed(Array.from({ length: count }, (_, id) => recordAt(id)));
}

/** The text of the same thousand records again and again, in chunks that are cut anywhere; as lines, or as one array. */
export function* chunks(megabytes: number, array: boolean): Generator<Bytes> {
  const between = array ? "," : "\n";
  const texts = records(BLOCK, record).map((item) => JSON.stringify(item));
  const block = utf8.encode(texts.join(between) + between);
  const blocks = Math.ceil(megabytes * 1e6 / block.length);
  if (array) yield utf8.encode("[");
  for (let i = 0; i < blocks; i++) {
    const end = array && i === blocks - 1 ? block.length - 1 : block.length;
    yield* cut(block.subarray(0, end));
  }
  if (array) yield utf8.encode("]");
}

export function* cut(bytes: Bytes): Generator<Bytes> {
  for (let at = 0; at < bytes.length; at += CHUNK) {
    yield bytes.subarray(at, at + CHUNK);
  }
}

/** Records in batches, made as they are asked for. */
export function* recordBatches(
  megabytes: number,
  size = 180,
): Generator<unknown[]> {
  for (let id = 0; id < megabytes * 1e6 / 350; id += size) {
    yield Array.from({ length: size }, (_, i) => record(id + i));
  }
}

export function batchesOf<T>(values: readonly T[], size = 180): T[][] {
  const batches: T[][] = [];
  for (let i = 0; i < values.length; i += size) {
    batches.push(values.slice(i, i + size));
  }
  return batches;
}

export function streamOf<T>(items: Iterable<T>): ReadableStream<T> {
  const iterator = items[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const next = iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  }, { highWaterMark: 0 });
}

/** Reads a stream to its end, and adds up one number of each chunk. */
export async function sum<T>(
  stream: ReadableStream<T>,
  of: (chunk: T) => number,
): Promise<number> {
  const reader = stream.getReader();
  let total = 0;
  for (;;) {
    const next = await reader.read();
    if (next.done) return total;
    total += of(next.value);
  }
}

export const lengthOf = (bytes: Uint8Array): number => bytes.length;
export const idOf = (value: unknown): number => (value as { id: number }).id;

export function idsOf(values: readonly unknown[]): number {
  let total = 0;
  for (const value of values) total += idOf(value);
  return total;
}
