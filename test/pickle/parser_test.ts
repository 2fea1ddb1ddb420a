import { describe, test } from "bun:test";
import { deepStrictEqual, equal, rejects, throws } from "node:assert/strict";
import { dumps, type NdArray } from "../../src/pickle/mod.ts";
import { PickleParser } from "../../src/pickle/parser.ts";
import { FormatError, LimitError, TruncatedError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { pickleSequence } from "../../streams/pickle.ts";
import { pickleOf } from "./_bytes.ts";

const values = [
  { a: [1, 2.5, "é", null], b: new Uint8Array(5000).fill(7) },
  new Map<unknown, unknown>([[1, "x"], ["y", 2n ** 80n]]),
  "z".repeat(70_000),
];

function read(bytes: Bytes, size: number): unknown[] {
  const parser = new PickleParser({});
  const found: unknown[] = [];
  const take = () => {
    for (let some; (some = parser.next());) found.push(...some);
  };
  for (let at = 0; at < bytes.length; at += size) {
    parser.push(bytes.subarray(at, at + size));
    take();
  }
  parser.end();
  take();
  return found;
}

describe("pickle from a stream", () => {
  for (const protocol of [0, 1, 2, 4, 5] as const) {
    test(`of protocol ${protocol}, in chunks of any size`, () => {
      const bytes = pickleOf(
        ...values.map((value) => [...dumps(value, { protocol })]),
      );
      for (const size of [1, 2, 3, 7, 64, 1021, bytes.length]) {
        deepStrictEqual(read(bytes, size), values);
      }
    });
  }

  test("that is cut is said to be, and what comes before is given", () => {
    const bytes = pickleOf([...dumps(values[0])], [...dumps(values[1])]);
    const first = dumps(values[0]).length;
    for (const end of [1, first - 1, first + 1, bytes.length - 1]) {
      throws(() => read(bytes.subarray(0, end), 16), TruncatedError);
    }
    deepStrictEqual(read(bytes.subarray(0, first), 16), [values[0]]);
    deepStrictEqual(read(new Uint8Array(), 16), []);
  });

  test("errors say where in the stream", () => {
    const good = dumps(1);
    const bytes = pickleOf([...good], "N\xff.");
    throws(
      () => read(bytes, 2),
      (error) =>
        error instanceof FormatError && error.offset === good.length + 1,
    );
  });

  test("a length alone allocates nothing", () => {
    const parser = new PickleParser({ maxItemBytes: 1000 });
    parser.push(pickleOf("B\xff\xff\xff\xff"));
    throws(() => parser.next(), LimitError);
    const patient = new PickleParser({});
    patient.push(pickleOf("B\x00\x00\x00\x40rest"));
    equal(patient.next(), undefined);
    patient.end();
    throws(() => patient.next(), TruncatedError);
  });

  test("an array that is gathered can be had without a copy", () => {
    const items = new Float64Array(100_000).fill(0.5);
    const bytes = dumps(items, { protocol: 5 });
    const [array] = read(bytes, 4096) as NdArray[];
    const typed = array!.toTypedArray();
    deepStrictEqual(typed, items);
    equal(typed.buffer, (array!.data as Uint8Array).buffer);
  });

  test("the stage goes both ways", async () => {
    const stage = pickleSequence();
    const stream = ReadableStream.from(values).pipeThrough(stage.encoder());
    const back: unknown[] = [];
    for await (const value of stream.pipeThrough(stage.decoder())) {
      back.push(value);
    }
    deepStrictEqual(back, values);
    const cut = new Blob([dumps(values[0]).subarray(0, 9)]).stream()
      .pipeThrough(stage.decoder());
    await rejects(Array.fromAsync(cut), TruncatedError);
  });
});
