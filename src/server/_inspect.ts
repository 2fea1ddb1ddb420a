import type { Context } from "hono";
import {
  type Bytes,
  formatOf,
  type Message,
  type PackedMessage,
  PackedMessageStream,
} from "../../mod.ts";
import { DaskBlobStream } from "../../streams/dask/blobs.ts";
import type { Settings } from "./options.ts";
import { begun } from "./_begun.ts";
import { bodyOf } from "./_body.ts";
import { type Exchange, exchangeOf } from "./_exchange.ts";
import { failureOf } from "./_failure.ts";
import { contentTypeOf, queryOf } from "./_query.ts";
import { inspectQuery } from "./_schemas.ts";

const [DASK] = formatOf("dask").mediaTypes;

/** What the last line tells. */
interface Totals {
  messages: number;
  values: number;
  bytes: number;
}

/** `POST /inspect`: a line for each message, as it comes, and a last one. */
export async function inspect(
  c: Context,
  settings: Settings,
): Promise<Response> {
  const { from = "brine" } = queryOf(c, inspectQuery);
  const { format } = settings;
  const isDask = from === "dask" || contentTypeOf(c) === DASK;
  const packed = bodyOf(c, settings).pipeThrough(
    isDask ? new DaskBlobStream(format) : new PackedMessageStream(format),
  );
  const lines = report(await begun(packed), exchangeOf(c));
  return c.body(lines, 200, { "content-type": "application/x-ndjson" });
}

/** Lines of text; of a stream that fails, the last one is the error. */
function report(
  packed: ReadableStream<PackedMessage>,
  exchange: Exchange | undefined,
): ReadableStream<Bytes> {
  const reader = packed.getReader();
  const encoder = new TextEncoder();
  const total: Totals = { messages: 0, values: 0, bytes: 0 };
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const write = (line: object) =>
        controller.enqueue(encoder.encode(JSON.stringify(line) + "\n"));
      try {
        const { done, value } = await reader.read();
        if (!done) return write(add(total, value));
        write({ total });
      } catch (error) {
        if (exchange) exchange.failure = error;
        write({ error: failureOf(error), total });
      }
      controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

/** Counts a message in. */
function add(
  total: Totals,
  { message, offset, byteLength }: PackedMessage,
): object {
  const { header } = message;
  const place = { offset, byteLength };
  total.bytes += byteLength;
  if (Object.hasOwn(header, "brine")) return { ...place, start: header.brine };
  if (Object.hasOwn(header, "end")) {
    const { messages, values } = header;
    return { ...place, end: { messages, values } };
  }
  // Collections of Dask have none.
  const family = header.serializer ?? header["type-serialized"];
  const { values = 1 } = header;
  total.messages++;
  total.values += values;
  return { ...place, family, values, frames: framesOf(message) };
}

function framesOf({ header: { compression }, frames }: Message): object[] {
  return frames.map(({ length }, i) => ({
    codec: compression?.[i] || null,
    byteLength: length,
  }));
}
