/** What the runtimes do otherwise than one would think: each has a guard here, and a test that names it. */
import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import {
  base64,
  type Codec,
  compress,
  deflate,
  deflateRaw,
  detectBytes,
  FormatError,
  frames,
  gzip,
  LimitError,
  msgpackSequence,
  ndjson,
  pipe,
  serialize,
  zstd,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";
import type { Bytes, Message } from "../../src/types.ts";
import { withoutNative } from "../codecs/_runtime.ts";
import {
  noise,
  outcomeOf,
  rest,
  run,
  sourceOf,
  STAYS,
  through,
  utf8,
} from "./_helpers.ts";

async function coded(codec: Codec, given: Bytes): Promise<Bytes> {
  return concat(await through([given], codec.encoder()) as Bytes[]);
}

describe("without Node's modules", () => {
  for (const codec of [gzip(), deflate(), deflateRaw()]) {
    test(`Node 20's CompressionStream does not wait for its reader: ${codec.name}`, () =>
      withoutNative(async () => {
        const blocks = Array.from({ length: 200 }, (_, i) => noise(65_536, i));
        const source = sourceOf(blocks);
        const stream = codec.encoder();
        const reader = source.readable.pipeThrough(stream).getReader();
        await reader.read();
        await rest();
        ok(source.pulled() <= 8, `${source.pulled()} of 200`);
        await reader.cancel();
      }));

    test(`Deno's DecompressionStream makes one chunk of all: ${codec.name}`, () =>
      withoutNative(async () => {
        const bomb = await coded(codec, new Uint8Array(16 << 20));
        const source = sourceOf([bomb]);
        const reader = source.readable.pipeThrough(codec.decoder()).getReader();
        let largest = 0;
        let total = 0;
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          largest = Math.max(largest, value.length);
          total += value.length;
        }
        equal(total, 16 << 20);
        ok(largest <= 1 << 16, `${largest}`);
      }));
  }
});

describe("codecs", () => {
  const sample = utf8("salt and water\n".repeat(50_000));

  test("several members of gzip are one file, which Deno's own decoder refuses", async () => {
    const one = await coded(gzip(), sample);
    const whole = concat([one, one]);
    const read = await through([whole], gzip().decoder());
    deepEqual(concat(read as Bytes[]), concat([sample, sample]));
  });

  test("what follows gzip is refused, which Node's own decoder passes over", async () => {
    const whole = concat([await coded(gzip(), sample), utf8("junk")]);
    await rejects(through([whole], gzip().decoder()), FormatError);
  });

  test("zeros behind gzip are padding, as for gzip(1) and Python", async () => {
    const whole = concat([await coded(gzip(), sample), new Uint8Array(512)]);
    const read = await through([whole], gzip().decoder());
    deepEqual(concat(read as Bytes[]), sample);
  });

  for (const codec of [gzip(), deflate(), deflateRaw(), zstd(), base64()]) {
    test(`text is no bytes, though Bun and Node take it: ${codec.name}`, async () => {
      await rejects(through(["text"], codec.encoder()), TypeError);
    });
  }

  test("gzip holds small writes back, so each frame has a gzip of its own", async () => {
    const wire = pipe(compress(gzip(), { minBytes: 10 }), frames());
    const message: Message = { header: {}, frames: [new Uint8Array(500)] };
    const source = sourceOf([message], STAYS);
    const { readable } = source;
    const reader = readable.pipeThrough(wire.encoder()).pipeThrough(
      wire.decoder(),
    ).getReader();
    const { value } = await reader.read();
    deepEqual(value!.frames, message.frames);
    await reader.cancel();
  });

  test("Deno's zstd throws where nobody can catch it, if a chunk turns bad after 64 KiB", async () => {
    const digits = noise(100_000);
    const text = utf8([...digits].map((each) => `${each} salt\n`).join(""));
    for (const checksum of [false, true]) {
      const whole = await coded(zstd({ checksum }), text);
      ok(text.length > 1 << 19 && whole.length > 1 << 16);
      for (const share of [0.5, 0.7, 0.9, 0.99]) {
        const bad = whole.slice();
        const at = Math.floor(share * bad.length);
        bad.fill(0xff, at, at + 300);
        const { items, error } = await run([bad], zstd().decoder());
        ok(error instanceof FormatError || error instanceof LimitError);
        ok(items.length > 0);
        deepEqual((items[0] as Bytes)[0], text[0]);
      }
    }
    // It would come in a later tick.
    await rest(5);
  });

  test("compressed bytes differ between runtimes, but not on one", async () => {
    for (const codec of [gzip(), zstd()]) {
      deepEqual(await coded(codec, sample), await coded(codec, sample));
    }
  });
});

describe("streams", () => {
  test("Chromium knows no cancel() of a transformer: a timer that fires later does no harm", async () => {
    const source = sourceOf([1], STAYS);
    const stage = serialize({ maxDelay: 10 });
    const reader = source.readable.pipeThrough(stage.encoder()).getReader();
    const read = reader.read();
    await rest(2);
    await reader.cancel();
    deepEqual(await read, { done: true, value: undefined });
    await rest(20);
  });

  test("a Blob is one huge chunk on Deno and Node: values are made a few at a time", async () => {
    const text = Array.from({ length: 200_000 }, (_, i) => `[${i}]\n`).join("");
    let made = 0;
    const parse = JSON.parse;
    JSON.parse = (...args) => {
      made++;
      return parse(...args);
    };
    try {
      const source = sourceOf([utf8(text)]);
      const reader = source.readable.pipeThrough(ndjson().decoder())
        .getReader();
      deepEqual((await reader.read()).value, [0]);
      await rest();
      ok(made < 20_000, `${made}`);
      await reader.cancel();
    } finally {
      JSON.parse = parse;
    }
  });

  test("a huge chunk of messages is unpacked one message at a time", async () => {
    const wire = frames();
    const given = Array.from({ length: 3 }, () => ({
      header: {},
      frames: [new Uint8Array(99)],
    }));
    const bytes = concat(await through(given, wire.encoder()) as Bytes[]);
    // The third is bad; nobody has got there yet.
    bytes[bytes.length - 300]! ^= 1;
    const source = sourceOf([bytes]);
    const reader = source.readable.pipeThrough(wire.decoder()).getReader();
    await reader.read();
    await rest(5);
    equal((await reader.read()).done, false);
    await reader.cancel();
  });

  test("msgpack's encoder gives views of a buffer that it uses again", async () => {
    const values = Array.from(
      { length: 50 },
      (_, i) => ({ i, data: noise(9, i) }),
    );
    const { items } = await outcomeOf(
      sourceOf(values).readable.pipeThrough(
        msgpackSequence({ maxBytes: 1 }).encoder(),
      ),
    );
    equal(items.length, 50);
    const read = await through(items, msgpackSequence().decoder());
    deepEqual(read, values);
  });

  test("lines of arrays are NDJSON, and not one array", () => {
    const of = (text: string) => detectBytes(utf8(text)).format?.name;
    equal(of("[1,2]\n[3,4]\n"), "ndjson");
    equal(of('["a\\n"]\r\n{}'), "ndjson");
    equal(of("[1,2]\n"), "json-array");
    equal(of("[1,2]\n  \n"), "json-array");
    equal(of("[\n1,\n2]"), "json-array");
    equal(of("[1,\n2]"), "json-array");
    equal(of("[[1],\n[2]]"), "json-array");
  });
});

/** What some runtime lacks, or does slowly, or does not do as one thinks. */
const MISSING: readonly (readonly [RegExp, string])[] = [
  [/ReadableStream\.from\(/, "Chromium has none"],
  [/Array\.fromAsync\(/, "Node 20 has none"],
  [/Promise\.(withResolvers|try)\(/, "Node 20 has none"],
  [/^\s*(await )?using /m, "Node 20 cannot parse it"],
  [
    /^(import (?!type )|export )[^;]*from "node:/m,
    "browsers and workers have none of Node's modules: only types may be imported",
  ],
  [/new TextEncoderStream\(/, "Node 20's makes 10 MB/s"],
  [/\bsetInterval\(/, "nothing polls"],
  [/\beval\(|new Function\(/, "workers forbid it"],
];

test("src and streams use nothing that a runtime lacks", async () => {
  const root = new URL("../../", import.meta.url);
  const files: string[] = [];
  for (const folder of ["src", "streams"]) {
    for (
      const name of await readdir(new URL(folder, root), { recursive: true })
    ) {
      // Programs and what makes the inspector's page run where Node's modules are.
      const isEdge = /^(cli|server|inspector\/page)\b/.test(name) &&
        folder === "src";
      if (name.endsWith(".ts") && !isEdge) files.push(`${folder}/${name}`);
    }
  }
  ok(files.length > 80, `${files.length} files`);
  for (const file of files) {
    const text = await readFile(new URL(file, root), "utf8");
    const code = text.replace(/\/\*\*?[\s\S]*?\*\//g, "").replace(
      /^\s*\/\/.*$/gm,
      "",
    );
    for (const [pattern, why] of MISSING) {
      ok(!pattern.test(code), `${file} has ${pattern}: ${why}`);
    }
  }
});
