import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import {
  type Bytes,
  type Codec,
  codecOf,
  compress,
  type Format,
  type FormatOptions,
  type Message,
  pipe,
  reportErrors,
  serializeBatches,
  split,
  type Stage,
} from "../../mod.ts";
import { begun } from "./_begun.ts";
import { contentCodingOf } from "./_body.ts";
import { exchangeOf } from "./_exchange.ts";
import { failureOf, isUpstream, statusOf } from "./_failure.ts";
import type { Limits } from "./options.ts";
import { mediaTypeOf } from "./_query.ts";

type Values = ReadableStream<readonly unknown[]>;
type Tell = (error: unknown) => unknown;

/** How values are to be sent. */
export interface Answer {
  readonly to: Format;
  /** The name of a codec. */
  readonly compress?: string | undefined;
  readonly options: FormatOptions;
  readonly status?: number;
  readonly headers?: HeadersInit;
}

/** Batches of values as an answer in a format. An error at the beginning is thrown, for a status; later it is told as the format can. */
export async function answer(
  c: Context,
  values: Values,
  { to, compress, options, status = 200, headers }: Answer,
  limits: Pick<Limits, "onError">,
): Promise<Response> {
  const codec = compress === undefined ? undefined : codecOf(compress);
  const all = new Headers(headers);
  all.set("content-type", mediaTypeOf(to));
  all.append("vary", "accept");
  // Formats without frames are compressed as a whole, which HTTP has a header for.
  if (codec && !to.framing) {
    all.set("content-encoding", contentCodingOf(codec));
  }
  const framing = to.framing?.(options);
  const body = framing
    ? await inMessages(values, framing, options, codec, teller(c, limits))
    : await inBytes(values, to.batches(options), codec);
  // By the context, which adds what middleware has set.
  return c.body(
    body,
    status as ContentfulStatusCode,
    Object.fromEntries(all),
  );
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
function teller(c: Context, { onError }: Pick<Limits, "onError">): Tell {
  return (error) => {
    const exchange = exchangeOf(c);
    if (exchange) exchange.failure ??= error;
    const isOurs = statusOf(error) === 500;
    if (!c.req.raw.signal.aborted) {
      if (isOurs) onError(error);
      if (isUpstream(error)) onError(error.cause);
    }
    return isOurs ? failureOf(error).message : error;
  };
}
