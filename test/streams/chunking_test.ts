import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { concat } from "../../src/bytes.ts";
import type { Bytes, Message } from "../../src/types.ts";
import {
  codedOf,
  contentOf,
  cutBytes,
  cutItems,
  encodeRow,
  SIZES,
  through,
} from "./_helpers.ts";
import { type Row, rows } from "./stages.ts";

for (const row of rows) {
  describe(row.name, () => {
    test("brings the same back, however it is cut", () => anyChunks(row));
    test("leaves what it was given as it was", () => leavesInput(row));
    test("takes empty chunks", () => emptyChunks(row));
    test("takes an empty stream", () => emptyStream(row));
    test("gives streams that do not know of each other", () => apart(row));
  });
}

async function anyChunks(row: Row): Promise<void> {
  const { near, far, stage } = row;
  const items = contentOf(near, row.items);
  const coded = await encodeRow(row);
  for (const size of SIZES) {
    const read = await through(cutItems(far, coded, size), stage.decoder());
    deepEqual(contentOf(near, read), items, `decoded in chunks of ${size}`);
    const given = cutItems(near, row.items, size);
    const written = await through(given, stage.encoder());
    const back = await through(written, stage.decoder());
    deepEqual(contentOf(near, back), items, `encoded in chunks of ${size}`);
  }
}

/** All bytes within, in the buffers that they stand in, so that a write beside them is seen, too. */
function bytesWithin(item: unknown, found: Bytes[] = []): Bytes[] {
  if (ArrayBuffer.isView(item)) {
    found.push(new Uint8Array(item.buffer as ArrayBuffer));
  } else if (item instanceof Map || item instanceof Set) {
    bytesWithin([...item], found);
  } else if (typeof item === "object" && item !== null) {
    for (const each of Object.values(item)) bytesWithin(each, found);
  }
  return found;
}

async function leavesInput(row: Row): Promise<void> {
  const { stage, far } = row;
  const check = async (
    items: readonly unknown[],
    stream: TransformStream,
  ): Promise<unknown[]> => {
    const views = bytesWithin(items);
    const copies = views.map((view) => view.slice());
    const shape = structuredClone(items);
    const out = await through(items, stream);
    const after = bytesWithin(items);
    after.forEach((view, i) => {
      equal(view.buffer.detached, false);
      deepEqual(view, copies[i]);
    });
    equal(after.length, copies.length);
    deepEqual(items, shape);
    return out;
  };
  const coded = await check(row.items, stage.encoder());
  const whole = far === "bytes" ? [concat(coded as Bytes[]).slice()] : coded;
  await check(whole, stage.decoder());
}

async function emptyChunks(row: Row): Promise<void> {
  const { near, far, stage, passes } = row;
  const nothing = new Uint8Array(0);
  function* withEmpty(items: Iterable<unknown>, empty: unknown) {
    for (const item of items) yield* [empty, item, empty];
  }
  const empty = { bytes: nothing, batches: [], values: 0, messages: 0 }[near];
  const given = near === "bytes" || near === "batches"
    ? withEmpty(row.items, empty)
    : row.items;
  const coded = await through(given, stage.encoder());
  // Whoever reads bytes may take an empty chunk for the end.
  const isFull = (chunk: unknown) => passes || (chunk as Bytes).length > 0;
  ok(far !== "bytes" || coded.every(isFull));
  const read = await through(
    far === "bytes"
      ? withEmpty(cutBytes(concat(coded as Bytes[]), 7), nothing)
      : coded,
    stage.decoder(),
  );
  deepEqual(contentOf(near, read), contentOf(near, row.items));
  ok(near !== "bytes" || read.every(isFull));
}

async function emptyStream(row: Row): Promise<void> {
  const { near, stage, single, mayEnd, far } = row;
  if (single) {
    await rejects(through([], stage.encoder()), TypeError);
    return;
  }
  const coded = await through([], stage.encoder());
  const read = await through(coded, stage.decoder());
  deepEqual(contentOf(near, read), contentOf(near, []));
  const isNothing = contentOf(far, coded) as Bytes | Message[];
  equal(isNothing.length === 0, far === "messages" || mayEnd !== undefined);
}

async function apart(row: Row): Promise<void> {
  const encoders = [row.stage.encoder(), row.stage.encoder()];
  const coded = await Promise.all(
    encoders.map((encoder) => through(row.items, encoder)),
  );
  const decoders = [row.stage.decoder(), row.stage.decoder()];
  const read = await Promise.all(
    decoders.map((decoder, i) => through(coded[i]!, decoder)),
  );
  for (const each of read) {
    deepEqual(contentOf(row.near, each), contentOf(row.near, row.items));
  }
  if (row.far === "bytes") ok((await codedOf(row)).length > 0);
}
