/** Values are collected before they are sent on: never for too long, and none is lost when something fails. */
import { describe, test } from "bun:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import {
  DeserializeStream,
  msgpackSequence,
  ndjson,
  serialize,
  SerializeError,
  type Stage,
} from "../../mod.ts";
import { collect } from "../json/_helpers.ts";

/** Three values, and then a failure. */
function failing(reason: unknown): ReadableStream<unknown> {
  let next = 1;
  return new ReadableStream({
    pull(controller) {
      if (next > 3) controller.error(reason);
      else controller.enqueue(next++);
    },
  });
}

/** All that comes, and what ends it. */
async function drain<T>(
  stream: ReadableStream<T>,
): Promise<{ items: T[]; error: unknown }> {
  const items: T[] = [];
  try {
    for await (const item of stream) items.push(item);
  } catch (error) {
    return { items, error };
  }
  return { items, error: undefined };
}

const stages: Record<string, () => Stage<unknown, unknown>> = {
  serialize: () => serialize() as Stage<unknown, unknown>,
  ndjson: () => ndjson() as Stage<unknown, unknown>,
  msgpackSequence: () => msgpackSequence() as Stage<unknown, unknown>,
};

async function valuesOf(name: string, pieces: unknown[]): Promise<unknown[]> {
  const input = ReadableStream.from(pieces);
  if (name === "serialize") {
    return await collect(input.pipeThrough(new DeserializeStream() as never));
  }
  return await collect(input.pipeThrough(stages[name]!().decoder()));
}

for (const name of Object.keys(stages)) {
  describe(name, () => {
    const encoder = () => stages[name]!().encoder();

    test("sends what it has before the failure of its source", async () => {
      const reason = new Error("the line went dead");
      const { items, error } = await drain(
        failing(reason).pipeThrough(encoder()),
      );
      equal(error, reason);
      deepEqual(await valuesOf(name, items), [1, 2, 3]);
    });

    test("sends what stands before a value that it refuses", async () => {
      const source = ReadableStream.from([1, [2], () => 3, 4] as unknown[]);
      const { items, error } = await drain(source.pipeThrough(encoder()));
      ok(error instanceof SerializeError, String(error));
      deepEqual(await valuesOf(name, items), [1, [2]]);
    });

    test("does not wait for a source that pauses", async () => {
      const { readable, writable } = encoder();
      const writer = writable.getWriter();
      const reader = readable.getReader();
      for (const value of [1, 2, 3]) {
        const piece = reader.read();
        await writer.write(value);
        const { value: got } = await piece;
        deepEqual(await valuesOf(name, [got]), [value]);
      }
      await reader.cancel("enough");
    });

    test("waits for nobody who does not read, and sends at once when asked", async () => {
      const { readable, writable } = encoder();
      const writer = writable.getWriter();
      const reader = readable.getReader();
      const first = reader.read();
      await writer.write(1);
      await first;
      // This one is collected by the pull that went on; nobody asks for it before it is late.
      const second = writer.write(2);
      await new Promise((resolve) => setTimeout(resolve, 60));
      const { value } = await reader.read();
      deepEqual(await valuesOf(name, [value]), [2]);
      await second;
      await writer.abort("enough").catch(() => {});
      await reader.closed.catch(() => {});
    });
  });
}
