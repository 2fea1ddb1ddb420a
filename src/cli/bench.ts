import { style } from "./style.ts";
import { type Bytes, codecOf, formatOf, formats, pipe } from "../../mod.ts";
import { writeOut } from "./files.ts";
import type { BatchStage } from "./formats.ts";
import { type LogRecord, recordAt } from "./records.ts";
import { type Column, formatBytes, formatRow, formatTitles } from "./text.ts";

/** What `bench` is told. */
export interface BenchOptions {
  /** How long all of it may take, about. */
  readonly seconds: number;
  readonly json: boolean;
}

interface Contender {
  readonly name: string;
  readonly stage: BatchStage;
}

/** What came of one of them; speeds in bytes of NDJSON a second. */
interface Result {
  readonly name: string;
  readonly bytes: number;
  readonly encode: number;
  readonly decode: number;
}

const RECORDS = 12_000;
const BATCH = 1_000;

const COLUMNS: readonly Column[] = [
  { title: "format", width: 14, align: "left" },
  { title: "size", width: 9 },
  { title: "encode MB/s", width: 11 },
  { title: "decode MB/s", width: 11 },
];

/** Measures formats and codecs in memory, and shows what was measured. */
export async function bench({ seconds, json }: BenchOptions): Promise<void> {
  const records = Array.from({ length: RECORDS }, (_, i) => recordAt(i));
  const batches: LogRecord[][] = [];
  for (let i = 0; i < RECORDS; i += BATCH) {
    batches.push(records.slice(i, i + BATCH));
  }
  const all = contenders();
  // Each once to warm up and to check, then both ways for its share of the time.
  const share = seconds * 1000 / all.length / 2 * 0.8;
  const plain = await size(formatOf("ndjson").batches(), batches);
  if (!json) {
    await writeOut(
      `${RECORDS} records, ${
        formatBytes(plain)
      } as ndjson, by which all speeds are counted\n\n` +
        `${style.bold(formatTitles(COLUMNS))}\n`,
    );
  }
  const results: Result[] = [];
  for (const contender of all) {
    const result = await measure(contender, batches, plain, share);
    results.push(result);
    if (!json) await writeOut(`${resultText(result)}\n`);
  }
  if (json) await writeOut(`${JSON.stringify(results, null, 2)}\n`);
}

function contenders(): readonly Contender[] {
  const plain = formats
    // These are for one value, or for none like these records.
    .filter(({ name }) => !["json", "npy", "npz"].includes(name))
    .map(({ name, batches }) => ({ name, stage: batches() }));
  const coded = ["gzip", "zstd"].flatMap((name) => [
    {
      name: `brine ${name}`,
      stage: formatOf("brine").batches({ codec: codecOf(name) }),
    },
    {
      name: `ndjson ${name}`,
      stage: pipe(formatOf("ndjson").batches(), codecOf(name)),
    },
  ]);
  return [...plain, ...coded];
}

async function measure(
  { name, stage }: Contender,
  batches: readonly LogRecord[][],
  plain: number,
  share: number,
): Promise<Result> {
  const chunks = await collect(stream(batches).pipeThrough(stage.encoder()));
  const decode = async () => {
    let count = 0;
    for await (const batch of stream(chunks).pipeThrough(stage.decoder())) {
      count += batch.length;
    }
    if (count !== RECORDS) throw new Error(`${name} gave ${count} records`);
  };
  await decode();
  return {
    name,
    bytes: sum(chunks),
    encode: plain / await best(() => size(stage, batches), share),
    decode: plain / await best(decode, share),
  };
}

/** The shortest time that some work took, in seconds, of as often as it goes. */
async function best(
  work: () => Promise<unknown>,
  milliseconds: number,
): Promise<number> {
  const end = performance.now() + milliseconds;
  let shortest = Infinity;
  let now = performance.now();
  do {
    await work();
    const then = now;
    now = performance.now();
    shortest = Math.min(shortest, now - then);
  } while (now < end);
  return shortest / 1000;
}

function resultText({ name, bytes, encode, decode }: Result): string {
  const speed = (bytesPerSecond: number) => (bytesPerSecond / 1e6).toFixed(0);
  return formatRow(COLUMNS, [
    name,
    formatBytes(bytes),
    speed(encode),
    speed(decode),
  ]);
}

async function size(
  stage: BatchStage,
  batches: readonly LogRecord[][],
): Promise<number> {
  return sum(await collect(stream(batches).pipeThrough(stage.encoder())));
}

function sum(chunks: readonly Bytes[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

function stream<T>(items: readonly T[]): ReadableStream<T> {
  let next = 0;
  return new ReadableStream<T>({
    pull(controller) {
      if (next < items.length) controller.enqueue(items[next++]!);
      else controller.close();
    },
  }, { highWaterMark: 0 });
}

async function collect<T>(readable: ReadableStream<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of readable) items.push(item);
  return items;
}
