/** A client in a process of its own: posts what a line asks for, and tells how much came back. */
import { createInterface } from "node:readline";
import process from "node:process";
import { formatOf, frames, zstd } from "../mod.ts";
import type { Bytes } from "../src/types.ts";
import { chunks, lengthOf, streamOf, sum } from "./_data.ts";

/** What is to be posted, and where. */
export interface Errand {
  readonly url: string;
  readonly body: "ndjson" | "brine";
  readonly megabytes: number;
  /** What is counted of the answer: the values of its messages, or its bytes. */
  readonly count: "values" | "bytes";
}

/** How many values messages hold, as they say. */
export function valuesIn(bytes: ReadableStream<Bytes>): Promise<number> {
  const messages = bytes.pipeThrough(frames().decoder());
  return sum(messages, ({ header }) => header.values ?? 1);
}

/** Through a pipeline, with no server around it. */
export function toBrine(ndjson: readonly Bytes[]): ReadableStream<Bytes> {
  return streamOf(ndjson)
    .pipeThrough(formatOf("ndjson").batches().decoder())
    .pipeThrough(formatOf("brine").batches({ codec: zstd() }).encoder());
}

/** All chunks of a stream. */
export async function chunksOf(
  stream: ReadableStream<Bytes>,
): Promise<Bytes[]> {
  const all: Bytes[] = [];
  await sum(stream, (chunk) => all.push(chunk));
  return all;
}

/** `fetch` takes off the encoding of the answer. */
async function run(
  { url, count }: Errand,
  body: readonly Bytes[],
): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    body: streamOf(body),
    duplex: "half",
  } as RequestInit);
  if (!response.ok) throw new Error(await response.text());
  const answer = response.body as ReadableStream<Bytes>;
  return await (count === "values" ? valuesIn(answer) : sum(answer, lengthOf));
}

async function main(): Promise<void> {
  const bodies = new Map<string, readonly Bytes[]>();
  for await (const line of createInterface({ input: process.stdin })) {
    const errand = JSON.parse(line) as Errand;
    const { body, megabytes } = errand;
    if (!bodies.has(body)) {
      const ndjson = [...chunks(megabytes, false)];
      const bytes = body === "ndjson"
        ? ndjson
        : await chunksOf(toBrine(ndjson));
      bodies.set(body, bytes);
    }
    process.stdout.write(`${await run(errand, bodies.get(body)!)}\n`);
  }
  // Connections that are kept for more requests would keep the process.
  process.exit();
}

if (import.meta.main) await main();
