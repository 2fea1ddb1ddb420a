/** That a cancel reaches all who have to hear of it, once, whichever end it comes from. */
import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  type Bytes,
  DeserializeLiveStream,
  liveChannel,
  liveMessages,
  type Message,
  serializeLive,
  SerializeLiveStream,
  type Stage,
} from "../../mod.ts";
import {
  all,
  byteSource,
  firstOf,
  json,
  rest,
  staying,
  streamOf,
  until,
  watched,
} from "./_helpers.ts";

/** Something of each kind, and whether it was told. */
function sources() {
  let reason: unknown;
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue(1),
    cancel(why) {
      reason = why;
    },
  }, { highWaterMark: 0 });
  const items = watched((i) => i);
  const bytes = byteSource(10 ** 9);
  const waiting = new Promise(() => {});
  let pendingReturned = 0;
  const pending = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => {}),
      return() {
        pendingReturned++;
        return Promise.resolve({ done: true as const, value: undefined });
      },
    }),
  };
  return {
    value: { stream, items, bytes: bytes.stream, waiting, pending },
    told: () => [reason, items.returned, bytes.reason(), pendingReturned],
  };
}

interface Value {
  readonly stream: ReadableStream<number>;
  readonly items: AsyncGenerator<number>;
  readonly bytes: ReadableStream<Bytes>;
  readonly waiting: Promise<void>;
}

/** Reads all there is, at a time, and meets the same error everywhere. */
async function allFail(
  { stream, items, bytes, waiting }: Value,
  why: unknown,
): Promise<void> {
  const reads = [all(stream), all(items), all(bytes), waiting];
  await Promise.all(
    reads.map((read) => rejects(read, (error) => error === why)),
  );
}

const stages: Readonly<Record<string, Stage<unknown, unknown>>> = {
  serializeLive: serializeLive(),
  liveMessages: liveMessages(),
};
const why = new Error("enough");
const TOLD = [why, 1, why, 1];

for (const [name, stage] of Object.entries(stages)) {
  describe(`all sources are told, once: ${name}`, () => {
    test("when the reader of messages cancels", async () => {
      const { value, told } = sources();
      let valuesReason: unknown;
      const values = new ReadableStream<unknown>({
        start: (controller) => controller.enqueue(value),
        cancel(reason) {
          valuesReason = reason;
        },
      }, { highWaterMark: 0 });
      const reader = values.pipeThrough(stage.encoder()).getReader();
      for (let i = 0; i < 6; i++) await reader.read();
      await reader.cancel(why);
      await until(() => told()[3] === 1);
      await rest();
      deepEqual(told(), TOLD);
      equal(valuesReason, why);
    });

    test("when the reader of values cancels", async () => {
      const { value, told } = sources();
      const { value: back, reader } = await firstOf<{
        stream: ReadableStream<number>;
        items: AsyncGenerator<number>;
        waiting: Promise<void>;
      }>([value], stage);
      const read = back.stream.getReader();
      await read.read();
      await back.items.next();
      await reader.cancel(why);
      await until(() => told()[3] === 1);
      await rest();
      deepEqual(told(), TOLD);
      await rejects(back.waiting, (error) => error === why);
      const readAll = async () => {
        while (!(await read.read()).done);
      };
      await rejects(readAll(), (error) => error === why);
    });

    test("when the writer of values aborts", async () => {
      const { value, told } = sources();
      const encoder = stage.encoder();
      const reader = encoder.readable.pipeThrough(stage.decoder()).getReader();
      const writer = encoder.writable.getWriter();
      writer.write(value).catch(() => {});
      const { value: back } = await reader.read() as { value: Value };
      await rest();
      await writer.abort(why);
      await allFail(back, why);
      await rejects(reader.read(), (error) => error === why);
      await rest();
      deepEqual(told(), TOLD);
    });

    test("when the source of values fails", async () => {
      const { value, told } = sources();
      let count = 0;
      const values = new ReadableStream<unknown>({
        async pull(controller) {
          if (count++ === 0) return controller.enqueue(value);
          await rest();
          controller.error(why);
        },
      }, { highWaterMark: 0 });
      const reader = values.pipeThrough(stage.encoder())
        .pipeThrough(stage.decoder()).getReader();
      const { value: back } = await reader.read() as { value: Value };
      await allFail(back, why);
      await rejects(reader.read(), (error) => error === why);
      deepEqual(told(), TOLD);
    });

    test("when a later value cannot be sent", async () => {
      const { value, told } = sources();
      const { value: back } = await firstOf<{ waiting: Promise<void> }>(
        [value, { bad: [() => 1] }],
        stage,
      );
      await rejects(back.waiting, /\$\.bad\[0\]/);
      await until(() => told()[3] === 1);
      await rest();
      deepEqual(
        told().map((reason) => reason === 1 || reason instanceof Error),
        [
          true,
          true,
          true,
          true,
        ],
      );
    });
  });
}

describe("a source that has ended", () => {
  test("is not told to", async () => {
    const items = watched((i) => i, 3);
    const failing = watched((i) => i, 3, new Error("by itself"));
    const { value, reader } = await firstOf<AsyncGenerator<number>[]>(
      [[items, failing]],
      liveMessages(),
    );
    equal((await all(value[0]!)).length, 3);
    await rejects(all(value[1]!), /by itself/);
    await reader.cancel();
    await rest();
    deepEqual([items.returned, failing.returned], [0, 0]);
  });

  test("by what its items are, is told once", async () => {
    const items = watched((i) => i < 2 ? i : () => i);
    const { value, reader } = await firstOf<AsyncGenerator<number>[]>(
      [[items]],
      liveMessages(),
    );
    const read: number[] = [];
    const readAll = async () => {
      for await (const item of value[0]!) read.push(item);
    };
    await rejects(readAll(), /Cannot serialize the value at \$: /);
    deepEqual(read, [0, 1]);
    equal(items.returned, 1);
    // Nothing else has come to harm.
    deepEqual(await reader.read(), { done: true, value: undefined });
  });
});

describe("a stream inside a value that is cancelled", () => {
  test("tells its number, once", async () => {
    const cancels: unknown[] = [];
    const onCancel = (id: number, reason: unknown) =>
      cancels.push([id, reason]);
    const { value } = sources();
    const { value: back, reader } = await firstOf<Value>(
      [value],
      serializeLive({ onCancel }),
    );
    await back.stream.cancel("a");
    await back.items.next();
    await back.items.return(1);
    await back.items.return(2);
    await rejects(back.items.throw("late"), (error) => error === "late");
    const bytes = back.bytes.getReader();
    await bytes.read();
    await bytes.cancel("c");
    deepEqual(cancels, [[1, "a"], [2, undefined], [3, "c"]]);
    deepEqual(await back.items.next(), { done: true, value: undefined });
    await reader.cancel();
  });

  test("reaches its producer through a channel, and the others go on", async () => {
    const { encoder, decoder } = liveChannel<unknown>();
    const { value, told } = sources();
    const reader = staying([value]).pipeThrough(encoder)
      .pipeThrough(decoder).getReader();
    const back = (await reader.read()).value as Value;
    await back.stream.getReader().cancel(why);
    await until(() => told()[0] === why);
    deepEqual(told(), [why, 0, undefined, 0]);
    await back.bytes.cancel(why);
    await until(() => told()[2] === why);
    for (let i = 0; i < 10_000; i++) {
      equal((await back.items.next()).value, i);
    }
    for await (const i of back.items) if (i > 10_010) break;
    await until(() => told()[1] === 1);
    equal(told()[1], 1);
    await reader.cancel(why);
    await rest();
    equal(told()[1], 1);
    equal(told()[3], 1);
  });

  test("with what it holds: streams in its items are cancelled, too", async () => {
    const cancels: number[] = [];
    const { encoder, decoder } = liveChannel<unknown>({
      onCancel: (id) => cancels.push(id),
    });
    const inner = Array.from({ length: 3 }, () => watched((i) => i));
    async function* outer() {
      yield* inner;
      await new Promise(() => {});
    }
    const reader = staying([{ outer: outer(), p: new Promise(() => {}) }])
      .pipeThrough(encoder).pipeThrough(decoder).getReader();
    const { value } = await reader.read() as {
      value: { outer: AsyncGenerator<AsyncGenerator<number>> };
    };
    // Because of the promise, all of them come.
    await until(() => inner.every(({ pulled }) => pulled > 0));
    await rest();
    const { value: first } = await value.outer.next();
    await value.outer.return(undefined);
    await until(() => inner[2]!.returned === 1);
    deepEqual(inner.map(({ returned }) => returned), [0, 1, 1]);
    equal(cancels.length, 3);
    equal((await first!.next()).value, 0);
    await reader.cancel();
  });

  test("and what comes for it later is thrown away, with all that it names", async () => {
    const cancels: number[] = [];
    const stream = new DeserializeLiveStream<AsyncGenerator>({
      onCancel: (id) => cancels.push(id),
    });
    const writer = stream.writable.getWriter();
    const write = (message: Message) => writer.write(message).catch(() => {});
    write(json('{"$AsyncIterable":[1]}', { tagged: true }));
    const reader = stream.readable.getReader();
    const { value } = await reader.read();
    await value!.return(undefined);
    const read = reader.read();
    write(
      json('{"$Promise":[2]}', { stream: 1, part: "values", tagged: true }),
    );
    write(json("1", { stream: 2, part: "result" }));
    write(
      json('{"$AsyncIterable":[3]}', {
        stream: 1,
        part: "result",
        tagged: true,
      }),
    );
    write({ header: { stream: 3, part: "end" }, frames: [] });
    write(json("7"));
    equal((await read).value, 7);
    writer.close();
    equal((await reader.read()).done, true);
    deepEqual(cancels, [1, 2, 3]);
  });

  test("that is over, or was never there, is nobody's business", async () => {
    const stream = new SerializeLiveStream<unknown>();
    stream.cancelSource(17);
    const messages = await all(
      streamOf([Promise.resolve(1)].map((p) => [p])).pipeThrough(stream),
    );
    equal(messages.length, 2);
    stream.cancelSource(1);
  });
});

test("a generator that was never begun is returned as well", async () => {
  let begun = false;
  async function* items() {
    begun = true;
    yield 1;
  }
  const generator = items();
  const { encoder, decoder } = liveChannel<unknown>();
  const reader = staying([{ generator }]).pipeThrough(encoder)
    .pipeThrough(decoder).getReader();
  const { value } = await reader.read() as {
    value: { generator: AsyncGenerator };
  };
  await value.generator.return(undefined);
  deepEqual(await generator.next(), { done: true, value: undefined });
  ok(!begun);
  await reader.cancel();
});
