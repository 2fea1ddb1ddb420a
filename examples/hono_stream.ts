/**
 * A Hono endpoint that streams typed values as compressed brine, and a client that reads them as they come. What fails on
 * the server after the response has begun is thrown at the client.
 *
 * ```console
 * $ bun examples/hono_stream.ts
 * /readings/1000: 1000 readings, sum 999000
 * /readings/5000: the sensor is gone, after 5000 readings
 * ```
 */
import { Hono } from "hono";
import {
  type Bytes,
  compress,
  frames,
  messages,
  pipe,
  RemoteError,
  reportErrors,
  serialize,
  zstd,
} from "@brine/brine";

interface Reading {
  readonly at: Date;
  readonly values: Float32Array;
}

async function* readings(count: number): AsyncGenerator<Reading> {
  for (let i = 0; i < count; i++) {
    // A sensor would be asked here.
    await Promise.resolve();
    yield { at: new Date(1_000 * i), values: new Float32Array(8).fill(i) };
  }
  if (count > 1_000) throw new Error("the sensor is gone");
}

const app = new Hono().get("/readings/:count", (c) => {
  const source = ReadableStream.from(readings(Number(c.req.param("count"))));
  const toMessages = pipe(serialize<Reading>(), compress(zstd()));
  const body = reportErrors(source.pipeThrough(toMessages.encoder()))
    .pipeThrough(frames().encoder());
  return c.body(body, 200, { "content-type": "application/vnd.brine" });
});

async function read(path: string): Promise<void> {
  const { body } = await app.request(path);
  let [count, sum] = [0, 0];
  try {
    const stream = body as ReadableStream<Bytes>;
    const decoder = messages<Reading>().decoder();
    for await (const { at, values } of stream.pipeThrough(decoder)) {
      count++;
      sum += at.getTime() / 1_000 + values[0]!;
    }
    console.log(`${path}: ${count} readings, sum ${sum}`);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    console.log(`${path}: ${error.message}, after ${count} readings`);
  }
}

await read("/readings/1000");
await read("/readings/5000");
