import { describe, test } from "bun:test";
import {
  deepEqual,
  deepStrictEqual,
  equal,
  ok,
  rejects,
} from "node:assert/strict";
import { FormatError, TruncatedError } from "../../src/errors.ts";
import { dumps } from "../../src/pickle/mod.ts";
import type { Bytes } from "../../src/types.ts";
import { pickleBatches, pickleSequence } from "../../streams/pickle.ts";
import { pickleOf } from "./_bytes.ts";

const values = Array.from({ length: 2_500 }, (_, id) => ({ id, t: [`${id}`] }));
const bytes = pickleOf(...values.map((value) => [...dumps(value)]));

async function read(input: Bytes, size: number): Promise<unknown[][]> {
  const chunks: Bytes[] = [];
  for (let at = 0; at < input.length; at += size) {
    chunks.push(input.subarray(at, at + size));
  }
  const found: unknown[][] = [];
  const batches = ReadableStream.from(chunks)
    .pipeThrough(pickleBatches().decoder());
  for await (const batch of batches) found.push([...batch]);
  return found;
}

describe("batches of pickles", () => {
  test("are what a chunk completes, a thousand values at most", async () => {
    for (const size of [7, 1021, 65_536, bytes.length]) {
      deepStrictEqual((await read(bytes, size)).flat(), values);
    }
    const whole = await read(bytes, bytes.length);
    deepEqual(whole.map(({ length }) => length), [1_000, 1_000, 500]);
  });

  test("are written as single values are, many small ones in a chunk", async () => {
    const chunks: Bytes[] = [];
    const written = ReadableStream.from([values.slice(0, 3), [], values])
      .pipeThrough(pickleBatches().encoder());
    for await (const chunk of written) chunks.push(chunk);
    ok(chunks.length <= 4, `${chunks.length} chunks`);
    const single = ReadableStream.from([...values.slice(0, 3), ...values])
      .pipeThrough(pickleSequence().encoder());
    deepEqual(
      await new Response(new Blob(chunks)).bytes(),
      await new Response(single).bytes(),
    );
  });

  test("come before the fault that follows them", async () => {
    const good = bytes.subarray(0, dumps(values[0]).length);
    const faults = [["\xff", FormatError], [
      "\x80\x04",
      TruncatedError,
    ]] as const;
    for (const [rest, type] of faults) {
      const reader = ReadableStream.from([pickleOf([...good], rest)])
        .pipeThrough(pickleBatches().decoder()).getReader();
      deepEqual((await reader.read()).value, [values[0]]);
      await rejects(reader.read(), type);
    }
  });

  test("of nothing are nothing", async () => {
    deepEqual(await read(new Uint8Array(), 1), []);
    equal(
      (await new Response(
        ReadableStream.from([[]]).pipeThrough(pickleBatches().encoder()),
      ).bytes()).length,
      0,
    );
  });
});
