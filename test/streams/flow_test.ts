import { describe, test } from "bun:test";
import { equal, ok, rejects } from "node:assert/strict";
import type { Bytes } from "../../src/types.ts";
import {
  codedOf,
  cutBytes,
  encodeRow,
  noise,
  outcomeOf,
  rest,
  sourceOf,
  STAYS,
  until,
} from "./_helpers.ts";
import { type Row, rows } from "./stages.ts";

type Side = "encoder" | "decoder";

for (const row of rows) {
  describe(row.name, () => {
    test("the source's error is the same object", () => sourceError(row));
    test("the sink's error reaches the source", () => sinkError(row));
    test("cancel reaches the source, before and amid", () => cancels(row));
    test("abort reaches the reader", () => aborts(row));
    test("a reader that stands still stops the source", () => stops(row));
  });
}

/** What each side is fed with: the encoder without an end, unless it takes just one item. */
async function* inputs(row: Row): AsyncGenerator<[Side, Iterable<unknown>]> {
  yield ["encoder", { [Symbol.iterator]: () => endless(row) }];
  let input = forDecoder.get(row);
  if (!input) forDecoder.set(row, input = await decoderInput(row));
  yield ["decoder", input];
}

const forDecoder = new Map<Row, readonly unknown[]>();

async function decoderInput(row: Row): Promise<readonly unknown[]> {
  const { flow, far, near, single, items } = row;
  const count = near === "bytes" ? flow.repeat : flow.repeat * items.length;
  const given = [...take(single ? 1 : count, endless(row))];
  if (far === "messages") return await encodeRow(row, given);
  return [...cutBytes(await codedOf(row, given), flow.chunk)];
}

const blocks: Bytes[] = [];

/** Of bytes, blocks that no codec makes small. */
function* endless({ near, items, single }: Row): Generator<unknown> {
  for (let i = 1;; i++) {
    if (near === "bytes") yield blocks[i] ??= noise(65_536, i);
    else yield* items;
    if (single) return;
  }
}

function* take<T>(count: number, items: Iterable<T>): Generator<T> {
  for (const item of items) {
    if (count-- <= 0) return;
    yield item;
  }
}

async function sourceError(row: Row): Promise<void> {
  for await (const [side, items] of inputs(row)) {
    for (const given of [[], [...take(1, items)]]) {
      const reason = new Error("the disk is gone");
      const { readable } = sourceOf(given, reason);
      const stream = row.stage[side]();
      const { error } = await outcomeOf(readable.pipeThrough(stream));
      equal(error, reason, side);
    }
  }
}

async function sinkError(row: Row): Promise<void> {
  for await (const [side, items] of inputs(row)) {
    if (row.single && side === "decoder") continue;
    const reason = new Error("the disk is full");
    const source = sourceOf(items, STAYS);
    const sink = new WritableStream({
      write() {
        throw reason;
      },
    });
    const piped = source.readable.pipeThrough(row.stage[side]()).pipeTo(sink);
    await rejects(piped, (error) => error === reason, side);
    await until(() => source.cancelled() !== undefined);
    equal(source.cancelled(), reason, side);
  }
}

async function cancels(row: Row): Promise<void> {
  for await (const [side, items] of inputs(row)) {
    // A decoder of one value gives it only at the end.
    for (const reads of row.single && side === "decoder" ? [0] : [0, 1]) {
      const source = sourceOf(items, STAYS);
      const stream = row.stage[side]();
      const reader = source.readable.pipeThrough(stream).getReader();
      for (let i = 0; i < reads; i++) await reader.read();
      const reason = new Error("enough");
      await reader.cancel(reason);
      await until(() => source.cancelled() !== undefined);
      equal(source.cancelled(), reason, side);
    }
  }
}

async function aborts(row: Row): Promise<void> {
  for await (const [side, items] of inputs(row)) {
    for (const writes of [0, 1]) {
      const stream = row.stage[side]();
      const writer = stream.writable.getWriter();
      const outcome = outcomeOf(stream.readable);
      const closed = outcomeOfPromise(writer.closed);
      for (const item of take(writes, items)) {
        await writer.write(item);
      }
      const reason = new Error("no more");
      await writer.abort(reason);
      equal((await outcome).error, reason, side);
      equal(await closed, reason, side);
    }
  }
}

function outcomeOfPromise(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => undefined, (error) => error);
}

async function stops({ flow, stage, ...row }: Row): Promise<void> {
  for await (const [side, items] of inputs({ flow, stage, ...row })) {
    if (!flow[side]) continue;
    const [before, after] = flow[side];
    const source = sourceOf(items);
    const reader = source.readable.pipeThrough(stage[side]()).getReader();
    await rest();
    const ahead = source.pulled();
    ok(ahead <= before, `${side}: ${ahead} before a read`);
    ok(!(await reader.read()).done);
    await rest();
    const pulled = source.pulled();
    ok(pulled <= after, `${side}: ${pulled} after a read`);
    ok(side === "encoder" || pulled < [...items].length, `${side} has all`);
    await rest(5);
    equal(source.pulled(), pulled, `${side} goes on`);
    await reader.cancel();
  }
}
