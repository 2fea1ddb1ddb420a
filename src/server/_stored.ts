import type { Context, Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { FormatError, SerializeError, UnknownNameError } from "../../mod.ts";
import { plainFor } from "../../streams/_plain_for.ts";
import type { OpenedResult } from "../../streams/prefect/mod.ts";
import { answer } from "./_answer.ts";
import type { Settings } from "./options.ts";
import { queryOf, toOf } from "./_query.ts";
import { noQuery, prefectQuery } from "./_schemas.ts";
import { signalOf } from "./_signal.ts";
import { type Storage, storageAt } from "./_storage.ts";

const BYTES = "application/octet-stream";

/** `GET /files/:key`: what is stored, as it is. */
export function sendFile(place: string | URL): Handler {
  const storage = storageAt(place);
  return async (c) => {
    queryOf(c, noQuery);
    const asked = new Headers(c.req.raw.headers);
    // RFC 9110 §14.2: a range is of GET.
    if (c.req.method === "HEAD") asked.delete("range");
    const { status, body, headers } = await found(c, storage, asked);
    if (!headers.has("content-type")) {
      headers.set("content-type", BYTES);
    }
    return c.newResponse(
      body,
      status as ContentfulStatusCode,
      Object.fromEntries(headers),
    );
  };
}

/** `GET /prefect/:key`: a result that Prefect stored, as a value in a format. */
export function sendResult(place: string | URL, settings: Settings): Handler {
  const storage = storageAt(place);
  return async (c) => {
    const { part = "value", ...query } = queryOf(c, prefectQuery);
    // Ranges are of bytes, and a result is none.
    const stored = await found(c, storage, new Headers());
    // Only who reads results needs what reads them.
    const { openResult } = await import("../../streams/prefect/result.ts");
    const { maxDecodedBytes } = settings;
    try {
      const options = { maxBytes: Math.min(maxDecodedBytes, 500_000_000) };
      const result = await openResult(stored, options);
      if (part === "metadata") {
        await result.cancel();
        const { metadata, format } = result;
        return c.json({ format, expired: result.isExpired(), metadata });
      }
      if (part === "blob") {
        return c.body(result.blob(), 200, { "content-type": BYTES });
      }
      const to = toOf(c, query.to);
      const lossy = query.lossy === "true";
      const values = valuesOf(result, part);
      return await answer(
        c,
        // What was pickled may be of any of Python's types.
        plainFor(values, to, lossy),
        {
          to,
          compress: query.compress,
          options: { ...settings.format, lossy },
        },
        settings,
      );
    } catch (error) {
      throw isOfStored(error) ? failed(error) : error;
    }
  };
}

/** The answer of the storage, if there is something to it. */
async function found(
  c: Context,
  storage: Storage,
  headers: Headers,
): Promise<Response> {
  const stored = await storage(c.req.param("key")!, headers, signalOf(c));
  if (stored.status !== 404) return stored;
  await stored.body?.cancel();
  throw new HTTPException(404, { message: "Cannot find this key" });
}

function valuesOf(
  result: OpenedResult,
  part: string,
): ReadableStream<readonly unknown[]> {
  if (part === "value") {
    return new ReadableStream({
      async pull(controller) {
        controller.enqueue([await result.value()]);
        controller.close();
      },
      cancel: (reason) => result.cancel(reason),
    }, { highWaterMark: 0 });
  }
  return itemsOf(result).pipeThrough(
    new TransformStream<unknown, readonly unknown[]>({
      transform: (value, controller) => controller.enqueue([value]),
    }),
  );
}

function itemsOf(result: OpenedResult): ReadableStream<unknown> {
  try {
    return result.items();
  } catch (error) {
    // What is no JSON has none.
    throw error instanceof TypeError ? failed(error) : error;
  }
}

/** Nothing is wrong with such a request. */
function isOfStored(error: unknown): error is Error {
  return error instanceof FormatError || error instanceof UnknownNameError ||
    error instanceof SerializeError;
}

function failed(cause: Error): HTTPException {
  return new HTTPException(422, { message: cause.message, cause });
}
