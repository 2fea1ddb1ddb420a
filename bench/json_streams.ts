/**
 * JSON in streams against the runtime's own JSON: `bun bench/json_streams.ts`, `deno run -A bench/json_streams.ts`.
 * A number sets the size of the largest document, in megabytes (200 unless told). Every result is checked before it is timed,
 * rivals run in turns in one process, and peak memory is taken in a process of its own for each case.
 */
import { equal } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Bytes } from "../src/types.ts";
import { jsonArrayBatches } from "../streams/json_array.ts";
import { jsonDocument } from "../streams/json_document.ts";
import { ndjson, ndjsonBatches } from "../streams/ndjson.ts";

const CHUNK = 64 << 10;
const WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split(
  " ",
);
const utf8 = new TextEncoder();

/** Records of about 350 bytes, deterministic. */
function record(id: number) {
  const pick = (n: number) => WORDS[(id * n + n) % WORDS.length]!;
  return {
    id,
    name: `${pick(3)} ${pick(7)}`,
    email: `${pick(7)}.${id}@example.com`,
    active: id % 3 === 0,
    score: (id * 7919 % 1e6) / 1000,
    tags: [pick(1), pick(9), pick(11)],
    address: {
      street: `${id % 100} Main "Street"`,
      city: pick(13),
      zip: String(10000 + id % 90000),
      geo: {
        lat: (id * 31 % 18000) / 100 - 90,
        lon: (id * 17 % 36000) / 100 - 180,
      },
    },
    history: [
      { at: "2026-01-02T03:04:05Z", note: pick(17) },
      { at: "2026-02-03T04:05:06Z", note: null },
    ],
  };
}

const BLOCK = 1_000;
const records = () => Array.from({ length: BLOCK }, (_, id) => record(id));

/** The same block of text again and again, in chunks that are cut anywhere. */
function* chunks(megabytes: number, array: boolean): Generator<Bytes> {
  const text = records().map((item) => JSON.stringify(item)).join(
    array ? "," : "\n",
  );
  const block = utf8.encode(text + (array ? "," : "\n"));
  const blocks = Math.ceil(megabytes * 1e6 / block.length);
  if (array) yield utf8.encode("[");
  for (let i = 0; i < blocks; i++) {
    const end = array && i === blocks - 1 ? block.length - 1 : block.length;
    for (let at = 0; at < end; at += CHUNK) {
      yield block.subarray(at, Math.min(at + CHUNK, end));
    }
  }
  if (array) yield utf8.encode("]");
}

function streamOf<T>(items: Iterable<T>): ReadableStream<T> {
  const iterator = items[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const next = iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  }, { highWaterMark: 0 });
}

async function sum<T>(
  stream: ReadableStream<T>,
  of: (chunk: T) => number,
): Promise<number> {
  const reader = stream.getReader();
  let total = 0;
  for (;;) {
    const next = await reader.read();
    if (next.done) return total;
    total += of(next.value);
  }
}

const idOf = (value: unknown) => (value as { id: number }).id;

function idsOf(values: readonly unknown[]): number {
  let total = 0;
  for (const value of values) total += idOf(value);
  return total;
}

/** Decode, split, parse: no streams, no limits, and wrong bytes pass. */
function bareLines(input: Iterable<Bytes>): number {
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

/** Stringify, gather, encode. */
function bareWrite(batches: Iterable<readonly unknown[]>): number {
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

function batchesOf(values: readonly unknown[], size = 180): unknown[][] {
  const batches: unknown[][] = [];
  for (let i = 0; i < values.length; i += size) {
    batches.push(values.slice(i, i + size));
  }
  return batches;
}

function joined(input: Iterable<Bytes>): Bytes {
  const parts = [...input];
  const whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function* cut(bytes: Bytes): Generator<Bytes> {
  for (let at = 0; at < bytes.length; at += CHUNK) {
    yield bytes.subarray(at, at + CHUNK);
  }
}

type Run = () => number | Promise<number>;

/** The best of a few runs of each, in turns; all must give the same. */
async function race(
  megabytes: number,
  rounds: number,
  runs: Record<string, Run>,
) {
  const best: Record<string, number> = {};
  let expected: number | undefined;
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const start = performance.now();
      equal(await run(), expected ??= await run(), name);
      const time = performance.now() - start;
      // The first round warms up (and the first run of all counts twice).
      if (round > 0) best[name] = Math.min(best[name] ?? Infinity, time);
    }
  }
  const base = Object.values(best)[0]!;
  for (const [name, time] of Object.entries(best)) {
    const rate = (megabytes / time * 1000).toFixed(0);
    console.log(
      `${name.padEnd(52)} ${rate.padStart(6)} MB/s  ${
        (base / time).toFixed(2)
      }`,
    );
  }
}

const lengthOf = (bytes: Bytes) => bytes.length;
const ndjsonValues = (input: Iterable<Bytes>) =>
  sum(streamOf(input).pipeThrough(ndjson().decoder()), idOf);
const ndjsonInBatches = (input: Iterable<Bytes>) =>
  sum(streamOf(input).pipeThrough(ndjsonBatches().decoder()), idsOf);
const elements = (input: Iterable<Bytes>) =>
  sum(streamOf(input).pipeThrough(jsonArrayBatches().decoder()), idsOf);
const lines = (batches: Iterable<readonly unknown[]>) =>
  sum(streamOf(batches).pipeThrough(ndjsonBatches().encoder()), lengthOf);
const text = (value: unknown) =>
  sum(streamOf([value]).pipeThrough(jsonDocument().encoder()), lengthOf);

/** Cases for their speed. */
const RACES: Record<string, (megabytes: number) => Promise<void>> = {
  async ndjson() {
    const input = [...chunks(30, false)];
    await race(input.reduce((n, chunk) => n + chunk.length, 0) / 1e6, 5, {
      "NDJSON to values: bare decode, split, parse": () => bareLines(input),
      "NDJSON to values: ndjsonBatches()": () => ndjsonInBatches(input),
      "NDJSON to values: ndjson()": () => ndjsonValues(input),
    });
  },
  async lines() {
    const values = Array.from({ length: 20_000 }, (_, id) => record(id));
    // As values are that have come from somewhere.
    const batches = batchesOf(JSON.parse(JSON.stringify(values)));
    await race(bareWrite(batches) / 1e6, 9, {
      "values to NDJSON: bare stringify, encode": () => bareWrite(batches),
      "values to NDJSON: ndjsonBatches()": () => lines(batches),
    });
  },
  async array(megabytes) {
    const whole = joined(chunks(megabytes, true));
    await race(whole.length / 1e6, 2, {
      "array to values: decode and JSON.parse of the whole": () =>
        idsOf(JSON.parse(new TextDecoder().decode(whole))),
      "array to values: jsonArrayBatches()": () => elements(cut(whole)),
    });
  },
  async document(megabytes) {
    const count = megabytes * 1e6 / 350 / 4;
    const value = Array.from({ length: count }, (_, id) => record(id));
    const bytes = utf8.encode(JSON.stringify(value)).length;
    await race(bytes / 1e6, 3, {
      "value to text: JSON.stringify of the whole, encode": () =>
        utf8.encode(JSON.stringify(value)).length,
      "value to text: jsonDocument()": () => text(value),
    });
  },
};

/** Cases for their memory; each says what it held before it began. */
const MEMORY: Record<string, (megabytes: number) => unknown> = {
  "nothing": () => {},
  "array to values": (megabytes) => elements(chunks(megabytes, true)),
  "NDJSON to values": (megabytes) => ndjsonInBatches(chunks(megabytes, false)),
  "values to NDJSON": (megabytes) => lines(generated(megabytes)),
  "endless value to text": (megabytes) =>
    text({ rows: streamOf(flat(generated(megabytes))) }),
};

function* generated(megabytes: number): Generator<unknown[]> {
  for (let id = 0; id < megabytes * 1e6 / 350; id += 180) {
    yield Array.from({ length: 180 }, (_, i) => record(id + i));
  }
}

function* flat<T>(batches: Iterable<T[]>): Generator<T> {
  for (const batch of batches) yield* batch;
}

/** What comes on top of a value that takes little itself: the same records again and again. */
async function documentMemory(megabytes: number): Promise<void> {
  const block = records();
  const value = Array.from(
    { length: megabytes * 1e6 / 350 },
    (_, i) => block[i % BLOCK],
  );
  const before = peak();
  const bytes = await text(value);
  console.log(
    `${"huge value to text, above the value".padEnd(52)} ${
      (peak() - before).toFixed(0).padStart(6)
    } MB    (${(bytes / 1e6).toFixed(0)} MB of text)`,
  );
}

/** Peak resident memory in MB. */
function peak(): number {
  const status = readFileSync("/proc/self/status", "utf8");
  return Number(/VmHWM:\s*(\d+)/.exec(status)![1]) / 1000;
}

function child(...args: string[]): string {
  const self = fileURLToPath(import.meta.url);
  const deno = "Deno" in globalThis ? ["run", "-A", "--no-check"] : [];
  const { stdout, stderr, status } = spawnSync(process.execPath, [
    ...deno,
    self,
    ...args,
  ], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

async function main([first = "200", kind, name]: string[]): Promise<void> {
  const megabytes = Number(first);
  if (kind === "race") return await RACES[name!]!(megabytes);
  if (kind === "memory") {
    await MEMORY[name!]!(megabytes);
    return console.log(peak());
  }
  if (kind === "document") return await documentMemory(megabytes);
  console.log("speed, and the ratio to the runtime's own");
  for (const race of Object.keys(RACES)) {
    process.stdout.write(child(first, "race", race));
  }
  console.log("peak memory above an empty process");
  const empty = Number(child(first, "memory", "nothing"));
  for (const name of Object.keys(MEMORY).slice(1)) {
    const above = Number(child(first, "memory", name)) - empty;
    console.log(`${name.padEnd(52)} ${above.toFixed(0).padStart(6)} MB`);
  }
  process.stdout.write(child(first, "document"));
}

await main(process.argv.slice(2));
