import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  FormatError,
  LimitError,
  SerializeError,
  TruncatedError,
  UnknownNameError,
} from "../../src/errors.ts";
import { collect, collectBytes, streamOf } from "../../streams/_collect.ts";
import {
  dumpRecord,
  openResult,
  PrefectLibraries,
  prefectLibraries,
  recordEncoder,
  resultMetadata,
  serializer,
} from "../../streams/prefect/mod.ts";
import type { Bytes } from "../../src/types.ts";
import { bytesOf, textOf } from "./_text.ts";

const value = { a: [1, 'é😀\n"\\'], b: "x".repeat(300) };

function inPieces(bytes: Bytes, size: number): ReadableStream<Bytes> {
  const pieces: Bytes[] = [];
  for (let i = 0; i < bytes.length; i += size) {
    pieces.push(bytes.subarray(i, i + size));
  }
  return streamOf(pieces);
}

describe("records", () => {
  for (
    const type of ["json", "pickle", "compressed/json", "compressed/pickle"]
  ) {
    test(`of ${type} are read however they are cut`, async () => {
      const record = await dumpRecord(value, {
        serializer: type,
        storageKey: "k",
      });
      for (const size of [1, 2, 7, 1000, record.length]) {
        const opened = await openResult(inPieces(record, size));
        equal(opened.metadata.storage_key, "k");
        deepEqual(await opened.value(), value);
      }
    });

    test(`of ${type} that are cut short are refused`, async () => {
      const record = await dumpRecord(value, { serializer: type });
      for (let length = 20; length < record.length; length += 97) {
        const open = async () =>
          await (await openResult(record.subarray(0, length))).value();
        await rejects(open, TruncatedError, `${length}`);
      }
    });
  }

  test("from a path, a URL, a response and a blob", async () => {
    const record = await dumpRecord(value);
    const folder = mkdtempSync(join(tmpdir(), "prefect-"));
    try {
      const path = join(folder, "record");
      writeFileSync(path, record);
      const sources = [
        path,
        pathToFileURL(path),
        new Response(record),
        new Blob([record]),
      ];
      for (const source of sources) {
        deepEqual(await (await openResult(source)).value(), value);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("whose metadata come last", async () => {
    const text =
      '{"result": "[1]", "x": {"]": "}"}, "metadata": {"serializer": {"type": "json"}}}';
    deepEqual(await (await openResult(inPieces(bytesOf(text), 3))).value(), [
      1,
    ]);
  });

  test("expire", async () => {
    const expiration = new Date("2030-01-02T03:04:05.678Z");
    const opened = await openResult(await dumpRecord(1, { expiration }));
    equal(opened.metadata.expiration, "2030-01-02T03:04:05.678000Z");
    equal(opened.isExpired(new Date(expiration.getTime() - 1)), false);
    equal(opened.isExpired(expiration), true);
    equal(
      resultMetadata({ expiration: "2030-01-01T00:00:00" }).expiration,
      "2030-01-01T00:00:00Z",
    );
    throws(() => resultMetadata({ expiration: "soon" }), FormatError);
  });

  test("of a serializer that is not known keep its settings", async () => {
    const text =
      '{"metadata":{"serializer":{"type":"mine","z":[1],"a":null}},"result":"x"}';
    const opened = await openResult(bytesOf(text));
    equal(
      JSON.stringify(opened.metadata.serializer),
      '{"type":"mine","z":[1],"a":null}',
    );
    await rejects(opened.value(), UnknownNameError);
    const again = await openResult(bytesOf(text));
    equal(textOf(await collectBytes(again.blob())), "x");
  });

  test("with settings that are wrong are refused", async () => {
    for (
      const config of [
        '"json"',
        '{"type":"json","x":1}',
        '{"type":"pickle","picklelib":"no"}',
      ]
    ) {
      const text = `{"metadata":{"serializer":${config}},"result":"x"}`;
      await rejects(openResult(bytesOf(text)), FormatError);
    }
  });

  test("let go of their source if they are none", async () => {
    for (const text of ["hello", '{"metadata":1,"result":"x"}']) {
      let reason: unknown;
      const source = new ReadableStream<Bytes>({
        pull(controller) {
          controller.enqueue(bytesOf(text));
          controller.enqueue(bytesOf(" ".repeat(2000)));
        },
        cancel: (why) => void (reason = why),
      });
      await rejects(openResult(source), (error) => {
        equal(reason, error);
        return error instanceof FormatError;
      });
    }
  });

  test("name their storage block as Prefect does", async () => {
    const block = "A53E3495D6814A5384B89D9542F7237C";
    const record = await dumpRecord(1, { storageBlockId: block });
    const { metadata } = await openResult(record);
    equal(metadata.storage_block_id, "a53e3495-d681-4a53-84b8-9d9542f7237c");
    await rejects(dumpRecord(1, { storageBlockId: "mine" }), FormatError);
  });

  test("hold no bytes that are no text", async () => {
    const stage = (bytes: Bytes) => ({
      name: "raw",
      encoder: () =>
        new TransformStream<unknown, Bytes>({
          transform: (_, c) => c.enqueue(bytes),
        }),
    });
    const libraries = new PrefectLibraries(prefectLibraries).addSerializer(
      "raw",
      () =>
        ({
          ...serializer("json"),
          ...stage(Uint8Array.of(255)),
          toJSON: () => ({ type: "raw" }),
        }) as never,
    );
    await rejects(
      dumpRecord(1, { serializer: "raw", libraries }),
      SerializeError,
    );
  });
});

describe("what the API holds", () => {
  test("is metadata alone", async () => {
    const metadata = resultMetadata({ serializer: "json", storageKey: "/s/k" });
    const opened = await openResult(bytesOf(JSON.stringify(metadata)));
    equal(opened.format, "metadata");
    deepEqual(opened.metadata, metadata);
    await rejects(opened.value(), /it is at \/s\/k/);
    const split = await openResult(bytesOf("[1]"), {
      metadata: { ...metadata },
    });
    deepEqual(await split.value(), [1]);
  });

  test("is a reference, or a literal, in 3.0", async () => {
    const text =
      '{"type":"reference","artifact_type":"result","serializer_type":"json","storage_key":"k"}';
    const opened = await openResult(bytesOf(text));
    equal(opened.format, "state");
    equal(opened.metadata.serializer.type, "json");
    equal(opened.metadata.storage_key, "k");
    const literal = await openResult(
      bytesOf('{"type":"literal","value":[true]}'),
    );
    deepEqual(await literal.value(), [true]);
  });
});

describe("results that do not say what they are", () => {
  test("need a serializer", async () => {
    const bytes = bytesOf('{"a": 1}');
    await rejects(openResult(bytes), FormatError);
    const opened = await openResult(bytes, { serializer: "json" });
    equal(opened.format, "raw");
    deepEqual(await opened.value(), { a: 1 });
  });
});

describe("streams", () => {
  test("items of a large record, one by one", async () => {
    const count = 20_000;
    async function* rows(): AsyncGenerator<unknown> {
      for (let i = 0; i < count; i++) {
        yield { i, at: new Date(i * 1000), n: 2n ** 60n };
      }
    }
    const bytes = streamOf<unknown>([rows()]).pipeThrough(
      recordEncoder({
        serializer: { type: "compressed/json", compressionlib: "gzip" },
      }),
    );
    const opened = await openResult(bytes, { datetimes: "temporal" });
    let next = 0;
    for (const item of await collect(opened.items())) {
      const { i, n } = item as { i: number; n: bigint };
      equal(i, next++);
      equal(n, 2n ** 60n);
    }
    equal(next, count);
  });

  test("a list of items has the bytes of the list", async () => {
    const items = [1, { a: [NaN] }, "é", Promise.resolve(new Set([2]))];
    const of = serializer("json");
    const list = await collectBytes(
      streamOf<unknown>(items).pipeThrough(of.items().encoder()),
    );
    equal(
      textOf(list),
      '[1, {"a": [NaN]}, "\\u00e9", {"__class__": "builtins.set", "data": [2]}]',
    );
    deepEqual(
      await collect(streamOf([list]).pipeThrough(of.items().decoder())),
      [1, { a: [NaN] }, "é", new Set([2])],
    );
    const none = await collectBytes(
      streamOf([]).pipeThrough(of.items().encoder()),
    );
    equal(textOf(none), "[]");
  });

  test("stop their source when their reader stops", async () => {
    let stopped = false;
    async function* endless(): AsyncGenerator<unknown> {
      try {
        for (;;) yield { text: "x".repeat(1000) };
      } finally {
        stopped = true;
      }
    }
    const reader = streamOf<unknown>([endless()])
      .pipeThrough(
        serializer({ type: "compressed/json", compressionlib: "zlib" })
          .encoder(),
      )
      .getReader();
    ok((await reader.read()).value!.length > 0);
    await reader.cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
    ok(stopped);
  });

  test("a small blob that becomes a large value is refused", async () => {
    const config = { type: "compressed/json", compressionlib: "zlib" };
    const blob = await serializer(config).dumps("x".repeat(1_000_000));
    ok(blob.length < 10_000);
    await rejects(
      serializer(config, { maxBytes: 100_000 }).loads(blob),
      LimitError,
    );
  });

  test("every library takes what it wrote, in small chunks", async () => {
    for (const compressionlib of prefectLibraries.compressions()) {
      const of = serializer({ type: "compressed/pickle", compressionlib });
      const blob = await of.dumps(value);
      const values = await collect(inPieces(blob, 5).pipeThrough(of.decoder()));
      deepEqual(values, [value]);
    }
  });

  test("settings go where they should", async () => {
    const config = { type: "compressed/json", compressionlib: "zlib" };
    const text = Array.from(
      { length: 2000 },
      (_, i) => `row ${i * 7919 % 1000}`,
    );
    const small = await serializer(config, { level: 9 }).dumps(text);
    const large = await serializer(config, { level: 0 }).dumps(text);
    ok(small.length < large.length / 2);
    deepEqual(Object.keys(serializer("compressed/json").toJSON()), [
      "type",
      "serializer",
      "compressionlib",
    ]);
    throws(() => serializer({ ...config, level: 3 }), FormatError);
    const own = serializer("pickle");
    equal(serializer(own), own);
  });
});
