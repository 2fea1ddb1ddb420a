import type { Context } from "hono";
import {
  type Bytes,
  type Codec,
  codecOf,
  compress,
  type FormatOptions,
  type Message,
  pipe,
  reportErrors,
  serializeBatches,
  split,
  type Stage,
} from "../../mod.ts";
import type { Settings } from "./app.ts";
import { begun } from "./_begun.ts";
import { bodyOf, contentCodingOf } from "./_body.ts";
import { failureOf, statusOf } from "./_failure.ts";
import { flagOf, fromOf, mediaTypeOf, pathsOf, toOf } from "./_query.ts";
import { valuesOf } from "./_values.ts";

type Values = ReadableStream<readonly unknown[]>;
type Tell = (error: unknown) => unknown;

/** `POST /convert`: the body in another format. */
export async function convert(
  c: Context,
  settings: Settings,
): Promise<Response> {
  const [from, to] = [fromOf(c), toOf(c)];
  const [decoding, encoding] = pathsOf(c, from, to);
  const options = { ...settings.format, lossy: flagOf(c, "lossy") };
  const name = c.req.query("compress");
  const codec = name === undefined ? undefined : codecOf(name);
  const headers: Record<string, string> = { "content-type": mediaTypeOf(to) };
  // Formats without frames are compressed as a whole, which HTTP has a header for.
  if (codec && !to.framing) {
    headers["content-encoding"] = contentCodingOf(codec);
  }

  const values = valuesOf(
    bodyOf(c, settings),
    from,
    { ...options, ...decoding },
    settings.maxDecodedBytes,
  );
  const framing = to.framing?.(options);
  const answer = framing
    ? await inMessages(values, framing, options, codec, tell(c, settings))
    : await inBytes(values, to.batches({ ...options, ...encoding }), codec);
  return c.body(answer, 200, headers);
}

/** A failure after the first message is the last message. It has to be one before the framing, which only then ends it. */
async function inMessages(
  values: Values,
  framing: Stage<Message, Bytes>,
  options: FormatOptions,
  codec: Codec | undefined,
  tell: Tell,
): Promise<ReadableStream<Bytes>> {
  const stages = pipe(
    serializeBatches(options),
    split(),
    compress(codec, options),
  );
  const messages = await begun(values.pipeThrough(stages.encoder()));
  return reportErrors(messages, tell).pipeThrough(framing.encoder());
}

/** A failure after the first byte breaks the answer off. */
async function inBytes(
  values: Values,
  stage: Stage<readonly unknown[], Bytes>,
  codec: Codec | undefined,
): Promise<ReadableStream<Bytes>> {
  const bytes = await begun(values.pipeThrough(stage.encoder()));
  return codec ? bytes.pipeThrough(codec.encoder()) : bytes;
}

/** What the reader is told of an error. */
function tell(c: Context, { onError }: Settings): Tell {
  return (error) => {
    const isOurs = statusOf(error) === 500;
    if (isOurs && !c.req.raw.signal.aborted) onError(error);
    return isOurs ? failureOf(error).message : error;
  };
}
