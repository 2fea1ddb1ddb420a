/** Messages that nobody of good will would write: one of our errors, at once, and in little memory. */
import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  DeserializeLiveStream,
  DeserializeStream,
  FormatError,
  LimitError,
  type Message,
  SerializeError,
  SerializeLiveStream,
} from "../../mod.ts";
import { all, json, streamOf } from "./_helpers.ts";

const bytes = (length: number) => new Uint8Array(length);
const tagged = (text: string, header: object = {}) =>
  json(text, { tagged: true, ...header });
const part = (stream: unknown, part: unknown, ...frames: Message["frames"]) =>
  ({ header: { stream, part }, frames }) as Message;
const promise = tagged('{"a":{"$Promise":[1]}}');
const items = tagged('{"a":{"$AsyncIterable":[1]}}');
const stream = tagged('{"a":{"$ReadableStream":[1]}}');
const byteStream = tagged('{"a":{"$ReadableStream":[[1,"bytes"]]}}');
const result = (text = "1", id = 1) =>
  json(text, { stream: id, part: "result" });
const values = (text = "1", id = 1) =>
  json(text, { stream: id, part: "values" });

const hostile: Readonly<Record<string, readonly Message[]>> = {
  "a part of nothing": [part(1, "end")],
  "values of nothing": [values()],
  "a part of a stream that is over": [stream, part(1, "end"), values()],
  "an end after the end": [stream, part(1, "end"), part(1, "end")],
  "a promise with two results": [promise, result(), result("2")],
  "a promise kept and rejected": [promise, result(), part(1, "error")],
  "a promise with values": [promise, values()],
  "a promise that ends": [promise, part(1, "end")],
  "a promise with bytes": [promise, part(1, "bytes", bytes(1))],
  "a promise of two values": [
    promise,
    json("[1,2]", { stream: 1, part: "result", values: 2 }),
  ],
  "a promise of no value": [
    promise,
    json("[]", { stream: 1, part: "result", values: 0 }),
  ],
  "a stream with a result": [stream, result()],
  "a stream of values with bytes": [stream, part(1, "bytes", bytes(1))],
  "a stream of bytes with values": [byteStream, values()],
  "a stream of bytes with a result": [byteStream, result()],
  "an iteration with bytes": [items, part(1, "bytes", bytes(1))],
  "a number twice in a value": [
    tagged('[{"$Promise":[1]},{"$Promise":[1]}]'),
  ],
  "a number twice, of two kinds": [
    tagged('[{"$Promise":[1]},{"$AsyncIterable":[1]}]'),
  ],
  "a number in two values": [promise, stream],
  "a number in a part of itself": [
    items,
    tagged('{"$Promise":[1]}', { stream: 1, part: "values" }),
  ],
  "content with the number of a stream": [
    stream,
    part(1, "content", bytes(1)),
  ],
  "a stream with the number of content": [
    part(1, "content", bytes(1)),
    stream,
  ],
  "content that nobody names": [part(1, "content", bytes(1)), json("1")],
  "an end of content": [part(1, "content", bytes(1)), part(1, "end")],
  "a blob of content that did not come": [
    tagged('{"a":{"$Blob":[[1,10,""]]}}'),
  ],
  "a blob of other content": [
    part(1, "content", bytes(9)),
    tagged('{"a":{"$Blob":[[1,10,""]]}}'),
  ],
  "a blob twice of one content": [
    part(1, "content", bytes(9)),
    tagged('[{"$Blob":[[1,9,""]]},{"$Blob":[[1,9,""]]}]'),
  ],
  "a blob of content that failed": [
    part(1, "content", bytes(9)),
    part(1, "error"),
    tagged('{"a":{"$Blob":[[1,9,""]]}}'),
  ],
  "a blob of a stream": [
    stream,
    tagged('{"a":{"$Blob":[[1,0.5,""]]}}'),
  ],
  "a blob with frames": [tagged('{"a":{"$Blob":[[1,0,5]]}}')],
  "a file without a name": [tagged('{"a":{"$File":[[0,0,""]]}}')],
  "a file with an odd time": [
    tagged('{"a":{"$File":[[0,0,"","x","now"]]}}'),
  ],
  "a form of other things": [tagged('{"a":{"$FormData":[["a",1]]}}')],
  "a form of half a thing": [tagged('{"a":{"$FormData":[["a"]]}}')],
  ...Object.fromEntries(
    ["0", "-1", "1.5", '"1"', "null", "9007199254740992", "[1]", "{}", "[]"]
      .map((id) => [
        `the number ${id}`,
        [tagged(`{"a":{"$Promise":[${id}]}}`)],
      ]),
  ),
  "a stream of other bytes": [
    tagged('{"a":{"$ReadableStream":[[1,"text"]]}}'),
  ],
  ...Object.fromEntries(
    [0, -1, 1.5, "1", null, true, 2 ** 53, [1], {}].map((id) => [
      `a part of ${JSON.stringify(id)}`,
      [promise, part(id, "result")],
    ]),
  ),
  ...Object.fromEntries(
    ["", "next", "__proto__", 1, null, undefined].map((kind) => [
      `a part that is ${JSON.stringify(kind)}`,
      [stream, part(1, kind)],
    ]),
  ),
  "values of no family": [stream, part(1, "values", bytes(1))],
  "values of a family without tags": [
    stream,
    json('{"$Promise":[2]}', { stream: 1, part: "values", values: 3 }),
  ],
  "a result that is no JSON": [promise, result("}")],
  "a number in what is no value": [
    tagged('{"a":{"$Map":[[{"$Promise":[1]}]]}}'),
  ],
};

describe("messages that lie are a FormatError, and nothing hangs", () => {
  for (const [name, messages] of Object.entries(hostile)) {
    test(name, async () => {
      const stream = streamOf(messages).pipeThrough(
        new DeserializeLiveStream(),
      );
      await rejects(
        all(stream),
        (error) =>
          error instanceof FormatError && error.constructor === FormatError,
      );
    });
  }
});

describe("what is not forbidden", () => {
  test("is to use a number again when its stream is over", async () => {
    const messages = [promise, result("1"), promise, result("2")];
    const back = await all(
      streamOf(messages).pipeThrough(
        new DeserializeLiveStream<{ a: Promise<number> }>(),
      ),
    );
    deepEqual(await Promise.all(back.map(({ a }) => a)), [1, 2]);
  });

  test("is what only looks like a live value", async () => {
    const value = { a: { $Promise: [1] }, b: { $$Promise: [1] } };
    const messages = await all(
      streamOf([value]).pipeThrough(new SerializeLiveStream()),
    );
    deepEqual(
      await all(streamOf(messages).pipeThrough(new DeserializeLiveStream())),
      [value],
    );
  });
});

describe("without the stage for it", () => {
  for (const message of [part(1, "end"), values(), promise]) {
    test(`${JSON.stringify(message.header)} is refused`, async () => {
      await rejects(
        all(streamOf([message]).pipeThrough(new DeserializeStream())),
        (error) => error instanceof FormatError || error instanceof RangeError,
      );
    });
  }
});

describe("too much", () => {
  const many = (count: number) =>
    tagged(
      `[${Array.from({ length: count }, (_, i) => `{"$Promise":[${i + 1}]}`)}]`,
    );
  const isTooMuch = (error: unknown) =>
    error instanceof LimitError ||
    error instanceof FormatError && error.cause instanceof LimitError;

  test("streams at a time, in one value", async () => {
    const messages = streamOf([many(1_000_000)]);
    const begin = performance.now();
    await rejects(
      all(messages.pipeThrough(new DeserializeLiveStream())),
      isTooMuch,
    );
    ok(performance.now() - begin < 10_000);
  });

  test("streams at a time, in many values", async () => {
    let id = 0;
    const endless = new ReadableStream<Message>({
      pull: (controller) =>
        controller.enqueue(tagged(`[{"$ReadableStream":[${++id}]}]`)),
    }, { highWaterMark: 0 });
    await rejects(
      all(endless.pipeThrough(new DeserializeLiveStream())),
      isTooMuch,
    );
    equal(id, 10_001);
  });

  test("but just so many go", async () => {
    const options = { maxStreams: 5 };
    const results = Array.from({ length: 5 }, (_, i) => result("0", i + 1));
    const messages = [many(5), ...results, many(5), ...results];
    const stream = new DeserializeLiveStream(options);
    equal((await all(streamOf(messages).pipeThrough(stream))).length, 2);
    const six = streamOf([many(6)]).pipeThrough(
      new DeserializeLiveStream(options),
    );
    await rejects(all(six), isTooMuch);
  });

  test("streams at the writer", async () => {
    const options = { maxStreams: 5 };
    const value = Array.from({ length: 6 }, () => Promise.resolve());
    await rejects(
      all(streamOf([value]).pipeThrough(new SerializeLiveStream(options))),
      (error) =>
        error instanceof SerializeError && error.cause instanceof LimitError &&
        error.path === "$[5]",
    );
  });

  test("content, in one or in many", async () => {
    for (const same of [true, false]) {
      let id = 1;
      let sent = 0;
      const endless = new ReadableStream<Message>({
        pull(controller) {
          sent += 1_000;
          controller.enqueue(part(same ? 1 : id++, "content", bytes(1_000)));
        },
      }, { highWaterMark: 0 });
      const stream = new DeserializeLiveStream({ maxBlobBytes: 100_000 });
      await rejects(all(endless.pipeThrough(stream)), isTooMuch);
      equal(sent, 101_000);
    }
  });

  test("content of nothing, in many", async () => {
    let id = 1;
    const endless = new ReadableStream<Message>({
      pull: (controller) => controller.enqueue(part(id++, "content")),
    }, { highWaterMark: 0 });
    await rejects(
      all(endless.pipeThrough(new DeserializeLiveStream())),
      isTooMuch,
    );
  });

  test("messages of nothing fill the window as well", async () => {
    let sent = 0;
    const endless = new ReadableStream<Message>({
      pull(controller) {
        controller.enqueue(
          sent++ === 0
            ? tagged(
              '{"p":{"$Promise":[1]},"s":{"$ReadableStream":[[2,"bytes"]]}}',
            )
            : part(2, "bytes", bytes(0)),
        );
        if (sent > 100_000) controller.close();
      },
    }, { highWaterMark: 0 });
    const reader = endless.pipeThrough(new DeserializeLiveStream()).getReader();
    await reader.read();
    for (let i = 0; i < 20; i++) await new Promise((go) => setTimeout(go, 2));
    ok(sent < 10_000, `${sent} taken`);
    await reader.cancel();
  });
});
