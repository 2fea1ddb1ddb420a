import { describe, test } from "bun:test";
import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { written } from "../vectors/_write.ts";

const FILE = new URL("../vectors/pickle/vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(FILE, "utf8"));

/** Values that are plain data: what is written for them has to be what CPython writes. */
const PLAIN =
  /^(none|true|false|int|float|str|bytes|bytearray|tuple|list|dict|set|frozenset|shared|recursive)\b/;

describe("golden vectors, written", () => {
  const { values, failed } = written(vectors);

  test("every value can be written in every protocol", () => {
    deepEqual(failed, []);
    equal(values.length, vectors.values.length);
  });

  test("plain data is the same bytes as CPython's", () => {
    let count = 0;
    for (const [i, { id, pickles }] of values.entries()) {
      if (!PLAIN.test(id)) continue;
      count++;
      deepEqual(pickles, vectors.values[i].pickles, id);
    }
    equal(count > 50, true);
  });
});
