import type { Context } from "hono";
import type { Bytes, Format, Message } from "../../mod.ts";
import { lazyRegistry } from "../lazy_registry.ts";
import type { Settings } from "./options.ts";
import { bodyOf } from "./_body.ts";
import { fromOf, queryOf } from "./_query.ts";
import { verifyQuery } from "./_schemas.ts";
import { messagesOf, valuesOf } from "./_values.ts";

/** What was found. */
interface Found {
  messages?: number;
  values: number;
  bytes: number;
}

/**
 * `POST /verify`: reads all. Of formats with messages that is their checksums and their end; with `deep`, and of other
 * formats always, the values as well.
 */
export async function verify(
  c: Context,
  settings: Settings,
): Promise<Response> {
  const query = queryOf(c, verifyQuery);
  const from = fromOf(c, query.from);
  const deep = query.deep === "true";
  const found: Found = { values: 0, bytes: 0 };
  const bytes = bodyOf(c, settings).pipeThrough(
    counting<Bytes>(({ length }) => found.bytes += length),
  );
  await (from.framing
    ? verifyMessages(bytes, from, deep, found, settings)
    : verifyValues(bytes, from, found, settings));
  return c.json({ ok: true, ...found });
}

async function verifyMessages(
  bytes: ReadableStream<Bytes>,
  from: Format,
  deep: boolean,
  found: Found,
  { format, maxDecodedBytes }: Settings,
): Promise<void> {
  const framing = from.framing!(format);
  const { registry = lazyRegistry } = format;
  found.messages = 0;
  const messages = deep
    ? messagesOf(bytes, framing, format, maxDecodedBytes)
    : bytes.pipeThrough(framing.decoder());
  await messages.pipeTo(
    new WritableStream<Message>({
      async write(message) {
        found.messages!++;
        const { stream, values = 1 } = message.header;
        if (stream === undefined) found.values += values;
        // A stream that is whole, but tells of a failure, is not what it should be.
        const failed = message.header.serializer === "error";
        if (!deep && !failed) return;
        await registry.load(message);
        registry.deserializeBatch(message);
      },
    }),
  );
}

async function verifyValues(
  bytes: ReadableStream<Bytes>,
  from: Format,
  found: Found,
  { format, maxDecodedBytes }: Settings,
): Promise<void> {
  await valuesOf(bytes, from, format, maxDecodedBytes).pipeTo(
    new WritableStream({
      write: ({ length }) => {
        found.values += length;
      },
    }),
  );
}

function counting<T>(count: (chunk: T) => void): TransformStream<T, T> {
  return new TransformStream({
    transform(chunk, controller) {
      count(chunk);
      controller.enqueue(chunk);
    },
  });
}
