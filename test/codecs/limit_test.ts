import { describe, test } from "bun:test";
import { deepEqual, equal, rejects } from "node:assert/strict";
import { LimitError } from "../../src/errors.ts";
import type { Bytes, Message } from "../../src/types.ts";
import { limit } from "../../streams/limit.ts";
import { type Progress, progress } from "../../streams/progress.ts";
import { zstd } from "../../streams/zstd.ts";
import { deflate } from "../../streams/gzip.ts";
import { brotli } from "../../streams/brotli.ts";
import { cutInto, through } from "./_table.ts";
import { noise } from "./_runtime.ts";

describe("limit", () => {
  test("lets through just so much, both ways", async () => {
    const bytes = noise(1000);
    for (const side of ["encoder", "decoder"] as const) {
      deepEqual(await through(cutInto(bytes, 7), limit(1000)[side]()), bytes);
      await rejects(
        through(cutInto(bytes, 7), limit(999)[side]()),
        (error) =>
          error instanceof LimitError && error.stage === "limit" &&
          error.offset === 999 && error.limit === 999 && error.actual === 1000,
      );
    }
  });

  test("starts anew with each stream", async () => {
    const codec = limit(10);
    for (let i = 0; i < 3; i++) {
      equal((await through([noise(10)], codec.encoder())).length, 10);
    }
  });
});

/** What a stage of progress says of some chunks, and that it passes each on as it is. */
async function seen<T>(chunks: readonly T[]): Promise<Progress[]> {
  const all: Progress[] = [];
  const stream = progress<T>((totals) => all.push(totals)).encoder();
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  for (const chunk of chunks) {
    const written = writer.write(chunk);
    equal((await reader.read()).value, chunk);
    await written;
  }
  return all;
}

describe("progress", () => {
  test("counts bytes", async () => {
    deepEqual(await seen<Bytes>([noise(3), noise(4)]), [
      { chunks: 1, bytes: 3, values: 1 },
      { chunks: 2, bytes: 7, values: 2 },
    ]);
  });

  test("counts messages, by their values and frames", async () => {
    const messages: Message[] = [
      { header: {}, frames: [noise(5), noise(6)] },
      { header: { values: 10 }, frames: [] },
    ];
    deepEqual(await seen(messages), [
      { chunks: 1, bytes: 11, values: 1 },
      { chunks: 2, bytes: 11, values: 11 },
    ]);
  });

  test("counts values and batches", async () => {
    deepEqual((await seen<unknown>([[1, 2, 3], "a", null])).at(-1), {
      chunks: 3,
      bytes: 0,
      values: 5,
    });
  });
});

describe("what the encoder of zstd was told", () => {
  test("is noted down", async () => {
    const coded = await through(cutInto(noise(1000), 99), zstd().encoder(1000));
    const single = (coded[4]! & 32) !== 0;
    const view = new DataView(coded.buffer);
    equal(coded[4]! >> 6, 1);
    equal(view.getUint16(single ? 5 : 6, true) + 256, 1000);
  });

  test("has to be true", async () => {
    await rejects(through([noise(11)], zstd().encoder(10)), LimitError);
    await rejects(through([noise(9)], zstd().encoder(10)), /announced/);
    await rejects(through([], zstd().encoder(10)), /announced/);
  });
});

test("a frame of zstd cannot ask for more memory than is granted", async () => {
  // Windows of 128 MiB, and one step above.
  const head = (window: number) =>
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, window, 1, 0, 0);
  equal((await through([head(17 << 3)], zstd().decoder())).length, 0);
  const small = zstd({ maxWindow: 1 << 20 });
  for (
    const [window, codec] of [[17 << 3 | 1, zstd()], [17 << 3, small]] as const
  ) {
    await rejects(through([head(window)], codec.decoder()), LimitError);
  }
});

test("names are those of the wire", () => {
  equal(deflate().name, "deflate");
  equal(deflate().compression, "zlib");
  equal(zstd().compression, undefined);
  equal(brotli().name, "brotli");
});
