import { describe, test } from "bun:test";
import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  daskBlobs,
  daskFrames,
  daskMessages,
  daskValueBatches,
  daskValues,
  deserializeBytes,
  dumps,
  packFrames,
  serialize,
  serializeBytes,
  toSerialize,
} from "../../streams/dask/mod.ts";
import {
  type Bytes,
  FormatError,
  LimitError,
  type Message,
  SerializeError,
  type Stage,
  TruncatedError,
} from "../../mod.ts";

const bytes = (...values: number[]): Bytes => new Uint8Array(values);

function streamOf<T>(items: Iterable<T>): ReadableStream<T> {
  const iterator = items[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
}

async function all<T>(stream: ReadableStream<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

async function written<T>(stage: Stage<T, Bytes>, items: T[]): Promise<Bytes> {
  const chunks = await all(streamOf(items).pipeThrough(stage.encoder()));
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** What comes of the bytes, in chunks of that many. */
function read<T>(stage: Stage<T, Bytes>, whole: Bytes, size: number) {
  const chunks: Bytes[] = [];
  for (let at = 0; at < whole.length; at += size) {
    chunks.push(whole.subarray(at, at + size));
  }
  return all(streamOf(chunks).pipeThrough(stage.decoder()));
}

describe("streams of Dask", () => {
  const messages: unknown[] = [
    { op: "identity" },
    [],
    { data: { x: toSerialize(["a", bytes(1, 2)]), y: new Set([1]) }, z: null },
    null,
  ];
  const plain = [
    { op: "identity" },
    [],
    { data: { x: ["a", bytes(1, 2)], y: new Set([1]) }, z: null },
    null,
  ];
  const values = [null, { a: bytes(1, 2, 3) }, [1, [2]], bytes(), "x"];

  test("messages and blobs come back, however they are cut", async () => {
    const packed = await written(daskMessages(), messages);
    const blobs = await written(daskValues(), values);
    const batches = await written(daskValueBatches(), [values, [], values]);
    deepEqual(batches, new Uint8Array([...blobs, ...blobs]));
    for (const size of [1, 2, 7, 8, 16, 100, 1e6]) {
      deepEqual(await read(daskMessages(), packed, size), plain);
      deepEqual(await read(daskValues(), blobs, size), values);
      deepEqual(
        await read(daskValueBatches(), blobs, size),
        values.map((value) => [value]),
      );
    }
  });

  test("a cut stream is told, wherever it is cut", async () => {
    const frames = dumps(messages[2]);
    const packed = await written(daskFrames(), [frames]);
    const blob = serializeBytes(values);
    for (let length = 1; length < packed.length; length++) {
      const cut = read(daskFrames(), packed.subarray(0, length), 50);
      await rejects(cut, TruncatedError, `${length}`);
    }
    for (let length = 1; length < blob.length; length++) {
      const cut = read(daskBlobs(), blob.subarray(0, length), 50);
      await rejects(cut, TruncatedError, `${length}`);
    }
    deepEqual(await read(daskFrames(), bytes(), 1), []);
    deepEqual(await read(daskBlobs(), bytes(), 1), []);
  });

  test("the first length of a message is not believed", async () => {
    const packed = await written(daskFrames(), [dumps(1), dumps(2)]);
    for (const lie of [bytes(0, 0), bytes(255, 255, 255, 255, 255)]) {
      packed.set(lie);
      deepEqual(await read(daskMessages(), packed, 9), [1, 2]);
    }
    // What is written is what old versions believe.
    const [head] = await all(
      streamOf([[bytes(1), bytes(2, 3)]]).pipeThrough(daskFrames().encoder()),
    );
    equal(new DataView(head!.buffer).getBigUint64(0, true), 8n * 3n + 3n);
  });

  test("frames are not copied", async () => {
    const data = new Float64Array(10_000);
    const message = serialize(data) as Message;
    const chunks = await all(
      streamOf([message]).pipeThrough(daskBlobs().encoder()),
    );
    equal(chunks.at(-1)!.buffer, data.buffer);
    const whole = new Uint8Array(await new Blob(chunks).arrayBuffer());
    const [read] = await all(
      streamOf([whole]).pipeThrough(daskBlobs().decoder()),
    );
    equal(read!.frames[0]!.buffer, whole.buffer);
    deepEqual(deserializeBytes(whole), deserializeBytes(serializeBytes(data)));
  });

  test("what comes before damage is delivered", async () => {
    const blobs = await written(daskValues(), ["a", "b"]);
    const damaged = new Uint8Array([
      ...blobs,
      ...bytes(0, 0, 0, 0, 0, 0, 0, 0),
    ]);
    const seen: unknown[] = [];
    const stream = streamOf([damaged]).pipeThrough(daskValues().decoder());
    await rejects(async () => {
      for await (const value of stream) seen.push(value);
    }, FormatError);
    deepEqual(seen, ["a", "b"]);
  });

  test("what is hostile is refused before it is waited for", async () => {
    const text = new TextEncoder().encode('{"a": 1, "b": 2, "c": 3}');
    await rejects(read(daskBlobs(), text, 8), FormatError);
    await rejects(read(daskFrames(), text, 8), FormatError);
    const many = bytes(255, 255, 255, 0, 0, 0, 0, 0);
    await rejects(read(daskBlobs(), many, 8), LimitError);
    const long = bytes(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0);
    await rejects(read(daskBlobs(), long, 8), LimitError);
    const three = packFrames([bytes(0x80), bytes(), bytes()]);
    await rejects(read(daskBlobs({ maxFrames: 2 }), three, 8), LimitError);
    await rejects(
      read(daskBlobs({ maxMessageBytes: 32 }), three, 8),
      LimitError,
    );
    await rejects(read(daskBlobs(), packFrames([bytes(1)]), 8), FormatError);
  });

  test("what cannot be serialized is an error, unless it may be written", async () => {
    await rejects(written(daskValues(), [() => 1]), SerializeError);
    const stage = daskValues({ dump: { onError: "message" } });
    equal((await written(stage, [() => 1])).length > 0, true);
  });

  test("compression is per frame", async () => {
    const value = bytes(...new Array(20_000).fill(7));
    for (const compression of ["lz4", "zstd", "zlib", "snappy"]) {
      const blob = await written(daskValues({ dump: { compression } }), [
        value,
      ]);
      equal(blob.length < 3_000, true);
      deepEqual(blob, serializeBytes(value, { compression }));
    }
  });
});
