/** What is made and read while somebody stands still: see the windows in `docs/streams.md`. */
import { describe, test } from "bun:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import {
  type Bytes,
  frames,
  liveMessages,
  type Message,
  pipe,
  serializeLive,
  SerializeLiveStream,
  type Stage,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";
import {
  all,
  byteSource,
  firstOf,
  rest,
  streamOf,
  until,
  watched,
} from "./_helpers.ts";

const WINDOW = 2 ** 18;
/** The window, one message more, and what the stages between hold. */
const READ_AHEAD = 2 ** 19;
const STALL = 1_500;
/** 1 kB, as text. */
const item = (i: number): string => `${i}`.padEnd(1_000, ".");

/** The bytes of a stream in pieces, and how many were asked for. */
function counted(
  bytes: Bytes,
  piece: number = 16_384,
): { stream: ReadableStream<Bytes>; read: () => number } {
  let at = 0;
  const stream = new ReadableStream<Bytes>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at += piece));
    },
  }, { highWaterMark: 0 });
  return { stream, read: () => Math.min(at, bytes.length) };
}

async function encoded(value: unknown): Promise<Bytes> {
  const stream = streamOf([value]).pipeThrough(liveMessages().encoder());
  return concat(await all(stream));
}

describe("the writer, while its reader stands still", () => {
  const stages: Readonly<Record<string, Stage<unknown, unknown>>> = {
    "serializeLive": serializeLive(),
    "liveMessages": liveMessages(),
    "liveMessages of msgpack": liveMessages({ family: "msgpack" }),
  };
  for (const [name, stage] of Object.entries(stages)) {
    test(
      `pulls no more than the window of an endless generator: ${name}`,
      async () => {
        const items = watched(item);
        const reader = streamOf<unknown>([{ items }])
          .pipeThrough(stage.encoder()).getReader();
        await reader.read();
        await rest(STALL);
        ok(items.pulled * 1_000 <= WINDOW, `${items.pulled} pulled`);
        await reader.cancel();
        await until(() => items.returned > 0);
        await rest();
        equal(items.returned, 1);
      },
      20_000,
    );
  }

  test("pulls nothing before anyone reads", async () => {
    const items = watched(item);
    const bytes = byteSource(10 ** 7);
    const { readable, writable } = new SerializeLiveStream();
    const writer = writable.getWriter();
    writer.write([items, bytes.stream]).catch(() => {});
    await rest();
    equal(items.pulled, 0);
    await readable.cancel();
  });

  test("pulls one message ahead of each of many", async () => {
    const many = Array.from({ length: 100 }, () => watched(item));
    const reader = streamOf<unknown>([many])
      .pipeThrough(new SerializeLiveStream()).getReader();
    await reader.read();
    await reader.read();
    await rest();
    const pulled = many.map(({ pulled }) => pulled);
    // Together they gather 256 KiB, and no one of them is asked twice.
    ok(pulled.reduce((a, b) => a + b) <= 2 * WINDOW / 1_000);
    ok(Math.max(...pulled) <= 5, `${pulled}`);
    await reader.cancel();
    deepEqual(many.map(({ returned }) => returned), many.map(() => 1));
  });

  test("reads a stream of bytes in pieces, and no further", async () => {
    const bytes = byteSource(20_000_000);
    const reader = streamOf<unknown>([{ bytes: bytes.stream }])
      .pipeThrough(liveMessages().encoder()).getReader();
    for (let i = 0; i < 5; i++) await reader.read();
    await rest();
    ok(bytes.pulled() <= WINDOW, `${bytes.pulled()} read`);
    await reader.cancel("enough");
    await until(() => bytes.reason() !== undefined);
    equal(bytes.reason(), "enough");
  });

  test("does not read a blob as a whole", async () => {
    const blob = new Blob([new Uint8Array(5_000_000)]);
    const reader = streamOf<unknown>([{ blob }])
      .pipeThrough(new SerializeLiveStream()).getReader();
    let count = 0;
    for (;;) {
      const { value } = await reader.read();
      if ((value as Message).header.stream === undefined) break;
      ok(value!.frames[0]!.length <= 32_768);
      count++;
    }
    equal(count, Math.ceil(5_000_000 / 32_768));
  });

  test("takes no more values than its reader wants", async () => {
    let taken = 0;
    const endless = new ReadableStream({
      pull: (controller) =>
        controller.enqueue({ n: taken++, p: Promise.resolve() }),
    }, { highWaterMark: 0 });
    const reader = endless.pipeThrough(liveMessages().encoder()).getReader();
    await reader.read();
    await rest();
    ok(taken < 40, `${taken} taken`);
    await reader.cancel();
  });
});

describe("the reader, while whoever has the values stands still", () => {
  for (const piece of [1_000, 65_536]) {
    test(
      `reads no more than 512 KiB of a finished stream of 20 MB, in pieces of ${piece}`,
      async () => {
        const bytes = await encoded({ items: watched(item, 20_000), last: 1 });
        ok(bytes.length > 20_000_000);
        const { stream, read } = counted(bytes, piece);
        const values = stream.pipeThrough(
          liveMessages<{ items: AsyncIterable<string> }>().decoder(),
        ).getReader();
        const { value } = await values.read();
        const items = value!.items[Symbol.asyncIterator]();
        equal((await items.next()).value, item(0));
        await rest(100);
        ok(read() <= READ_AHEAD, `${read()} read`);
        // And it goes on to the end when it is asked to.
        let count = 1;
        while (!(await items.next()).done) count++;
        equal(count, 20_000);
        equal((await values.read()).done, true);
      },
      30_000,
    );
  }

  test("also if a promise that comes last is not settled", async () => {
    let keep!: () => void;
    const last = new Promise<void>((resolve) => keep = resolve);
    const items = watched((i) => {
      if (i === 9_999) keep();
      return item(i);
    }, 10_000);
    const { stream, read } = counted(await encoded({ items, last }));
    const { value } = await stream.pipeThrough(
      liveMessages<{ items: AsyncGenerator<string>; last: Promise<void> }>()
        .decoder(),
    ).getReader().read();
    await value!.items.next();
    await rest(100);
    ok(read() <= READ_AHEAD, `${read()} read`);
    // The stream was in its way.
    await value!.items.return(undefined);
    equal(await value!.last, undefined);
  });

  test("reads values ahead, while something inside one is waited for, up to the window", async () => {
    let keep!: (value: string) => void;
    const late = new Promise<string>((resolve) => keep = resolve);
    let taken = 0;
    const source = new ReadableStream<unknown>({
      pull(controller) {
        if (taken++ === 0) return controller.enqueue({ late });
        controller.enqueue(item(taken));
        if (taken === 50) keep("kept");
        if (taken === 100_000) controller.close();
      },
    }, { highWaterMark: 0 });
    const stage = serializeLive<unknown>({ maxBytes: 10_000 });
    const reader = source.pipeThrough(stage.encoder())
      .pipeThrough(stage.decoder()).getReader();
    const { value } = await reader.read() as {
      value: { late: Promise<string> };
    };
    equal(await value.late, "kept");
    await rest();
    ok(taken <= READ_AHEAD / 1_000, `${taken} taken`);
    equal((await reader.read()).value, item(2));
    await reader.cancel();
  });
});

describe("two streams, one of which nobody reads", () => {
  type Two = { a: AsyncGenerator<string>; b: AsyncGenerator<string> };
  const two = async () => {
    const a = watched(item, 5_000);
    const b = watched(item, 5_000);
    const { value } = await firstOf<Two>(
      [{ a, b }],
      pipe(serializeLive(), frames()),
    );
    return { a, b, value };
  };
  /** Reads until it is made to wait. */
  const readOn = (items: AsyncGenerator<string>) => {
    const state = { count: 0, done: false };
    const run = async () => {
      for (;;) {
        if ((await items.next()).done) break;
        state.count++;
      }
      state.done = true;
    };
    run();
    return state;
  };

  test("the other goes on until the window is full, and again when it is read", async () => {
    const { b, value } = await two();
    const state = readOn(value.a);
    await until(() => state.count > 200);
    await rest(50);
    // As much of one as of the other has come, since they take turns.
    ok(state.count >= 200 && state.count <= 600, `${state.count} read`);
    ok(b.pulled * 1_000 <= READ_AHEAD, `${b.pulled} pulled`);
    const before = state.count;
    for (let i = 0; i < 300; i++) await value.b.next();
    await until(() => state.count >= before + 200);
    ok(state.count >= before + 200);
  });

  test("the other goes on to its end when the one is cancelled", async () => {
    const { value } = await two();
    const state = readOn(value.a);
    await until(() => state.count > 200);
    await rest(50);
    equal(state.done, false);
    await value.b.return(undefined);
    await until(() => state.done);
    equal(state.count, 5_000);
  });

  test("an unlimited window lets them be read one after the other", async () => {
    const value = { a: watched(item, 3_000), b: byteSource(3_000_000).stream };
    const stage = liveMessages({ window: Infinity });
    const { value: back } = await firstOf<
      { a: AsyncGenerator<string>; b: ReadableStream<Bytes> }
    >([value], stage);
    equal((await all(back.a)).length, 3_000);
    equal((await new Response(back.b).arrayBuffer()).byteLength, 3_000_000);
  });
});

describe("turns", () => {
  test("a value is not kept waiting by streams, nor they by values", async () => {
    const stream = new SerializeLiveStream<unknown>({ maxValues: 1 });
    const endless = Array.from({ length: 5 }, () => watched(item));
    let n = 0;
    const values = new ReadableStream<unknown>({
      pull: (controller) => controller.enqueue(n++ === 0 ? endless : n),
    }, { highWaterMark: 0 });
    const reader = values.pipeThrough(stream).getReader();
    const who: (number | undefined)[] = [];
    for (let i = 0; i < 400; i++) {
      const { value } = await reader.read();
      who.push(value!.header.stream);
    }
    await reader.cancel();
    for (const id of [undefined, 1, 2, 3, 4, 5]) {
      const times = who.map((each, i) => each === id ? i : -1)
        .filter((i) => i >= 0);
      const gaps = times.slice(1).map((time, i) => time - times[i]!);
      ok(times.length > 20, `${id} spoke ${times.length} times`);
      ok(Math.max(...gaps) <= 24, `${id} had to wait for ${Math.max(...gaps)}`);
    }
  });

  test("items that come one by one are not kept back", async () => {
    let give!: (value: number) => void;
    let next = new Promise<number>((resolve) => give = resolve);
    async function* slow() {
      for (;;) {
        yield await next;
        next = new Promise((resolve) => give = resolve);
      }
    }
    const { value } = await firstOf<{ slow: AsyncGenerator<number> }>(
      [{ slow: slow() }],
      liveMessages(),
    );
    for (let i = 0; i < 5; i++) {
      const read = value.slow.next();
      await rest(5);
      give(i);
      equal((await read).value, i);
    }
  });

  test("small items share messages", async () => {
    const messages = await all(
      streamOf<unknown>([watched((i) => i, 10_000)])
        .pipeThrough(new SerializeLiveStream()),
    );
    ok(messages.length < 40, `${messages.length} messages`);
  });
});
