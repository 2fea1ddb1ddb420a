import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import { codecs, type FormatOptions, formats } from "../../mod.ts";
import { contentCodings } from "./_body.ts";
import { convert } from "./_convert.ts";
import { type Failure, failureOf, statusOf } from "./_failure.ts";
import { inspect } from "./_inspect.ts";
import { verify } from "./_verify.ts";

/** Options for {@linkcode createApp}. */
export interface ServerOptions {
  /** Bytes that are accepted of one body, as they are sent. @default {1_073_741_824} */
  readonly maxBodyBytes?: number;
  /**
   * Bytes that a body may come to once it is decompressed: by its `Content-Encoding`, and again by the frames inside.
   *
   * @default {4_294_967_296}
   */
  readonly maxDecodedBytes?: number;
  /**
   * Options of all formats: registry, family, and limits. Of a message and of a frame the server accepts 64 MiB if nothing
   * else is said here.
   */
  readonly format?: FormatOptions;
  /** Origins whose pages may use the server, or `"*"`. @default {none} */
  readonly cors?: string | string[];
  /**
   * Told of every error that is not the client's, and of which the client therefore is told nothing.
   *
   * @default {console.error}
   */
  readonly onError?: (error: unknown) => void;
}

/**
 * Hono's own class. Of the types behind it this package documents none.
 *
 * @internal
 */
type App = Hono;

/** The same options, with nothing left open. */
export type Settings =
  & Required<Omit<ServerOptions, "cors">>
  & Pick<ServerOptions, "cors">;

/**
 * The server as a Hono app, which has no state: mount it in another, give its `fetch` to any runtime, or call it without a
 * port by `app.request()`.
 *
 * | route | query | answer |
 * | --- | --- | --- |
 * | `POST /convert` | `from`, `to`, `compress`, `path`, `lossy` | the body in the other format |
 * | `POST /inspect` | | a line of NDJSON for each message of a stream of Brine, and one with the totals or the error |
 * | `POST /verify` | `from`, `deep` | what was found, if there is nothing wrong |
 * | `GET /formats` | | all formats and codecs |
 * | `GET /health` | | `{"ok":true}` |
 *
 * Where `from` and `to` are absent, `Content-Type` and `Accept` say the same. A body may be compressed by its
 * `Content-Encoding`. An error is `{"error":{"name","message","stage","offset","path"}}` with status 400, 413, 415, 422 or 500.
 * If it comes when the answer has begun already, `brine` and `lines` carry it as their last message, so that the reader throws a
 * `RemoteError`; answers in other formats break off, and the connection with them.
 *
 * @param options Limits, and who may use it.
 * @returns The app.
 *
 * @example
 * ```ts
 * import { createApp } from "@brine/brine/server";
 * import { loads } from "@brine/brine";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const app = createApp({ maxBodyBytes: 1_000 });
 * const convert = (body: string) =>
 *   app.request("/convert?from=json&to=brine", { method: "POST", body });
 *
 * deepEqual(await loads(await (await convert('{"a":1}')).bytes()), { a: 1 });
 * equal((await convert('{"a":')).status, 400);
 * equal((await convert(`"${"a".repeat(1_000)}"`)).status, 413);
 * ```
 */
export function createApp(options: ServerOptions = {}): App {
  const settings = settingsOf(options);
  const app = new Hono();
  if (settings.cors !== undefined) app.use(cors({ origin: settings.cors }));
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) =>
      c.json(
        failure("MethodNotAllowedError", `Cannot ${c.req.method} this path`),
        405,
        { Allow: methods.join(", ") },
      ),
  }));
  app.post("/convert", (c) => convert(c, settings));
  app.post("/inspect", (c) => inspect(c, settings));
  app.post("/verify", (c) => verify(c, settings));
  app.get("/formats", describeFormats);
  app.get("/health", (c) => c.json({ ok: true }));
  app.notFound((c) =>
    c.json(failure("NotFoundError", "Cannot find this path"), 404)
  );
  app.onError((error, c) => {
    const status = statusOf(error);
    // When the client itself has gone, nobody is left to tell.
    if (status === 500 && !c.req.raw.signal.aborted) settings.onError(error);
    return c.json({ error: failureOf(error) }, status);
  });
  return app;
}

function settingsOf(options: ServerOptions): Settings {
  return {
    maxBodyBytes: 2 ** 30,
    maxDecodedBytes: 2 ** 32,
    onError: (error) => console.error(error),
    ...options,
    format: {
      maxMessageBytes: 2 ** 26,
      maxFrameBytes: 2 ** 26,
      ...options.format,
    },
  };
}

function failure(name: string, message: string): { error: Failure } {
  return { error: { name, message } };
}

function describeFormats(c: Context): Response {
  return c.json({
    formats: formats.map((
      { name, description, mediaTypes, extensions, typed },
    ) => ({ name, description, mediaTypes, extensions, typed })),
    codecs: codecs().map(({ name }) => name),
    contentEncodings: contentCodings(),
  });
}
