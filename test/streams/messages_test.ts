import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import {
  type Codec,
  compress,
  deflate,
  errorMessage,
  FormatError,
  frames,
  gzip,
  LimitError,
  lines,
  messages,
  open,
  pipe,
  RemoteError,
  reportErrors,
  serialize,
  type SerializeStreamOptions,
  split,
  UnknownNameError,
  zstd,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";
import type { Bytes, Message } from "../../src/types.ts";
import {
  contentOf,
  noise,
  outcomeOf,
  run,
  sourceOf,
  STAYS,
  through,
  until,
  utf8,
} from "./_helpers.ts";

const zeros = (length: number) => new Uint8Array(length);
const encode = async (
  frames: Bytes[],
  stage = compress(zstd()),
  header = {},
): Promise<Message> => {
  const out = await through([{ header, frames }], stage.encoder());
  return out[0] as Message;
};

/** A codec that counts what it is given, and makes of it as many bytes as it is told. */
function fake(ratio: number): Codec & { given: number[] } {
  const given: number[] = [];
  const encoder = () => {
    let length = 0;
    return new TransformStream<Bytes, Bytes>({
      transform: (chunk) => void (length += chunk.length),
      flush(controller) {
        given.push(length);
        controller.enqueue(zeros(Math.round(length * ratio)));
      },
    });
  };
  return { name: "fake", encoder, decoder: encoder, given };
}

describe("compress, by Dask's rule", () => {
  test("leaves frames under 10 kB as they are", async () => {
    const frames = [zeros(9_999), zeros(10_000)];
    const { header, frames: out } = await encode(frames);
    deepEqual(header.compression, [null, "zstd"]);
    equal(out[0], frames[0]);
    ok(out[1]!.length < 100);
  });

  test("leaves what does not get smaller as it is: the same object", async () => {
    for (const length of [10_000, 50_000, 300_000]) {
      const frame = noise(length);
      const { header, frames } = await encode([frame]);
      deepEqual(header.compression, [null]);
      equal(frames[0], frame);
    }
  });

  test("looks at five places of a long frame first", async () => {
    const codec = fake(0.71);
    await encode([zeros(100_000), zeros(100_001), zeros(1e6)], compress(codec));
    deepEqual(codec.given.sort((a, b) => a - b), [50_000, 50_000, 100_000]);
  });

  test("takes 0.7 of the length, and no more", async () => {
    for (const [ratio, name] of [[0.7, "fake"], [0.7001, null]] as const) {
      const { header } = await encode([zeros(20_000)], compress(fake(ratio)));
      deepEqual(header.compression, [name]);
    }
  });

  test("is not misled by samples that get smaller when the whole does not", async () => {
    const length = 300_000;
    const frame = noise(length);
    const step = Math.floor((length - 10_000) / 4);
    for (let i = 0; i < 5; i++) frame.fill(0, i * step, i * step + 10_000);
    const { header } = await encode([frame]);
    deepEqual(header.compression, [null]);
  });

  test("leaves what is compressed, or never shall be", async () => {
    const before = { compression: ["lz4", false, null] };
    const frames = [zeros(20_000), zeros(20_000), zeros(20_000)];
    const { header, frames: out } = await encode(frames, undefined, before);
    deepEqual(header.compression, ["lz4", false, "zstd"]);
    equal(out[0], frames[0]);
    equal(out[1], frames[1]);
  });

  test("uses Dask's names", async () => {
    const { header } = await encode([zeros(20_000)], compress(deflate()));
    deepEqual(header.compression, ["zlib"]);
  });

  test("only reads, without a codec", async () => {
    const message = { header: {}, frames: [zeros(20_000)] };
    const [same] = await through([message], compress().encoder());
    equal(same, message);
    const small = await encode([zeros(20_000)]);
    const [back] = await through([small], compress().decoder()) as Message[];
    deepEqual(back, message);
  });

  test("reads no more than was agreed", async () => {
    const small = await encode([zeros(1e6), zeros(1e6)]);
    const decode = (options: object) =>
      through([small], compress(undefined, options).decoder());
    equal(
      (await decode({ maxFrameBytes: 1e6, maxMessageBytes: 2e6 })).length,
      1,
    );
    await rejects(decode({ maxFrameBytes: 1e6 - 1 }), LimitError);
    await rejects(decode({ maxMessageBytes: 2e6 - 1 }), LimitError);
  });

  test("reads the codecs that it accepts, and none else", async () => {
    const small = await encode([zeros(20_000)]);
    const only = compress(undefined, { accept: [gzip()] });
    await rejects(through([small], only.decoder()), UnknownNameError);
    for (const name of ["__proto__", "constructor", 7, {}, [], true]) {
      const odd = { header: { compression: [name] }, frames: [zeros(3)] };
      await rejects(through([odd], compress().decoder()), UnknownNameError);
    }
    for (const compression of [[], [null, null], "zstd", null, 3]) {
      const odd = { header: { compression }, frames: [zeros(3)] };
      await rejects(through([odd], compress().decoder()), FormatError);
    }
  });
});

describe("split", () => {
  const frame = noise(2_500);
  const cut = async (frames: Bytes[], header = {}): Promise<Message> =>
    (await through(
      [{ header, frames }],
      split({ maxBytes: 1_000 }).encoder(),
    ))[0] as Message;
  const merge = async (message: unknown): Promise<Message> =>
    (await through([message], split().decoder()))[0] as Message;

  test("cuts into views, and joins neighbours without a copy", async () => {
    const message = await cut([frame, zeros(0), zeros(1_000)]);
    deepEqual(message.header["split-num-sub-frames"], [3, 1, 1]);
    deepEqual(message.header["split-offsets"], [0, 3, 4]);
    equal(message.frames[2]!.buffer, frame.buffer);
    const back = await merge(message);
    equal(back.frames[0]!.buffer, frame.buffer);
    deepEqual(back.frames, [frame, zeros(0), zeros(1_000)]);
  });

  test("joins what has moved apart", async () => {
    const { header, frames } = await cut([frame]);
    const apart = frames.map((piece) => piece.slice());
    deepEqual((await merge({ header, frames: apart })).frames, [frame]);
  });

  test("lets short frames and compressed ones pass", async () => {
    const message = { header: { a: 1 }, frames: [zeros(1_000)] };
    const [same] = await through(
      [message],
      split({ maxBytes: 1_000 }).encoder(),
    );
    equal(same, message);
    const { header, frames } = await cut([frame, frame], {
      compression: ["zstd", null],
    });
    deepEqual(header.compression, ["zstd", null, null, null]);
    equal(frames.length, 4);
  });

  test("before compress, each piece is compressed by itself", async () => {
    const stage = pipe(split({ maxBytes: 20_000 }), compress(zstd()));
    const whole = concat([zeros(20_000), noise(20_000), zeros(5)]);
    const message = await encode([whole], stage);
    deepEqual(message.header.compression, ["zstd", null, null]);
    const [back] = await through([message], stage.decoder()) as Message[];
    deepEqual(back!.frames, [whole]);
  });

  for (
    const [name, counts, offsets] of [
      ["of other lengths", [1, 1], [0]],
      ["with too few", [1], [0]],
      ["with too many", [3], [0]],
      ["that overlap", [1, 1], [0, 0]],
      ["that count backwards", [3, -1], [0, 3]],
      ["with halves", [1.5, 0.5], [0, 1.5]],
      ["that are no lists", 2, 0],
      ["of which one is missing", [2], undefined],
      ["of texts", ["2"], [0]],
    ] as const
  ) {
    test(`refuses lists ${name}`, async () => {
      const header = {
        "split-num-sub-frames": counts,
        "split-offsets": offsets,
      };
      const message = { header, frames: [zeros(1), zeros(1)] };
      await rejects(merge(message), FormatError);
    });
  }

  test("refuses a length that is none", () => {
    for (const maxBytes of [0, -1, 1.5, NaN]) {
      throws(() => split({ maxBytes }), RangeError);
    }
  });
});

describe("serialize makes a message", () => {
  const counts = async (
    values: unknown[],
    options: SerializeStreamOptions,
  ): Promise<number[]> => {
    const out = await through(values, serialize(options).encoder());
    return (out as Message[]).map(({ header }) => header.values ?? 1);
  };
  const hundred = Array.from({ length: 100 }, (_, i) => `value ${i}`);

  for (const family of ["json", "msgpack"]) {
    test(`of so many values, at most: ${family}`, async () => {
      deepEqual(await counts(hundred, { family, maxValues: 30 }), [
        ...[30, 30, 30, 10],
      ]);
      deepEqual(await counts(hundred, { family, maxValues: 1 }), [
        ...hundred.map(() => 1),
      ]);
    });

    test(`of about so many bytes: ${family}`, async () => {
      const out = await through(
        hundred,
        serialize({ family, maxBytes: 200 }).encoder(),
      ) as Message[];
      const sizes = out.map(({ frames }) => concat([...frames]).length);
      ok(sizes.slice(0, -1).every((size) => size >= 180 && size <= 260));
      const large = ["x".repeat(1_000), 1, "y".repeat(1_000), 2];
      const given = { family, maxBytes: 500 };
      deepEqual(await counts(large, given), [1, 2, 1]);
    });
  }

  test("after a while, however little has come", async () => {
    const source = sourceOf([1, 2], STAYS);
    const stage = serialize({ maxDelay: 5 });
    const reader = source.readable.pipeThrough(stage.encoder()).getReader();
    const { value } = await reader.read();
    equal(value!.header.values, 2);
    await reader.cancel();
  });

  test("and none of nothing", async () => {
    deepEqual(await counts([], {}), []);
  });
});

describe("a failure on the way", () => {
  const gone = new Error("the database is gone");
  const wire = pipe(compress(zstd()), frames());
  const failing = () =>
    sourceOf([1, 2, 3], gone).readable.pipeThrough(
      serialize({ maxValues: 1 }).encoder(),
    );

  for (const framing of [wire, lines()]) {
    test(`reaches the reader as RemoteError, after what came before: ${framing.name}`, async () => {
      const sent = reportErrors(failing()).pipeThrough(framing.encoder());
      const { items, error } = await outcomeOf(sent);
      equal(error, undefined);
      const read = await run(
        items,
        pipe(serialize(), framing).decoder(),
      );
      ok(read.error instanceof RemoteError, `${read.error}`);
      equal(read.error.message, gone.message);
      deepEqual(read.items, [1, 2, 3]);
    });
  }

  test("tells what it is told to tell", async () => {
    const sent = reportErrors(failing(), () => "something broke");
    const { items } = await outcomeOf(sent);
    deepEqual(items.at(-1), errorMessage("something broke"));
  });

  test("leaves a stream that can be opened", async () => {
    const sent = reportErrors(failing()).pipeThrough(wire.encoder());
    const bytes = concat((await outcomeOf(sent)).items as Bytes[]);
    const opened = await open({
      size: () => bytes.length,
      read: (start, end) => sourceOf([bytes.subarray(start, end)]).readable,
    });
    equal(opened.length, 3);
    const { items } = await outcomeOf(opened.values(0, 3));
    deepEqual(items, [1, 2, 3]);
  });

  test("is no reason to go on, if nobody reads", async () => {
    const source = sourceOf([{ header: {}, frames: [] }], STAYS);
    const reader = reportErrors(source.readable).getReader();
    await reader.read();
    const enough = new Error("enough");
    await reader.cancel(enough);
    await until(() => source.cancelled() !== undefined);
    equal(source.cancelled(), enough);
  });
});

test("messages are forwarded without a look inside, to the byte", async () => {
  const values = [{ data: new Float64Array(9_000), at: new Date(0) }, "x", 2n];
  const stage = messages({ codec: zstd(), maxBytes: 1_000 });
  const bytes = concat(await through(values, stage.encoder()) as Bytes[]);
  const shorter = frames();
  const passed = await through([bytes], shorter.decoder()) as Message[];
  ok(passed.some(({ header }) => header.compression?.includes("zstd")));
  const again = concat(await through(passed, shorter.encoder()) as Bytes[]);
  deepEqual(again, bytes);

  // Also what nobody here knows: another codec, another family.
  const foreign = {
    header: { serializer: "foreign", compression: ["lz9"], other: [1, null] },
    frames: [utf8("opaque")],
  };
  for (const framing of [frames(), lines()]) {
    const sent = await through([foreign], framing.encoder());
    const back = await through(sent, framing.decoder());
    deepEqual(contentOf("messages", back), [foreign]);
  }
});

test("an encoder that knows the size takes it in one go or in parts", async () => {
  for (const codec of [zstd(), zstd({ checksum: true }), gzip(), deflate()]) {
    for (const length of [0, 1, 20_000, 5 << 20]) {
      const given = noise(length).fill(7, length / 2);
      const half = length >> 1;
      for (
        const chunks of [
          [given],
          [given.subarray(0, half), given.subarray(half)],
          [zeros(0), given, zeros(0)],
        ]
      ) {
        const sent = await through(chunks, codec.encoder(length));
        const back = await through(sent, codec.decoder());
        deepEqual(concat(back as Bytes[]), given);
      }
      const { readable } = sourceOf([given], STAYS);
      const reader = readable.pipeThrough(codec.encoder(length)).getReader();
      const read = reader.read().catch(() => {});
      await reader.cancel();
      await read;
    }
  }
});
