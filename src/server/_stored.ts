import type { Context, Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { FormatError, SerializeError, UnknownNameError } from "../../mod.ts";
import type { OpenedResult } from "../../streams/prefect/mod.ts";
import { answer } from "./_answer.ts";
import type { Settings } from "./options.ts";
import { queryOf, toOf } from "./_query.ts";
import { noQuery, prefectQuery } from "./_schemas.ts";
import { type Storage, storageAt } from "./_storage.ts";

const BYTES = "application/octet-stream";

/** `GET /files/:key`: what is stored, as it is. */
export function sendFile(place: string | URL): Handler {
  const storage = storageAt(place);
  return async (c) => {
    queryOf(c, noQuery);
    const { status, body, headers } = await found(c, storage);
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
      const options_ = { ...settings.format, lossy: query.lossy === "true" };
      return await answer(c, valuesOf(result, part), {
        to: toOf(c, query.to),
        compress: query.compress,
        options: options_,
      }, settings);
    } catch (error) {
      throw isOfStored(error) ? failed(error) : error;
    }
  };
}

/** The answer of the storage, if there is something to it. */
async function found(
  c: Context,
  storage: Storage,
  headers: Headers = c.req.raw.headers,
): Promise<Response> {
  const stored = await storage(c.req.param("key")!, headers);
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
  return result.items().pipeThrough(
    new TransformStream<unknown, readonly unknown[]>({
      transform: (value, controller) => controller.enqueue([value]),
    }),
  );
}

/** Nothing is wrong with such a request. */
function isOfStored(error: unknown): error is Error {
  return error instanceof FormatError || error instanceof UnknownNameError ||
    error instanceof SerializeError;
}

function failed(cause: Error): HTTPException {
  return new HTTPException(422, { message: cause.message, cause });
}
