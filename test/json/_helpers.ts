import { deepEqual, equal, ok } from "node:assert/strict";
import { FormatError, LimitError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";

const utf8 = new TextEncoder();

/** Text as bytes, or bytes as they are. */
export const toBytes = (text: string | Bytes): Bytes =>
  typeof text === "string" ? utf8.encode(text) : text;

/** Text, each of whose characters is a byte. */
export const latin = (text: string): Bytes =>
  Uint8Array.from(text, (c) => c.charCodeAt(0));

/** A stream of what is given, made as it is asked for. */
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

/** A deterministic number below `limit`. */
export function randomBelow(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
}

/** Bytes in chunks of a size, or of random ones. */
export function* cut(bytes: Bytes, size: number | "random"): Generator<Bytes> {
  const random = randomBelow(7);
  for (let start = 0; start < bytes.length;) {
    const length = size === "random" ? random(9) : size;
    yield bytes.slice(start, start + length);
    start += length;
  }
}

/** Every way of cutting that a decoder must not notice. */
export const SIZES: readonly (number | "random")[] = [
  ...[1, 2, 3, 5, 64, 4096, 1 << 30],
  "random",
];

/** All that a stream gives. */
export async function collect<T>(stream: ReadableStream<T>): Promise<T[]> {
  const all: T[] = [];
  const reader = stream.getReader();
  for (;;) {
    const next = await reader.read();
    if (next.done) return all;
    all.push(next.value);
  }
}

/** The values a decoder gives, or the error it ends in. */
export async function outcome<T>(
  bytes: Bytes,
  decoder: TransformStream<Bytes, T>,
  size: number | "random" = 1 << 30,
): Promise<T[] | Error> {
  try {
    return await collect(streamOf(cut(bytes, size)).pipeThrough(decoder));
  } catch (error) {
    return error as Error;
  }
}

/** Asserts that the input gives these values, however it is cut. */
export async function gives(
  text: string | Bytes,
  decoder: () => TransformStream<Bytes, unknown>,
  values: unknown[],
): Promise<void> {
  for (const size of SIZES) {
    const actual = await outcome(toBytes(text), decoder(), size);
    if (actual instanceof Error) throw actual;
    deepEqual(actual, values, `${text} by ${size}`);
  }
}

type ErrorClass = new (...args: never[]) => Error;

/** Asserts that the input ends in an error of this very class at this offset, however it is cut. */
export async function fails(
  text: string | Bytes,
  decoder: () => TransformStream<Bytes, unknown>,
  Class: ErrorClass,
  offset: number,
): Promise<void> {
  for (const size of SIZES) {
    const error = await outcome(toBytes(text), decoder(), size);
    const about = `${text} by ${size}: ${error}`;
    ok(error instanceof Error, about);
    equal(error.constructor, Class, about);
    ok(error instanceof FormatError || error instanceof LimitError, about);
    equal(error.offset, offset, about);
  }
}

/** The text that an encoder makes of values. */
export async function textOf<In>(
  values: Iterable<In>,
  encoder: TransformStream<In, Bytes>,
): Promise<string> {
  const pieces = await collect(streamOf(values).pipeThrough(encoder));
  return new TextDecoder().decode(
    await new Blob(pieces).arrayBuffer(),
  );
}
