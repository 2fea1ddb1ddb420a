/**
 * How far streams inside values run ahead: `bun bench/flow.ts`, or `deno run -A bench/flow.ts`.
 *
 * Producer: a value with an endless async generator of 1 kB items is encoded; the reader takes one chunk and stands still
 * for 1.5 s. How many items were pulled by then, and how much memory grew. Consumer: 20 MB of such items, finished, are
 * decoded; whoever has the value takes one item and stands still. How much of the 20 MB was read by then.
 */
import process from "node:process";
import * as seroval from "seroval";
import * as turbo from "turbo-stream";
import { type Bytes, liveMessages } from "../mod.ts";

const STALL = 1_500;
const ITEMS = 20_000;
const item = (i: number): string => `${i}`.padEnd(1_000, ".");

type Value = { items: AsyncIterable<string> };
/** Text or bytes. */
type Chunk = string | Bytes;

/** Who streams values with iterations in them. */
interface Streamer {
  encode(value: Value): ReadableStream<Chunk>;
  /** The value, as soon as it is there. */
  decode(stream: ReadableStream<Chunk>): Promise<Value>;
}

const brine = (family: string): Streamer => ({
  encode: (value) =>
    ReadableStream.from([value]).pipeThrough(
      liveMessages<Value>({ family }).encoder(),
    ),
  async decode(stream) {
    const values = (stream as ReadableStream<Bytes>).pipeThrough(
      liveMessages<Value>({ family }).decoder(),
    );
    return (await values.getReader().read()).value!;
  },
});

const streamers: Readonly<Record<string, Streamer>> = {
  Brine: brine("json"),
  "Brine, msgpack": brine("msgpack"),
  // Lines of text, as its guide has it; it knows no backpressure by itself.
  seroval: {
    encode: (value) =>
      new ReadableStream({
        start(controller) {
          seroval.toCrossJSONStream(value, {
            refs: new Map(),
            onParse: (node) => controller.enqueue(JSON.stringify(node)),
            onDone: () => controller.close(),
            onError: (error) => controller.error(error),
          });
        },
      }),
    async decode(stream) {
      const reader = stream.getReader();
      const cross = seroval.createCrossDeserializer({ refs: new Map() });
      const { value } = await reader.read();
      const first = cross.deserialize(JSON.parse(value as string));
      const readOn = async () => {
        for (let next; !(next = await reader.read()).done;) {
          cross.deserialize(JSON.parse(next.value as string));
        }
      };
      readOn();
      return await first as Value;
    },
  },
  "turbo-stream": {
    encode: (value) => turbo.encode(value),
    decode: (stream) => turbo.decode(stream as ReadableStream<string>),
  },
};

function stall(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, STALL));
}

function memory(): number {
  return process.memoryUsage().rss / 2 ** 20;
}

/** A generator that never waits would stop the clock for those who read it without end. */
async function* endless(goesOn: () => boolean): AsyncGenerator<string> {
  for (let i = 0; goesOn(); i++) {
    if (i % 100 === 99) await new Promise((go) => setTimeout(go, 0));
    yield item(i);
  }
}

async function producer(streamer: Streamer): Promise<string> {
  let pulled = 0;
  let isOver = false;
  const items = endless(() => !isOver && ++pulled > 0);
  const before = memory();
  const reader = streamer.encode({ items }).getReader();
  await reader.read();
  await stall();
  const grown = memory() - before;
  const count = pulled;
  // Not cancelled: one of them fails where nobody can catch it.
  isOver = true;
  while (!(await reader.read()).done);
  return `${count} items, ${grown.toFixed(0)} MiB`;
}

async function* finished(): AsyncGenerator<string> {
  for (let i = 0; i < ITEMS; i++) yield item(i);
}

async function consumer(streamer: Streamer): Promise<string> {
  const chunks: Chunk[] = [];
  const reader = streamer.encode({ items: finished() }).getReader();
  for (let read; !(read = await reader.read()).done;) chunks.push(read.value);
  const total = chunks.reduce((sum, { length }) => sum + length, 0);
  let given = 0;
  let next = 0;
  const source = new ReadableStream<Chunk>({
    async pull(controller) {
      await new Promise((go) => setTimeout(go, 0));
      const chunk = chunks[next++];
      if (chunk === undefined) return controller.close();
      given += chunk.length;
      controller.enqueue(chunk);
    },
  }, { highWaterMark: 0 });
  const { items } = await streamer.decode(source);
  const first = await items[Symbol.asyncIterator]().next();
  if (first.value !== item(0)) throw new Error("The first item is another");
  // Until nothing has moved for a while.
  for (let seen = -1; seen !== given;) {
    seen = given;
    await stall();
  }
  const percent = (100 * given / total).toFixed(1);
  return `${(given / 1024).toFixed(0)} KiB, ${percent} %`;
}

console.log("| | producer pulled in 1.5 s | consumer read of 20 MB |");
console.log("| --- | --- | --- |");
for (const [name, streamer] of Object.entries(streamers)) {
  const cells = [name, await producer(streamer), await consumer(streamer)];
  console.log(`| ${cells.join(" | ")} |`);
}
process.exit(0);
