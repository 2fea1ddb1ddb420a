import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  type Bytes,
  frames,
  gzip,
  lines,
  liveMessages,
  pipe,
  RemoteError,
  serializeLive,
  type Stage,
  zstd,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";
import { same } from "../core/_same.ts";
import { all, byteSource, firstOf, streamOf, watched } from "./_helpers.ts";

/** Something live, and what shows that it came over. */
interface Row {
  readonly name: string;
  make(): unknown;
  // deno-lint-ignore no-explicit-any
  check(value: any): Promise<void> | void;
}

async function* numbers(): AsyncGenerator<number, string> {
  yield 1;
  await Promise.resolve();
  yield 2;
  return "over";
}

function failing(): ReadableStream {
  let count = 0;
  return new ReadableStream({
    pull(controller) {
      if (count++ < 2) controller.enqueue(count);
      else controller.error(new RangeError("the middle"));
    },
  });
}

function form(): FormData {
  const form = new FormData();
  form.append("a", "text");
  form.append(
    "b",
    new File(["file ", "content"], "ä.txt", {
      type: "text/x-salt",
      lastModified: 12345,
    }),
  );
  form.append("a", "again");
  form.append("c", new Blob([new Uint8Array(100_000)]), "c.bin");
  return form;
}

const isEmpty = (value: AsyncIterable<unknown>) =>
  all(value).then((items) => deepEqual(items, []));

const rows: readonly Row[] = [
  {
    name: "a promise",
    make: () => Promise.resolve({ at: new Date(5), n: 1n }),
    async check(value) {
      equal(Object.getPrototypeOf(value), Promise.prototype);
      same(await value, { at: new Date(5), n: 1n });
    },
  },
  {
    name: "a promise of nothing",
    make: () => Promise.resolve(),
    check: async (value) => equal(await value, undefined),
  },
  {
    name: "a promise that is kept later",
    make: () => new Promise((resolve) => setTimeout(() => resolve("late"), 30)),
    check: async (value) => equal(await value, "late"),
  },
  {
    name: "a rejected promise",
    make: () => Promise.reject(new TypeError("no salt")),
    check: (value) => rejects(value, new RemoteError("no salt")),
  },
  {
    name: "a promise rejected with text",
    make: () => Promise.reject("no salt"),
    check: (value) => rejects(value, new RemoteError("no salt")),
  },
  {
    name: "a promise of what cannot be sent",
    make: () => Promise.resolve({ a: [() => 1] }),
    check: (value) =>
      rejects(
        value,
        (error) =>
          error instanceof RemoteError && /\$\.a\[0\]/.test(`${error}`),
      ),
  },
  {
    name: "a promise-like object",
    make: () =>
      new class Like {
        then(resolve: (value: unknown) => void) {
          resolve({ then: null, v: Promise.resolve(2) });
        }
      }(),
    async check(value) {
      ok(value instanceof Promise);
      equal(await (await value).v, 2);
    },
  },
  {
    name: "promises in promises",
    make: () => Promise.resolve([Promise.resolve([Promise.resolve(3)])]),
    async check(value) {
      const [[third]] = [await (await value)[0]];
      equal(await third, 3);
    },
  },
  {
    name: "an async generator",
    make: numbers,
    async check(value) {
      equal(value[Symbol.asyncIterator](), value);
      deepEqual(await value.next(), { done: false, value: 1 });
      deepEqual(await value.next(), { done: false, value: 2 });
      deepEqual(await value.next(), { done: true, value: "over" });
      deepEqual(await value.next(), { done: true, value: undefined });
    },
  },
  {
    name: "an async generator, asked all at once",
    make: numbers,
    async check(value) {
      const asked = [1, 2, 3, 4].map(() => value.next());
      const results = await Promise.all(asked);
      deepEqual(results.map(({ value }) => value), [1, 2, "over", undefined]);
    },
  },
  {
    name: "an async generator that is returned early",
    make: numbers,
    async check(value) {
      await value.next();
      deepEqual(await value.return("enough"), { done: true, value: "enough" });
      deepEqual(await value.next(), { done: true, value: undefined });
    },
  },
  {
    name: "an async iterable of 5,000 values of all types",
    make: () => watched((i) => [i, BigInt(i), new Date(i)][i % 3], 5_000),
    async check(value) {
      const items = await all(value);
      equal(items.length, 5_000);
      same(items[4_999], 4_999n);
      same(items[2], new Date(2));
    },
  },
  {
    name: "an async iterable of nothing",
    make: () => watched(() => 0, 0),
    check: isEmpty,
  },
  {
    name: "an async iterable that fails",
    make: () => watched((i) => i, 3, new Error("spilt")),
    async check(value) {
      const items: unknown[] = [];
      const read = async () => {
        for await (const item of value) items.push(item);
      };
      await rejects(read(), new RemoteError("spilt"));
      deepEqual(items, [0, 1, 2]);
    },
  },
  {
    name: "a plain object that can be iterated asynchronously",
    make: () => ({ a: 1, [Symbol.asyncIterator]: numbers }),
    check: async (value) => deepEqual(await all(value), [1, 2]),
  },
  {
    name: "a stream of values",
    make: () => streamOf([1n, new Map([["a", [1]]]), undefined, "x", null]),
    async check(value) {
      ok(value instanceof ReadableStream);
      const want = [1n, new Map([["a", [1]]]), undefined, "x", null];
      same(await all(value as unknown as AsyncIterable<unknown>), want);
    },
  },
  {
    name: "a stream of nothing",
    make: () => streamOf([]),
    check: isEmpty,
  },
  {
    name: "a stream of typed arrays",
    make: () => streamOf([Uint8Array.of(1, 2), new Float32Array([0.5])]),
    async check(value) {
      const items = await all(value);
      same(items, [Uint8Array.of(1, 2), new Float32Array([0.5])]);
    },
  },
  {
    name: "a stream that fails in the middle",
    make: failing,
    async check(value: ReadableStream) {
      const reader = value.getReader();
      equal((await reader.read()).value, 1);
      equal((await reader.read()).value, 2);
      await rejects(reader.read(), new RemoteError("the middle"));
      await rejects(reader.closed, new RemoteError("the middle"));
    },
  },
  {
    name: "a stream of bytes",
    make: () => byteSource(1_000_003).stream,
    async check(value: ReadableStream) {
      // Only of such a stream there is this reader.
      const reader = value.getReader({ mode: "byob" });
      const first = await reader.read(new Uint8Array(10));
      deepEqual([...first.value as Uint8Array], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      reader.releaseLock();
      const rest = concat(await all(value) as Bytes[]);
      equal(rest.length, 1_000_003 - 10);
      ok(rest.every((byte, i) => byte === (i + 10) % 251));
    },
  },
  {
    name: "a stream of no bytes, read into memory of the reader's",
    make: () => byteSource(1).stream,
    async check(value: ReadableStream) {
      const reader = value.getReader({ mode: "byob" });
      equal((await reader.read(new Uint8Array(4))).value?.length, 1);
      equal((await reader.read(new Uint8Array(4))).done, true);
    },
  },
  {
    name: "the body of a response",
    make: () => new Response("salt".repeat(50_000)).body,
    async check(value: ReadableStream) {
      equal(await new Response(value).text(), "salt".repeat(50_000));
    },
  },
  {
    name: "a blob",
    make: () => new Blob(["é", new Uint8Array(200_000)], { type: "a/b" }),
    async check(value) {
      equal(Object.getPrototypeOf(value), Blob.prototype);
      deepEqual([value.size, value.type], [200_002, "a/b"]);
      const bytes = new Uint8Array(await value.arrayBuffer());
      deepEqual([...bytes.subarray(0, 3)], [0xc3, 0xa9, 0]);
    },
  },
  {
    name: "an empty blob",
    make: () => new Blob([]),
    check: (value) => deepEqual([value.size, value.type], [0, ""]),
  },
  {
    name: "a file",
    make: () => new File(["abc"], "ü.txt", { type: "a/b", lastModified: 99 }),
    async check(value) {
      equal(Object.getPrototypeOf(value), File.prototype);
      deepEqual([value.name, value.type, value.lastModified], [
        "ü.txt",
        "a/b",
        99,
      ]);
      equal(await value.text(), "abc");
    },
  },
  {
    name: "a form with files",
    make: form,
    async check(value) {
      ok(value instanceof FormData);
      deepEqual(value.getAll("a"), ["text", "again"]);
      deepEqual([...value.keys()], ["a", "b", "a", "c"]);
      const file = value.get("b") as File;
      ok(file instanceof File);
      deepEqual([file.name, file.lastModified], ["ä.txt", 12345]);
      ok(file.type.startsWith("text/x-salt"));
      equal(await file.text(), "file content");
      const other = value.get("c") as File;
      deepEqual([other.name, other.size], ["c.bin", 100_000]);
    },
  },
];

const stages: readonly (readonly [string, Stage<unknown, unknown>])[] = [
  ["json", serializeLive()],
  ["msgpack", serializeLive({ family: "msgpack" })],
  ["frames", liveMessages({ codec: zstd(), minBytes: 50 })],
  ["frames of msgpack", liveMessages({ family: "msgpack", maxBytes: 100 })],
  ["lines", pipe(serializeLive(), lines(), gzip())],
];

type Obj = Record<string, unknown>;
const places: readonly {
  name: string;
  put(value: unknown): unknown;
  get(whole: unknown): unknown;
}[] = [
  { name: "in an object", put: (a) => ({ a }), get: (v) => (v as Obj).a },
  {
    name: "in an array, twice",
    put: (a) => [a, 1, a],
    get(value) {
      const [a, , b] = value as unknown[];
      equal(a, b);
      return a;
    },
  },
  {
    name: "in a Map and a Set",
    put: (a) => new Map([["k", new Set([a])]]),
    get: (v) => [...(v as Map<string, Set<unknown>>).get("k")!][0],
  },
  {
    name: "in a circle",
    put(a) {
      const value: Obj = { a, list: [] };
      value.self = value;
      (value.list as unknown[]).push(value, new Map([[value, a]]));
      return value;
    },
    get(value) {
      const { a, self, list } = value as Obj;
      equal(self, value);
      const [first, map] = list as [unknown, Map<unknown, unknown>];
      equal(first, value);
      equal(map.get(value), a);
      return a;
    },
  },
  {
    name: "in an error's cause",
    put: (cause) => new Error("x", { cause }),
    get: (v) => (v as Error).cause,
  },
];

describe("live values, alone", () => {
  for (const [name, stage] of stages) {
    for (const { name: row, make, check } of rows) {
      test(`${row}: ${name}`, async () => {
        // A stream of values cannot give a promise, so not everything stands alone.
        const { value, reader } = await firstOf<[unknown]>([[make()]], stage);
        await check(value[0]);
        deepEqual(await reader.read(), { done: true, value: undefined });
      });
    }
  }
});

describe("live values", () => {
  for (const { name: place, put, get } of places) {
    for (const { name, make, check } of rows) {
      test(`${name}, ${place}`, async () => {
        const stage = liveMessages();
        const { value, reader } = await firstOf([put(make())], stage);
        await check(get(value));
        deepEqual(await reader.read(), { done: true, value: undefined });
      });
    }
  }

  for (const { name, make, check } of rows) {
    test(`${name}, in a promise and in a stream of iterations`, async () => {
      const value = {
        later: Promise.resolve({ a: make() }),
        stream: streamOf([watched(() => ({ b: make() }), 1)]),
      };
      const { value: back } = await firstOf<{
        later: Promise<{ a: unknown }>;
        stream: ReadableStream<AsyncIterable<{ b: unknown }>>;
      }>([value], liveMessages());
      const inner = async () => {
        const [iteration] = await all(back.stream);
        const [item] = await all(iteration!);
        await check(item!.b);
      };
      // At a time: one that is not read holds up the other.
      await Promise.all([inner(), back.later.then(({ a }) => check(a))]);
    });
  }
});

describe("many values with many streams", () => {
  for (const [name, stage] of stages) {
    test(`are told apart: ${name}`, async () => {
      const values = Array.from({ length: 20 }, (_, v) => ({
        v,
        plain: `value ${v}`,
        promise: new Promise((keep) => setTimeout(() => keep(v), (v * 7) % 20)),
        streams: Array.from(
          { length: 10 },
          (_, s) => watched((i) => ({ v, s, i }), 20 + s),
        ),
      }));
      const stream = streamOf<unknown>(values)
        .pipeThrough(stage.encoder()).pipeThrough(stage.decoder());
      type Value = (typeof values)[number];
      const reads: Promise<void>[] = [];
      let next = 0;
      for await (const value of stream as ReadableStream<Value>) {
        const v = next++;
        deepEqual([value.v, value.plain], [v, `value ${v}`]);
        reads.push(value.promise.then((kept) => equal(kept, v)));
        for (const [s, items] of value.streams.entries()) {
          reads.push(
            all(items).then((items) => {
              equal(items.length, 20 + s);
              items.forEach((item, i) => deepEqual(item, { v, s, i }));
            }),
          );
        }
      }
      equal(next, 20);
      await Promise.all(reads);
    });
  }
});

test("a value arrives before what is live in it", async () => {
  let keep!: (value: string) => void;
  const promise = new Promise<string>((resolve) => keep = resolve);
  const { value, reader } = await firstOf<{ promise: Promise<string> }>(
    [{ promise }, "next"],
    pipe(serializeLive(), frames()),
  );
  equal((await reader.read()).value, "next");
  keep("kept");
  equal(await value.promise, "kept");
});
