import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { dumps, LimitError, liveMessages, loads } from "../../mod.ts";
import { all, firstOf, rest, watched } from "./_helpers.ts";

/** 1 kB, as text. */
const item = (i: number): string => `${i}`.padEnd(1_000, ".");
const later = <T>(value: T): Promise<T> => rest(60).then(() => value);
const given = { name: "LimitError", message: /nobody reads.*262144/ };

interface Value {
  readonly items: AsyncIterable<string>;
  readonly stream: ReadableStream<string>;
  readonly answer: Promise<string>;
}

describe("a stream that nobody reads, and that fills the window", () => {
  test("is given up, so that what is waited for comes", async () => {
    const cancelled: unknown[] = [];
    const stage = liveMessages<unknown>({
      maxWait: 30,
      onCancel: (id, reason) => cancelled.push([id, reason]),
    });
    const items = watched(item);
    const value = { items, answer: later("salt") };
    const { value: { answer, items: received }, reader } = await firstOf<Value>(
      [value],
      stage,
    );
    equal(await answer, "salt");
    await rejects(all(received), given);
    equal(cancelled.length, 1);
    ok((cancelled[0] as unknown[])[1] instanceof LimitError);
    await reader.cancel();
  });

  test("is given up as a ReadableStream, and when it is over, too", async () => {
    const short = () =>
      ReadableStream.from(Array.from({ length: 100 }, (_, i) => item(i)));
    const value = {
      streams: [short(), short(), short(), short()],
      answer: later("salt"),
    };
    const { value: { answer, streams } } = await firstOf<
      { streams: ReadableStream<string>[]; answer: Promise<string> }
    >([value], liveMessages({ maxWait: 30 }));
    equal(await answer, "salt");
    const ends = await Promise.allSettled(streams.map((stream) => all(stream)));
    const failed = ends.filter(({ status }) => status === "rejected");
    ok(failed.length >= 1 && failed.length < 4, `${failed.length}`);
    for (const end of ends) {
      if (end.status === "rejected") ok(end.reason instanceof LimitError);
      else deepEqual(end.value.length, 100);
    }
  });

  test("is given up by loads(), which has the value then", async () => {
    const stage = liveMessages<{ items: AsyncIterable<string> }>({
      maxWait: 30,
    });
    const bytes = await dumps({ items: watched(item, 600) }, stage as never);
    const { items } = await loads(bytes, stage as never) as {
      items: AsyncIterable<string>;
    };
    await rejects(all(items), given);
  });

  test("is not given up once it was read, nor where nothing else is waited for", async () => {
    const stage = liveMessages<unknown>({ maxWait: 20 });
    const value = { items: watched(item, 600), answer: new Promise(() => {}) };
    const first = await firstOf<Value>([value], stage);
    const iterator = first.value.items[Symbol.asyncIterator]();
    await iterator.next();
    await rest(120);
    let count = 1;
    while (!(await iterator.next()).done) count++;
    equal(count, 600);
    await first.reader.cancel();

    const alone = await firstOf<Value>([{ items: watched(item, 600) }], stage);
    await rest(120);
    equal((await all(alone.value.items)).length, 600);
  });

  test("is waited for without an end, if that is asked for", async () => {
    const stage = liveMessages<unknown>({ maxWait: Infinity });
    const value = { items: watched(item, 600), answer: later("salt") };
    const { value: { items, answer } } = await firstOf<Value>([value], stage);
    let come = false;
    answer.then(() => come = true);
    await rest(200);
    equal(come, false);
    equal((await all(items)).length, 600);
    equal(await answer, "salt");
  });
});
