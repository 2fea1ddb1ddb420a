import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { LimitError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { limit } from "../../streams/limit.ts";
import {
  cutInto,
  encode,
  ours,
  packers,
  type Row,
  rows,
  sourceOf,
} from "./_table.ts";
import { noise } from "./_runtime.ts";

const BLOCK = 64 * 1024;
const BOMB = 200_000_000;

/** So that a stream which would go on by itself has had the time to. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 30));
}

/** Never the same twice, since brotli finds what it has seen megabytes ago. */
function* endless(): Generator<Bytes> {
  for (let seed = 1;; seed++) yield noise(BLOCK, seed);
}

const coded = new Map<Row, Promise<Bytes>>();

/** Enough not to end while it is looked at. */
function codedNoise(row: Row): Promise<Bytes> {
  const made = coded.get(row) ??
    encode(row, noise((row.coarse ? 40 : 100) * BLOCK));
  coded.set(row, made);
  return made;
}

for (const row of rows) {
  describe(row.name, () => {
    test("the encoder waits for its reader", async () => {
      const source = sourceOf(endless());
      const reader = source.readable.pipeThrough(row.codec.encoder())
        .getReader();
      await rest();
      ok(source.pulled() <= 2, `${source.pulled()} before the first read`);
      await reader.read();
      await rest();
      // Brotli takes up to 8 MiB before anything comes out.
      const pulled = source.pulled();
      ok(pulled <= 140, `${pulled} after it`);
      await rest();
      equal(source.pulled(), pulled);
      await reader.cancel();
    });

    test("the decoder waits for its reader", async () => {
      const source = sourceOf(cutInto(await codedNoise(row), BLOCK));
      const reader = source.readable.pipeThrough(row.codec.decoder())
        .getReader();
      await rest();
      ok(source.pulled() <= 2, `${source.pulled()} before the first read`);
      await reader.read();
      await rest();
      const most = row.coarse ? 16 : 8;
      ok(source.pulled() <= most, `${source.pulled()} after it`);
      await reader.cancel();
    });

    test("cancel reaches the source, before and amid", async () => {
      for (const reads of [0, 1]) {
        const coded = await codedNoise(row);
        for (const side of ["encoder", "decoder"] as const) {
          const source = sourceOf(
            side === "encoder" ? endless() : cutInto(coded, BLOCK),
          );
          const stream = row.codec[side]();
          const reader = source.readable.pipeThrough(stream).getReader();
          for (let i = 0; i < reads; i++) await reader.read();
          const reason = new Error("enough");
          await reader.cancel(reason);
          await rest();
          equal(source.cancelled(), reason);
        }
      }
    });

    test("abort reaches the reader, also one that is slow", async () => {
      for (const side of ["encoder", "decoder"] as const) {
        const stream = row.codec[side]();
        const writer = stream.writable.getWriter();
        const reader = stream.readable.getReader();
        const closed = rejects(writer.closed);
        const written = writer.write(await codedNoise(row));
        written.catch(() => {});
        const reason = new Error("no more");
        const aborted = writer.abort(reason);
        await rejects(
          (async () => {
            while (!(await reader.read()).done);
          })(),
          (error) => error === reason,
        );
        await aborted;
        await closed;
      }
    });

    test("the source's error passes as the same object", async () => {
      const reason = new Error("the line went dead");
      for (const side of ["encoder", "decoder"] as const) {
        const source = new ReadableStream<Bytes>({
          pull: (controller) => controller.error(reason),
        });
        const reader = source.pipeThrough(row.codec[side]()).getReader();
        await rejects(reader.read(), (error) => error === reason);
      }
    });
  });
}

for (const row of [...packers, ...ours]) {
  test(`${row.name}: a bomb stops at the limit`, async () => {
    const zeros = sourceOf(zerosOf(BOMB));
    const bomb = await chunksOf(
      zeros.readable.pipeThrough(row.codec.encoder()),
    );
    const coded = new Blob(bomb);
    ok(coded.size < BOMB / 100);
    const source = sourceOf([new Uint8Array(await coded.arrayBuffer())]);
    let passed = 0;
    let largest = 0;
    const watched = source.readable.pipeThrough(row.codec.decoder())
      .pipeThrough(
        new TransformStream<Bytes, Bytes>({
          transform(chunk, controller) {
            passed += chunk.length;
            largest = Math.max(largest, chunk.length);
            controller.enqueue(chunk);
          },
        }),
      ).pipeThrough(limit(10_000_000).decoder());
    await rejects(
      watched.pipeTo(new WritableStream()),
      (error) => error instanceof LimitError && error.stage === "limit",
    );
    ok(passed <= 11_000_000, `${passed} bytes came out`);
    ok(largest <= 1 << 20, `a chunk of ${largest}`);
  }, 60_000);
}

function* zerosOf(total: number): Generator<Bytes> {
  const chunk = new Uint8Array(1 << 20);
  for (let sent = 0; sent < total; sent += chunk.length) yield chunk;
}

async function chunksOf(readable: ReadableStream<Bytes>): Promise<Bytes[]> {
  const chunks: Bytes[] = [];
  await readable.pipeTo(
    new WritableStream({
      write: (chunk) => void chunks.push(chunk),
    }),
  );
  return chunks;
}

test("output comes in pieces of some size, however small the input's are", async () => {
  for (const row of [...packers, ...ours]) {
    const input = noise(500_000);
    const coded = await encode(row, input);
    const chunks = await chunksOf(
      sourceOf(cutInto(coded, 50)).readable.pipeThrough(row.codec.decoder()),
    );
    // One for each chunk that went in, at most, and one for each piece that is full.
    ok(
      chunks.length <= coded.length / 50 + 20,
      `${row.name}: ${chunks.length}`,
    );
    deepEqual(await new Blob(chunks).arrayBuffer(), input.buffer);
  }
});
