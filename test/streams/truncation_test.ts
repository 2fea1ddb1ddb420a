import { describe, test } from "bun:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import { FormatError, TruncatedError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { codedOf, contentOf, decodeRow, run } from "./_helpers.ts";
import { type Row, rows } from "./stages.ts";

/** Without a header, only the family sees the end of the text, and to it wrong text is wrong text. */
const UNFRAMED = ["serialize + bare"];

for (const row of rows.filter(({ far }) => far === "bytes")) {
  test(`${row.name}: every strict prefix is seen to be cut, or may be whole`, () =>
    everyPrefix(row));
}

async function everyPrefix(row: Row): Promise<void> {
  const coded = await codedOf(row);
  let cuts = 0;
  for (let length = 0; length < coded.length; length++) {
    const prefix = coded.subarray(0, length);
    const { items, error } = await decodeRow(row, prefix);
    const about = `cut after ${length} of ${coded.length}: ${error}`;
    isStart(row, items, about);
    if (row.mayEnd?.(prefix, coded[length]!)) {
      equal(error, undefined, about);
      continue;
    }
    cuts++;
    if (UNFRAMED.includes(row.name)) ok(error instanceof FormatError, about);
    else {
      ok(error instanceof TruncatedError, about);
      ok(row.stage.name.split("+").includes(error.stage), error.stage);
      ok(error.offset !== undefined && error.offset <= length, about);
    }
  }
  ok(row.passes || cuts > coded.length / 2, `${cuts} cuts`);
}

/** Whatever came is what was sent: all of it, or the beginning. */
function isStart({ near, items }: Row, came: unknown[], about: string) {
  const all = contentOf(near, items) as Bytes | unknown[];
  const start = contentOf(near, came) as Bytes | unknown[];
  deepEqual(start, all.slice(0, start.length), about);
}

describe("a fault", () => {
  const seeing = rows.filter(({ near, far, single }) =>
    far === "bytes" && near !== "bytes" && !single
  );
  for (const row of seeing) {
    test(`${row.name}: what stands before one comes first, however it is cut`, () =>
      beforeFault(row));
  }
});

/** The source fails after all of the stream but its end: nothing that was whole by then may be missing. */
async function beforeFault(row: Row): Promise<void> {
  const { near, stage } = row;
  const coded = await codedOf(row);
  const failure = new Error("the line went dead");
  const counts = new Set<number>();
  for (const size of [1, 7, 64, coded.length]) {
    const chunks = [];
    for (let i = 0; i < coded.length - 1; i += size) {
      chunks.push(coded.subarray(i, Math.min(i + size, coded.length - 1)));
    }
    const { items, error } = await run(chunks, stage.decoder(), failure);
    equal(error, failure);
    isStart(row, items, `in chunks of ${size}`);
    counts.add((contentOf(near, items) as unknown[]).length);
  }
  equal(counts.size, 1, `items before the fault: ${[...counts]}`);
}
