/** What goes wrong, where it is told, and what goes on all the same. */
import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  type Bytes,
  DeserializeLiveStream,
  liveMessages,
  type Message,
  messages,
  RemoteError,
  serialize,
  SerializeError,
  serializeLive,
  SerializeLiveStream,
  type Stage,
  TruncatedError,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";
import {
  all,
  byteSource,
  firstOf,
  json,
  rest,
  streamOf,
  watched,
} from "./_helpers.ts";

const isTruncated = (error: unknown) => error instanceof TruncatedError;

async function messagesOf(value: unknown): Promise<Message[]> {
  return await all(streamOf([value]).pipeThrough(new SerializeLiveStream()));
}

type Value = {
  promise: Promise<unknown>;
  items: AsyncGenerator<unknown>;
  stream: ReadableStream<unknown>;
  bytes: ReadableStream<Bytes>;
};

const valueOf = () => ({
  promise: new Promise((keep) => setTimeout(() => keep("kept"), 20)),
  items: watched((i) => i, 1_000),
  stream: streamOf([1, 2, 3]),
  bytes: byteSource(200_000).stream,
});

/** Reads everything of a value at a time; the errors that it met. */
async function errorsOf(value: Value): Promise<unknown[]> {
  const { promise, items, stream, bytes } = value;
  const ends = await Promise.allSettled(
    [promise, all(items), all(stream), all(bytes)],
  );
  return ends.map((end) => end.status === "rejected" ? end.reason : undefined);
}

describe("a stream of messages that is cut", () => {
  test("fails all that is not over, and the values: after every message", async () => {
    const messages = await messagesOf(valueOf());
    const last = new Map(
      messages.map(({ header }, i) => [header.stream, i] as const),
    );
    for (let cut = 1; cut < messages.length; cut++) {
      const reader = streamOf(messages.slice(0, cut))
        .pipeThrough(new DeserializeLiveStream<Value>()).getReader();
      const { value } = await reader.read();
      const errors = await errorsOf(value!);
      const cutOff = [1, 2, 3, 4].map((id) => last.get(id)! >= cut);
      deepEqual(errors.map(isTruncated), cutOff, `${cut}`);
      await rejects(reader.read(), isTruncated);
    }
  });

  test("at any of some thousand bytes", async () => {
    const stage = liveMessages();
    const bytes = concat(
      await all(streamOf<unknown>([valueOf()]).pipeThrough(stage.encoder())),
    );
    for (let cut = 1; cut < bytes.length; cut += 997) {
      const reader = streamOf([bytes.subarray(0, cut)])
        .pipeThrough(stage.decoder()).getReader();
      const first = await reader.read().catch((error: unknown) => ({ error }));
      if ("error" in first) {
        ok(isTruncated(first.error));
        continue;
      }
      const errors = await errorsOf(first.value as Value);
      ok(errors.every((error) => error === undefined || isTruncated(error)));
      await rejects(reader.read(), isTruncated);
    }
  });

  test("what has come is read first", async () => {
    const reader = streamOf([
      json('{"items":{"$AsyncIterable":[1]}}', { tagged: true }),
      json("[1,2,3]", { stream: 1, part: "values", values: 3 }),
      json("[8,9]", { values: 2 }),
      json("[4]", { stream: 1, part: "values", values: 1 }),
    ]).pipeThrough(new DeserializeLiveStream<unknown>()).getReader();
    const { value } = await reader.read() as {
      value: { items: AsyncGenerator<number> };
    };
    deepEqual([(await reader.read()).value, (await reader.read()).value], [
      8,
      9,
    ]);
    for (const want of [1, 2, 3, 4]) {
      equal((await value.items.next()).value, want);
    }
    await rejects(value.items.next(), isTruncated);
    deepEqual(await value.items.next(), { done: true, value: undefined });
    await rejects(reader.read(), isTruncated);
  });

  test("is no matter of what has ended", async () => {
    const reader = streamOf([
      json('{"$Promise":[1]}', { tagged: true }),
      json("5", { stream: 1, part: "result" }),
    ]).pipeThrough(new DeserializeLiveStream<unknown>()).getReader();
    // A stream of values cannot give a promise as such: it is a value like others here.
    const { value } = await reader.read();
    equal(await value, 5);
    equal((await reader.read()).done, true);
  });
});

describe("the error of a source", () => {
  const failure = () => {
    const cause = new Error("a secret cause");
    return { p: Promise.reject(new RangeError("told", { cause })) };
  };

  test("is told by its message, without stack and cause", async () => {
    const all = await messagesOf(failure());
    const text = all.map(({ frames }) => new TextDecoder().decode(frames[0]));
    deepEqual(all[1]!.header, {
      stream: 1,
      part: "error",
      serializer: "error",
      values: 0,
    });
    equal(text[1], "told");
    ok(!text.join().includes("secret") && !text.join().includes("_test.ts"));
  });

  test("is not told, if that is asked for", async () => {
    const told: unknown[] = [];
    const stage = serializeLive({
      errors: "redacted",
      onError: (error) => told.push(error),
    });
    const value = { ...failure(), items: watched((i) => i, 1, new Error("x")) };
    const { value: back } = await firstOf<
      { p: Promise<void>; items: AsyncGenerator }
    >([value], stage);
    const isRedacted = new RemoteError("it failed at the writer");
    await rejects(back.p, isRedacted);
    await rejects(all(back.items), isRedacted);
    deepEqual(told.map((error) => (error as Error).message), ["told", "x"]);
  });

  test("leaves all others alone", async () => {
    const value = { ...valueOf(), ...failure() };
    const { value: back, reader } = await firstOf<
      Value & { p: Promise<void> }
    >([value, "after"], liveMessages());
    const [errors, after] = await Promise.all([errorsOf(back), reader.read()]);
    deepEqual(errors, [undefined, undefined, undefined, undefined]);
    await rejects(back.p, /told/);
    equal(after.value, "after");
    equal((await reader.read()).done, true);
  });

  test("comes after what stood before it", async () => {
    const { value } = await firstOf<{ items: AsyncGenerator<number> }>(
      [{ items: watched((i) => i, 5_000, new Error("at the end")) }],
      liveMessages(),
    );
    const items: number[] = [];
    await rejects(async () => {
      for await (const item of value.items) items.push(item);
    }, /at the end/);
    equal(items.length, 5_000);
  });

  for (
    const [name, iterable] of Object.entries({
      "that gives no iterator": { [Symbol.asyncIterator]: () => 5 },
      "that throws instead": {
        [Symbol.asyncIterator]() {
          throw new Error("no iterator");
        },
      },
    })
  ) {
    test(`of an iterable ${name}, is of the value`, async () => {
      await rejects(
        messagesOf({ a: [iterable] }),
        (error) => error instanceof SerializeError && error.path === "$.a[0]",
      );
    });
  }

  for (
    const [name, next] of Object.entries({
      "that gives no object": (): unknown => 5,
      "that throws at once": (): unknown => {
        throw new Error("at once");
      },
    })
  ) {
    test(`of an iterator ${name}, is of the stream`, async () => {
      const iterable = { [Symbol.asyncIterator]: () => ({ next }) };
      const { value } = await firstOf<AsyncGenerator[]>(
        [[iterable]],
        serializeLive(),
      );
      await rejects(all(value[0]!), RemoteError);
    });
  }
});

test("nobody looks at a promise that fails: nothing happens", async () => {
  const told: unknown[] = [];
  const listen = (event: { reason?: unknown; preventDefault?(): void }) => {
    told.push(event.reason ?? event);
    event.preventDefault?.();
  };
  addEventListener("unhandledrejection", listen);
  const { process } = globalThis as {
    process?: {
      on(name: string, listen: unknown): void;
      off(name: string, listen: unknown): void;
    };
  };
  process?.on("unhandledRejection", listen);
  const failing = () => Promise.reject(new Error("unseen"));
  const { reader } = await firstOf(
    [{ a: failing(), items: watched((i) => i, 2, new Error("unseen")) }],
    liveMessages(),
  );
  await reader.read();
  const cut = (await messagesOf([new Promise((keep) => setTimeout(keep, 5))]))
    .slice(0, 1);
  await rejects(
    all(streamOf(cut).pipeThrough(new DeserializeLiveStream())),
    isTruncated,
  );
  // Of a value that is refused, and of a reader that goes away.
  await rejects(messagesOf({ a: failing(), b: () => 1 }), SerializeError);
  const left = streamOf([{ a: new Promise((_, no) => setTimeout(no, 10)) }])
    .pipeThrough(new SerializeLiveStream()).getReader();
  await left.read();
  await left.cancel();
  await rest(50);
  removeEventListener("unhandledrejection", listen);
  process?.off("unhandledRejection", listen);
  deepEqual(told, []);
});

describe("a value that cannot be sent", () => {
  const refused: Readonly<Record<string, () => unknown>> = {
    "a locked stream": () => {
      const stream = streamOf([1]);
      stream.getReader();
      return stream;
    },
    "a stream that is being sent": () => twice(streamOf([1])),
    "a generator that is being sent": () => twice(watchedGenerator()),
  };
  for (const [name, make] of Object.entries(refused)) {
    test(`is told with its path: ${name}`, async () => {
      const made = make();
      const values = made instanceof Twice ? [[made.it], [made.it]] : [[made]];
      await rejects(
        all(streamOf<unknown>(values).pipeThrough(new SerializeLiveStream())),
        (error) => error instanceof SerializeError && error.path === "$[0]",
      );
    });
  }

  const live: Readonly<Record<string, () => unknown>> = {
    "a promise": () => Promise.resolve(),
    "a stream": () => streamOf([1]),
    "an async generator": () => watchedGenerator(),
    "a blob": () => new Blob(["x"]),
    "a file": () => new File(["x"], "x"),
    "a file in a form": () => {
      const form = new FormData();
      form.append("f", new File(["x"], "x"));
      return form;
    },
  };
  for (const [name, make] of Object.entries(live)) {
    test(`without the stage for it, says which that is: ${name}`, async () => {
      for (
        const stage of [serialize(), messages()] as Stage<unknown, unknown>[]
      ) {
        await rejects(
          all(streamOf<unknown>([{ a: make() }]).pipeThrough(stage.encoder())),
          (error) =>
            error instanceof SerializeError &&
            /\$\.a.*: serializeLive\(\) keeps it$/.test(error.message),
        );
      }
    });
  }
});

class Twice {
  constructor(readonly it: unknown) {}
}
const twice = (it: unknown) => new Twice(it);

async function* watchedGenerator() {
  yield 1;
}
