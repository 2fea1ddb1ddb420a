import { describe, test } from "bun:test";
import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  blobSource,
  type Codec,
  compress,
  deflate,
  dumps,
  FormatError,
  frames,
  gzip,
  lz4Block,
  messages,
  type MessagesOptions,
  open,
  pipe,
  serialize,
  split,
  type Stage,
  zstd,
} from "../../mod.ts";
import type { Bytes } from "../../src/types.ts";
import { withoutNative } from "../codecs/_runtime.ts";
import { isMissing, peer, peerOfJson } from "./_python.ts";

const missing = ["distributed", "zstandard", "lz4"].some(isMissing);

/** A message as `distributed` read it. */
interface Read {
  readonly header: Record<string, unknown>;
  readonly frames: number;
  readonly value?: unknown;
  readonly error?: string;
}

const text = "salt and water ".repeat(2_000);
const plain = [
  { id: 1, name: "Ångström 🧂", ok: true, none: null, list: [1, -2, 2 ** 40] },
  { id: 2, name: text, half: 0.5, nested: { deep: [[], {}, [{ x: 1 }]] } },
  "a string",
  -1.5,
  null,
];

async function write<T>(
  values: readonly T[],
  stage: Stage<T, Bytes>,
): Promise<Bytes> {
  const source = new ReadableStream<T>({
    start(controller) {
      for (const value of values) controller.enqueue(value);
      controller.close();
    },
  });
  const stream = source.pipeThrough(stage.encoder());
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function read(bytes: Bytes): Promise<unknown[]> {
  const values: unknown[] = [];
  const stream = new Blob([bytes]).stream() as ReadableStream<Bytes>;
  for await (const value of stream.pipeThrough(messages().decoder())) {
    values.push(value);
  }
  return values;
}

function inPython(bytes: Bytes): Read[] {
  return JSON.parse(new TextDecoder().decode(peer("read", bytes)));
}

/** The messages that were given, without the first and the last, which Dask takes for empty lists. */
function between(all: readonly Read[]): readonly Read[] {
  const [first, last] = [all[0]!, all.at(-1)!];
  deepEqual([first.header.brine, first.value, first.frames], [1, [], 0]);
  deepEqual([last.header.end, last.value, last.frames], [true, [], 1]);
  const given = all.slice(1, -1);
  equal(last.header.messages, given.length);
  return given;
}

describe("distributed reads", () => {
  const codecs: readonly (Codec | undefined)[] = [
    undefined,
    deflate(),
    zstd(),
    lz4Block(),
  ];
  for (const codec of codecs) {
    const name = codec ? `with ${codec.name}` : "as it is";
    const options: MessagesOptions = {
      maxValues: 1,
      maxDelay: 1e9,
      ...codec && { codec },
    };
    for (const family of ["msgpack", "json"]) {
      test.skipIf(missing)(`the family ${family} ${name}`, async () => {
        const bytes = await write(plain, messages({ ...options, family }));
        const all = between(inPython(bytes));
        deepEqual(all.map(({ value }) => value), plain);
        const used = codec && (codec.compression ?? codec.name);
        const expected = plain.map((_, i) => i === 1 && used || null);
        deepEqual(
          all.map(({ header }) => header.compression),
          expected.map((name) => [name]),
        );
      });
    }
  }

  test.skipIf(missing)("many values in one message", async () => {
    for (const family of ["msgpack", "json"]) {
      const all = between(
        inPython(await write(plain, messages({ family }))),
      );
      deepEqual(all.map(({ value }) => value), [plain]);
      equal(all[0]!.header.values, plain.length);
    }
  });

  test.skipIf(missing)("frames cut into pieces, and compressed", async () => {
    const wire = pipe(
      serialize({ family: "msgpack" }),
      split({ maxBytes: 12_000 }),
      compress(zstd()),
      frames(),
    );
    const [message] = between(inPython(await dumps({ text }, wire)));
    deepEqual(message!.value, { text });
    deepEqual(message!.header["split-num-sub-frames"], [3]);
    deepEqual(message!.header.compression, ["zstd", "zstd", null]);
  });

  test.skipIf(missing)("zstd written without Node's modules", async () => {
    const bytes = await withoutNative(() =>
      dumps({ text }, messages({ family: "msgpack", codec: zstd() }))
    );
    const [message] = between(inPython(bytes));
    deepEqual(message!.header.compression, ["zstd"]);
    deepEqual(message!.value, { text });
  });

  test.skipIf(missing)("an empty stream", async () => {
    deepEqual(between(inPython(await write([], messages()))), []);
  });

  test.skipIf(missing)("types that JSON lacks as tagged values", async () => {
    const value = { at: new Date(5), data: new Uint16Array([1, 2]) };
    const [message] = between(inPython(await dumps(value)));
    deepEqual(message!.frames, 2);
    deepEqual(message!.value, {
      at: { $Date: [5] },
      data: { $Uint16Array: [null, 0] },
    });
  });

  test.skipIf(missing)("not what it has no name for", async () => {
    const all = [
      ...between(inPython(await dumps(text, messages({ codec: gzip() })))),
      // Dask joins all frames of this family before it reads them.
      ...between(
        inPython(
          await dumps(new Uint8Array(9), messages({ family: "msgpack" })),
        ),
      ),
    ];
    deepEqual(all.map(({ error }) => error), ["KeyError", "ExtraData"]);
  });
});

describe("distributed writes", () => {
  const values = plain.filter((value) => value !== null);
  for (const codec of ["", "zlib", "zstd", "lz4"]) {
    test.skipIf(missing)(
      `what is read here, ${codec || "as it is"}`,
      async () => {
        const bytes = peerOfJson("write", values, codec);
        deepEqual(await read(bytes), values);
        const file = await open(blobSource(new Blob([bytes])));
        const some: unknown[] = [];
        for await (const value of file.values(1, 3)) some.push(value);
        deepEqual(some, values.slice(1, 3));
      },
    );
  }

  test.skipIf(missing)(
    "messages without a checksum, which are refused",
    async () => {
      await rejects(
        read(peerOfJson("write_dask", values)),
        (error) =>
          error instanceof FormatError && /checksum/.test(error.message),
      );
    },
  );
});
