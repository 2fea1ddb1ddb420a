/** Rows: classes of one's own and functions, and what is not there yet. */
import { isOf, kind, type RowOf, unless } from "./_row.ts";

/** Registered with every peer that has a way to. */
export class Point {
  constructor(readonly x: number, readonly y: number) {}
}

class Unknown {
  constructor(readonly x: number) {}
}

export const custom: readonly RowOf[] = [
  {
    name: "class instance, unregistered",
    refuse: true,
    make: () => new Unknown(1),
    check: (v) => unless(isOf(v, Unknown), () => "plain object"),
  },
  {
    name: "class instance, registered",
    make: () => new Point(1, 2),
    check: (v) =>
      unless(isOf(v, Point) && v.x === 1 && v.y === 2, () => kind(v)),
  },
  {
    name: "function",
    refuse: true,
    make: () => () => 1,
    check: (v) => unless(typeof v === "function", () => kind(v)),
  },
];

const isPromise = (v: unknown): v is Promise<unknown> =>
  typeof (v as { then?: unknown })?.then === "function";

/** A promise that is rejected, and of which nobody needs to know. */
function rejected(): Promise<never> {
  const promise = Promise.reject(new Error("no salt"));
  promise.catch(() => {});
  return promise;
}

async function* numbers(): AsyncGenerator<number> {
  for (let i = 1; i <= 3; i++) {
    await Promise.resolve();
    yield i;
  }
}

/** Bytes, and then an end or an error. */
function stream(error?: Error): ReadableStream<Uint8Array> {
  let pulls = 0;
  return new ReadableStream({
    pull(controller) {
      if (pulls < 2) controller.enqueue(new Uint8Array([++pulls, 7]));
      else if (error) controller.error(error);
      else controller.close();
    },
  });
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const bytes: number[] = [];
  const reader = stream.getReader();
  for (let read; !(read = await reader.read()).done;) bytes.push(...read.value);
  return String(bytes);
}

/** What is thrown, if something is. */
async function thrownBy(wait: Promise<unknown>): Promise<unknown> {
  try {
    await wait;
  } catch (error) {
    return error;
  }
}

const messageOf = (error: unknown) =>
  error instanceof Error ? error.message : String(error);

export const live: readonly RowOf[] = [
  {
    name: "Promise",
    make: () =>
      new Promise((resolve) => setTimeout(() => resolve({ a: 1 }), 5)),
    async check(v) {
      if (!isPromise(v)) return "lost";
      return unless((await v as { a?: 1 })?.a === 1, () => "another value");
    },
  },
  {
    name: "rejected Promise propagates",
    make: rejected,
    async check(v) {
      if (!isPromise(v)) return "not a promise";
      const error = await thrownBy(v);
      return unless(
        messageOf(error).includes("no salt"),
        () => messageOf(error),
      );
    },
  },
  {
    name: "async iterable",
    make: numbers,
    async check(v) {
      if (!v?.[Symbol.asyncIterator]) return "lost";
      const items: unknown[] = [];
      for await (const item of v) items.push(item);
      return unless(String(items) === "1,2,3", () => `items ${items}`);
    },
  },
  {
    name: "ReadableStream of bytes",
    make: () => stream(),
    async check(v) {
      if (!isOf(v, ReadableStream)) return kind(v);
      const bytes = await bytesOf(v);
      return unless(bytes === "1,7,2,7", () => `bytes ${bytes}`);
    },
  },
  {
    name: "ReadableStream error propagates",
    make: () => stream(new Error("no salt")),
    async check(v) {
      if (!isOf(v, ReadableStream)) return "no stream";
      const error = await thrownBy(bytesOf(v));
      return unless(
        messageOf(error).includes("no salt"),
        () => `error ${messageOf(error)}`,
      );
    },
  },
];
