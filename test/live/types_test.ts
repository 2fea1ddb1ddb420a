/** Types of the user's that have to be waited for, and what plain values have of the stage. */
import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import {
  blobSource,
  defaultRegistry,
  DeserializeLiveStream,
  frames,
  liveMessages,
  messages,
  open,
  pipe,
  Registry,
  SerializeError,
  serializeLive,
  SerializeLiveStream,
  SerializeStream,
  UnknownNameError,
} from "../../mod.ts";
import { same } from "../core/_same.ts";
import { all, firstOf, rest, streamOf, watched } from "./_helpers.ts";

/** Its bytes are elsewhere; others may stand in it. */
class Photo {
  loaded = 0;
  constructor(readonly name: string, readonly inside?: unknown) {}
  async load(): Promise<Uint8Array<ArrayBuffer>> {
    this.loaded++;
    await rest(1);
    if (this.name === "lost") throw new RangeError("the photo is lost");
    return new TextEncoder().encode(this.name);
  }
}

function registryOf(): Registry {
  return new Registry(defaultRegistry).registerSerialization<Photo>(
    Photo,
    undefined,
    ({ header, frames: [frame] }) =>
      new Photo(new TextDecoder().decode(frame), header ?? undefined),
    {
      name: "photo",
      serializeAsync: async (photo) => ({
        header: photo.inside ?? null,
        frames: [await photo.load()],
      }),
    },
  );
}

describe("a type that has to be waited for", () => {
  for (const family of ["json", "msgpack"]) {
    const options = { registry: registryOf(), family };
    const there = async <T>(value: T) =>
      (await firstOf<T>([value], liveMessages(options))).value;

    test(`comes over, once taken apart: ${family}`, async () => {
      const photo = new Photo("a");
      const back = await there({ list: [photo, { photo }], b: new Photo("b") });
      equal(back.list[0], (back.list[1] as { photo: Photo }).photo);
      deepEqual([(back.list[0] as Photo).name, back.b.name], ["a", "b"]);
      equal(photo.loaded, 1);
    });

    test(`within another, and with live values in it: ${family}`, async () => {
      const value = new Photo("a", [
        new Photo("b", { later: Promise.resolve(new Photo("c")) }),
        watched((i) => new Photo(`${i}`), 3),
        new Blob(["blob"]),
      ]);
      const { name, inside } = await there(value) as {
        name: string;
        inside: [
          { inside: { later: Promise<Photo> } },
          AsyncIterable<Photo>,
          Blob,
        ];
      };
      equal(name, "a");
      equal((await inside[0].inside.later).name, "c");
      deepEqual((await all(inside[1])).map(({ name }) => name), [
        "0",
        "1",
        "2",
      ]);
      equal(await inside[2].text(), "blob");
    });
  }

  test("is taken apart with all others at a time, however many they are", async () => {
    const photos = Array.from({ length: 500 }, (_, i) => new Photo(`${i}`));
    const stage = serializeLive({ registry: registryOf() });
    const { value } = await firstOf<Photo[]>([photos], stage);
    deepEqual(value.map(({ name }) => name), photos.map(({ name }) => name));
    ok(photos.every(({ loaded }) => loaded === 1));
  });

  test("keeps its place among values", async () => {
    const values = [1, new Photo("a"), 2, new Photo("b"), new Blob(["c"]), 3];
    const stage = liveMessages({ registry: registryOf() });
    const back = await all(
      streamOf<unknown>(values).pipeThrough(stage.encoder())
        .pipeThrough(stage.decoder()),
    );
    deepEqual(back.filter((value) => typeof value === "number"), [1, 2, 3]);
    deepEqual(
      back.map((value) => value instanceof Photo ? value.name : typeof value),
      ["number", "a", "number", "b", "object", "number"],
    );
  });

  test("that fails, is an error with its path", async () => {
    const stage = serializeLive({ registry: registryOf() });
    const value = {
      a: [new Photo("b"), new Photo("lost")],
      p: watched((i) => i),
    };
    await rejects(
      all(streamOf<unknown>([value]).pipeThrough(stage.encoder())),
      (error) =>
        error instanceof SerializeError && error.path === "$.a[1]" &&
        error.cause instanceof RangeError,
    );
    equal(value.p.returned, 1);
  });

  test("that fails in a stream, is the stream's error", async () => {
    const stage = serializeLive({ registry: registryOf() });
    const items = watched((i) => new Photo(i === 2 ? "lost" : `${i}`));
    const { value } = await firstOf<AsyncGenerator<Photo>[]>([[items]], stage);
    const names: string[] = [];
    await rejects(async () => {
      for await (const { name } of value[0]!) names.push(name);
    }, /the photo is lost/);
    deepEqual(names, ["0", "1"]);
    equal(items.returned, 1);
  });

  test("is refused where nothing is waited for", () => {
    throws(
      () => registryOf().serialize({ a: new Photo("x") }),
      (error) =>
        error instanceof SerializeError && error.path === "$.a" &&
        /serializeLive\(\)/.test(error.message),
    );
  });

  test("or goes its other way there, if it has one", async () => {
    class Both {
      constructor(readonly how: string) {}
    }
    const registry = new Registry(defaultRegistry).registerSerialization<Both>(
      Both,
      () => ({ header: "at once" }),
      ({ header }) => new Both(header as string),
      { serializeAsync: () => Promise.resolve({ header: "later" }) },
    );
    const at = registry.deserialize(registry.serialize(new Both("x"))) as Both;
    equal(at.how, "at once");
    const { value } = await firstOf<Both>(
      [new Both("x")],
      serializeLive({ registry }),
    );
    equal(value.how, "later");
  });

  test("has to be taken apart somehow", () => {
    throws(
      () =>
        new Registry().registerSerialization(
          Photo,
          undefined,
          () => new Photo(""),
        ),
      TypeError,
    );
  });
});

describe("a type of the user's", () => {
  test("may make live values as it is taken apart, again and again", async () => {
    class Query {
      made = 0;
      run() {
        this.made++;
        return Promise.resolve([1, 2]);
      }
    }
    const registry = new Registry(defaultRegistry).registerSerialization(
      Query,
      (query) => ({ header: query.run() }),
      ({ header }) =>
        Object.assign(new Query(), { run: () => header as Promise<number[]> }),
    );
    const query = new Query();
    const shared = {};
    // What is met twice has the value walked twice: one of the promises is sent, and nobody waits for the other.
    const value = [query, shared, shared];
    const { value: back, reader } = await firstOf<[Query]>(
      [value],
      serializeLive({ registry }),
    );
    ok(query.made > 1);
    deepEqual(await back[0].run(), [1, 2]);
    equal((await reader.read()).done, true);
  });

  test("that is registered under a live name, or can be iterated, is what it is registered as", async () => {
    class Rows {
      constructor(readonly count: number) {}
      async *[Symbol.asyncIterator]() {
        yield this.count;
      }
    }
    const registry = new Registry(defaultRegistry).registerSerialization(
      Rows,
      ({ count }) => ({ header: count }),
      ({ header }) => new Rows(header as number),
      { name: "AsyncIterable" },
    );
    const { value } = await firstOf<Rows>(
      [new Rows(3)],
      serializeLive({ registry }),
    );
    ok(value instanceof Rows);
    equal(value.count, 3);
  });
});

describe("plain values", () => {
  const values = Array.from(
    { length: 1_000 },
    (_, i) => ({ i, at: new Date(i) }),
  );

  test("make the same messages as with serialize()", async () => {
    const plain = await all(
      streamOf(values).pipeThrough(new SerializeStream()),
    );
    const live = await all(
      streamOf(values).pipeThrough(new SerializeLiveStream()),
    );
    deepEqual(live, plain);
    equal(live.length, 1);
  });

  test("that messages() wrote, are read by liveMessages(), and the other way round", async () => {
    const [plain, live] = [messages<unknown>(), liveMessages<unknown>()];
    for (const [from, to] of [[plain, live], [live, plain]] as const) {
      const back = await all(
        streamOf(values).pipeThrough(from.encoder()).pipeThrough(to.decoder()),
      );
      same(back, values);
    }
  });

  test("wait no longer than they may", async () => {
    const stream = new SerializeLiveStream<number>({ maxDelay: 5 });
    const writer = stream.writable.getWriter();
    const reader = stream.readable.getReader();
    const read = reader.read();
    await writer.write(1);
    equal((await read).value!.header.values, undefined);
    await writer.close();
    equal((await reader.read()).done, true);
  });
});

test("values are counted, and found in a file, beside the parts of streams", async () => {
  const stage = pipe(serializeLive<unknown>({ maxValues: 1 }), frames());
  const file = await new Response(
    streamOf<unknown>([
      0,
      [watched((i) => i, 20_000)],
      2,
      [Promise.resolve()],
      4,
    ])
      .pipeThrough(stage.encoder()),
  ).blob();
  const opened = await open<unknown>(blobSource(file));
  equal(opened.length, 5);
  deepEqual(await all(opened.values(0, 1)), [0]);
  deepEqual(await all(opened.values(2, 3)), [2]);
  deepEqual(await all(opened.values(4, 5)), [4]);
  await rejects(all(opened.values(1, 2)), UnknownNameError);
});

test("an endless stream of values with promises and streams keeps nothing", async () => {
  let given = 0;
  const endless = new ReadableStream<unknown>({
    pull: (controller) =>
      controller.enqueue({
        p: Promise.resolve(given++),
        items: watched((i) => i, 3),
      }),
  }, { highWaterMark: 0 });
  // Were anything kept, there would be too many of them.
  const stage = liveMessages<unknown>({ maxStreams: 200 });
  const reader = endless.pipeThrough(stage.encoder())
    .pipeThrough(stage.decoder()).getReader() as ReadableStreamDefaultReader<
      { p: Promise<number>; items: AsyncIterable<number> }
    >;
  for (let i = 0; i < 2_000; i++) {
    const { value } = await reader.read();
    equal(await value!.p, i);
    equal((await all(value!.items)).length, 3);
  }
  await reader.cancel();
});

test("a value given to the reader is not given twice", async () => {
  const stream = new DeserializeLiveStream<number>();
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const messages = await all(
    streamOf([1, 2, 3]).pipeThrough(new SerializeStream()),
  );
  for (const message of messages) writer.write(message);
  writer.close();
  const read = [reader.read(), reader.read(), reader.read(), reader.read()];
  deepEqual((await Promise.all(read)).map(({ value }) => value), [
    1,
    2,
    3,
    undefined,
  ]);
});
