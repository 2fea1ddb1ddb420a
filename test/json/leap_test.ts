import { describe, test } from "bun:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import { FormatError, LimitError } from "../../src/errors.ts";
import { ElementLeap } from "../../src/json/leap.ts";
import {
  jsonArray,
  jsonArrayBatches,
  type JsonArrayOptions,
} from "../../streams/json_array.ts";
import { outcome, randomBelow, toBytes } from "./_helpers.ts";

const record = (id: number) => ({
  id,
  name: `salt ${id}`,
  inner: [{ other: id }, { n: id - 7 }],
});
const list = <T>(make: (id: number) => T, length = 600): T[] =>
  Array.from({ length }, (_, id) => make(id));

/** Large enough for guesses, and small enough that they go wrong near the ends of pieces. */
const SIZES = [8_192, 10_007, 1 << 16, 1 << 30];

async function brings(
  text: string,
  values: unknown,
  options?: JsonArrayOptions,
): Promise<void> {
  for (const size of SIZES) {
    const back = await outcome(
      toBytes(text),
      jsonArray(options).decoder(),
      size,
    );
    deepEqual(back, values, `in chunks of ${size}`);
  }
}

describe("a leap over elements", () => {
  const found = (text: string) => {
    const leap = new ElementLeap();
    const bytes = toBytes(text);
    leap.learn(bytes, text.indexOf(","));
    return leap.find(bytes, 0);
  };
  const long = (text: string) => "x".repeat(10_000) + text;

  test("goes to the last comma before an element that begins as the others", () => {
    equal(found(long(', { "a" : 1}, { "a": 2}')), -1);
    const text = long(',{"id":1,"in":{"id":3}},{"id":2,"in":{"b":[{"c":1');
    equal(found(text), text.lastIndexOf(',{"id"'));
    const pretty = long(
      ',\n  {\n    "id":1\n  },\n  {\n    "id":2,\n    "in": {',
    );
    equal(found(pretty), pretty.lastIndexOf(",\n  {"));
  });

  test("is not made for what begins otherwise, or is short", () => {
    for (const text of [",1,2,3", ',"a","b"', ",[1],[2]", ",{},{},{", ',{"']) {
      equal(found(long(text)), -1, text);
    }
    equal(found(',{"id":1},{"id":2'), -1);
  });

  test("is not made again after two that were wrong", () => {
    const leap = new ElementLeap();
    const bytes = toBytes(long(',{"id":1'));
    leap.learn(bytes, 10_000);
    for (const expected of [10_000, 10_000, -1, -1]) {
      equal(leap.find(bytes, 0), expected);
      leap.miss();
      leap.learn(bytes, 10_000);
    }
  });
});

describe("json-array decoder, where elements are guessed", () => {
  test("brings objects back", async () => {
    const values = list(record, 3_000);
    await brings(JSON.stringify(values), values);
    await brings(JSON.stringify(values, null, 2), values);
    await brings(
      JSON.stringify({ a: [{ id: 1 }], b: values, c: [0, { id: 2 }] }),
      values,
      {
        path: "$.b[*]",
      },
    );
  });

  test("is not misled by objects within, by text, or by another array", async () => {
    const within = list((id) => ({ id, of: list((id) => ({ id, x: 1 }), 9) }));
    await brings(JSON.stringify(within), within);
    const text = list((id) => ({ id, text: ',{"id":1},{"id":' }));
    await brings(JSON.stringify(text), text);
    const mixed = list((id) =>
      id % 7 ? { id } : [1, { id }, "x", { of: { id } }]
    );
    await brings(JSON.stringify(mixed), mixed);
    const other = {
      a: list(record),
      b: list((id) => [0, { id }]),
      c: [{ id: 1 }],
    };
    await brings(JSON.stringify(other), other.a, { path: "$.a[*]" });
    const many = list((id) => ({ id, of: list((n) => ({ n }), 90) }), 100);
    await brings(JSON.stringify(many), many);
  });

  test("gives an element as soon as its comma has come", async () => {
    const { readable, writable } = jsonArray().decoder();
    const writer = writable.getWriter();
    const reader = readable.getReader();
    const texts = list(record).map((value) => JSON.stringify(value));
    for (
      const [part, count] of [[texts.slice(0, 300), 300], [
        texts.slice(300),
        300,
      ]] as const
    ) {
      const opening = part[0] === texts[0] ? "[" : "";
      writer.write(toBytes(`${opening}${part.join(",")},`)).catch(() => {});
      for (let i = 0; i < count; i++) {
        equal(JSON.stringify((await reader.read()).value), part[i]);
      }
    }
    await reader.cancel();
  });

  test("keeps to the limits", async () => {
    const deep = (levels: number): unknown =>
      JSON.parse('{"a":'.repeat(levels) + "1" + "}".repeat(levels));
    const values = list((id) => ({ id, deep: deep(id === 400 ? 8 : 2) }));
    for (const size of SIZES) {
      const options = { maxDepth: 8 };
      const bytes = toBytes(JSON.stringify(values));
      const error = await outcome(bytes, jsonArray(options).decoder(), size);
      ok(error instanceof LimitError);
      const at = bytes.length -
        toBytes(JSON.stringify(values.slice(400))).length;
      ok(error.offset! > at && error.offset! < at + 100, `${error.offset}`);
      const back = await outcome(
        bytes,
        jsonArray({ maxDepth: 9 }).decoder(),
        size,
      );
      deepEqual(back, values);
      const long = await outcome(
        toBytes(JSON.stringify([...values, { id: "x".repeat(500) }])),
        jsonArray({ maxValueBytes: 400 }).decoder(),
        size,
      );
      ok(long instanceof LimitError);
    }
  });

  test("gives what stands before a fault in the same chunk", async () => {
    const values = list(record);
    const text = `${JSON.stringify(values)} x`;
    const { readable, writable } = jsonArrayBatches().decoder();
    const writer = writable.getWriter();
    writer.write(toBytes(text.slice(0, 30_000))).catch(() => {});
    writer.write(toBytes(text.slice(30_000))).catch(() => {});
    const got: unknown[] = [];
    let error: unknown;
    try {
      for await (const batch of readable) got.push(...batch);
    } catch (reason) {
      error = reason;
    }
    ok(error instanceof FormatError);
    equal(error.offset, text.length - 1);
    deepEqual(got, values);
  });

  test("agrees with JSON.parse on damaged arrays", async () => {
    const random = randomBelow(11);
    const whole = toBytes(JSON.stringify(list(record, 900)));
    for (let round = 0; round < 120; round++) {
      const bytes = whole.slice();
      for (let i = 0; i <= random(2); i++) {
        bytes[random(bytes.length)] = '[]{},:"\\ 1x'.charCodeAt(random(11));
      }
      let expected: unknown;
      try {
        expected = JSON.parse(new TextDecoder().decode(bytes));
      } catch {
        expected = undefined;
      }
      const size = SIZES[round % SIZES.length]!;
      const actual = await outcome(bytes, jsonArray().decoder(), size);
      if (expected === undefined) {
        ok(actual instanceof FormatError, `${actual}`);
      } else deepEqual(actual, expected);
    }
  });
});
