/** NDJSON both ways, against the loop one would write by hand. */
import type { Bytes } from "../src/types.ts";
import { ndjson, ndjsonBatches } from "../streams/ndjson.ts";
import {
  batchesOf,
  chunks,
  idOf,
  idsOf,
  lengthOf,
  record,
  records,
  streamOf,
  sum,
} from "./_data.ts";
import { type Case, detailOf, race } from "./_measure.ts";

const CHUNK = 64 << 10;
const utf8 = new TextEncoder();

/** Decode, split, parse: no streams, no limits, and wrong bytes pass. */
function parseByHand(input: Iterable<Bytes>): number {
  const decoder = new TextDecoder();
  let total = 0;
  let rest = "";
  for (const chunk of input) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) total += idOf(JSON.parse(line));
  }
  return total;
}

/** Stringify, gather, encode: whatever JSON cannot spell is lost. */
function writeByHand(batches: Iterable<readonly unknown[]>): number {
  let bytes = 0;
  let text = "";
  for (const batch of batches) {
    for (const value of batch) {
      text += JSON.stringify(value) + "\n";
      if (text.length >= CHUNK) {
        bytes += utf8.encode(text).length;
        text = "";
      }
    }
  }
  return bytes + utf8.encode(text).length;
}

export const parseLines: Case = async ({ quick }) => {
  const input = [...chunks(quick ? 1 : 30, false)];
  const times = await race(quick ? 1 : 7, {
    "by hand": () => parseByHand(input),
    batches: () =>
      sum(streamOf(input).pipeThrough(ndjsonBatches().decoder()), idsOf),
    "one by one": () =>
      sum(streamOf(input).pipeThrough(ndjson().decoder()), idOf),
  });
  const base = times["by hand"];
  const detail = detailOf(times);
  return [
    {
      name: "NDJSON → values, batches: speed against decode, split, JSON.parse",
      value: base / times.batches,
      unit: "x",
      atLeast: 0.9,
      detail,
    },
    {
      name: "NDJSON → values, one by one",
      value: base / times["one by one"],
      unit: "x",
      atLeast: 0.9,
    },
  ];
};

export const writeLines: Case = async ({ quick }) => {
  const batches = batchesOf(records(quick ? 500 : 20_000, record));
  const times = await race(quick ? 1 : 11, {
    "by hand": () => writeByHand(batches),
    brine: () =>
      sum(streamOf(batches).pipeThrough(ndjsonBatches().encoder()), lengthOf),
  });
  return [{
    name: "values → NDJSON: speed against batched JSON.stringify, encode",
    value: times["by hand"] / times.brine,
    unit: "x",
    atLeast: 0.8,
    detail: detailOf(times),
  }];
};
