import { type Context, Hono, type MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { codecs, formats } from "../../mod.ts";
import { contentCodings } from "./_body.ts";
import { convert } from "./_convert.ts";
import { Exchanges } from "./_exchange.ts";
import { type Failure, failureOf, isUpstream, statusOf } from "./_failure.ts";
import { prefixOf } from "./_place.ts";
import { type ServerOptions, type Settings, settingsOf } from "./options.ts";

/**
 * Hono's own class. Of the types behind it this package documents none.
 *
 * @internal
 */
type App = Hono;

/** Seconds after which to come again, when there are too many. */
const COME_AGAIN = "1";

/**
 * The server as a Hono app: mount it in another, give its `fetch` to any runtime, or call it without a port by `app.request()`.
 * Nothing is kept from one request to another, but what it counts.
 *
 * | route | query | answer |
 * | --- | --- | --- |
 * | `POST /convert` | `from`, `to`, `compress`, `path`, `lossy` | the body in the other format |
 * | `POST /inspect` | `from` | a line of NDJSON for each message of a stream of Brine, or each blob of Dask, and one with the totals or the error |
 * | `POST /verify` | `from`, `deep` | what was found, if there is nothing wrong |
 * | `GET /formats` | | all formats and codecs |
 * | `GET /prefect/:key` | `part`, `to`, `compress`, `lossy` | a result that Prefect stored; with the option `prefect` |
 * | `GET /dask`, `/dask/:name` | `part`, `to`, `compress`, `lossy` | what is published at a scheduler of Dask; with the option `dask` |
 * | `GET /files/:key` | | a file, whole or by range; with the option `files` |
 * | `GET /metrics` | | what was counted; with the option `metrics` |
 * | `GET /openapi.json`, `/docs` | | all this, for machines and as a page |
 * | `GET /health` | | `{"ok":true}` |
 *
 * Where `from` and `to` are absent, `Content-Type` and `Accept` say the same. A body may be compressed by its
 * `Content-Encoding`. An error is `{"error":{"name","message","stage","offset","path"}}` with status 400, 401, 404, 408, 413, 415,
 * 422, 500, 502, 503 or 504. If it comes when the answer has begun already, `brine` and `lines` carry it as their last message, so that the
 * reader throws a `RemoteError`; answers in other formats break off, and the connection with them.
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
  return appOf(settings, new Exchanges(settings));
}

/** The app, for who has to know when it is idle. */
export function appOf(settings: Settings, exchanges: Exchanges): App {
  const app = new Hono();
  app.use(requestId());
  app.use(exchanges.middleware);
  app.use(headers(settings));
  if (settings.cors !== undefined) {
    const origin = settings.cors;
    app.use(loaded(async () => {
      const { cors } = await import("hono/cors");
      const exposeHeaders = ["X-Request-Id", "Content-Range", "ETag"];
      return cors({ origin, exposeHeaders });
    }));
  }
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) =>
      c.json(
        failure("MethodNotAllowedError", `Cannot ${c.req.method} this path`),
        405,
        { Allow: methods.join(", ") },
      ),
  }));
  addRoutes(app, settings, exchanges);
  app.notFound(async (c) => {
    const page = c.req.method === "GET" || c.req.method === "HEAD"
      ? await settings.page?.(c.req.raw)
      : undefined;
    if (page && page.status !== 404) return page;
    return c.json(failure("NotFoundError", "Cannot find this path"), 404);
  });
  app.onError((error, c) => {
    // Of the middleware that asks for a token.
    if (error instanceof HTTPException && error.res) {
      const { body, status, headers } = error.getResponse();
      return c.newResponse(body, status as 401, Object.fromEntries(headers));
    }
    const status = statusOf(error);
    // When the client itself has gone, nobody is left to tell.
    if (!c.req.raw.signal.aborted) {
      if (status === 500) settings.onError(error);
      if (isUpstream(error)) settings.onError(error.cause);
    }
    if (status === 503) c.header("retry-after", COME_AGAIN);
    return c.json({ error: failureOf(error) }, status);
  });
  return app;
}

function addRoutes(app: App, settings: Settings, exchanges: Exchanges): void {
  const { token, docs = true, files, prefect, dask } = settings;
  const known: MiddlewareHandler = token === undefined
    ? (_c, next) => next()
    : loaded(async () => {
      const { bearerAuth } = await import("hono/bearer-auth");
      return bearerAuth({ token, ...REFUSALS });
    });
  const { guard } = exchanges;
  // What is wrong with them is told now, and not to who asks first.
  for (const place of [prefect, files]) if (place) prefixOf(place);
  app.post("/convert", known, guard, (c) => convert(c, settings));
  const inspecting = once(() => import("./_inspect.ts"));
  app.post("/inspect", known, guard, async (c) => {
    return (await inspecting()).inspect(c, settings);
  });
  const verifying = once(() => import("./_verify.ts"));
  app.post("/verify", known, guard, async (c) => {
    return (await verifying()).verify(c, settings);
  });
  app.get("/formats", known, describeFormats);
  app.get("/health", (c) => c.json({ ok: true }));
  if (settings.metrics) {
    app.get(
      "/metrics",
      known,
      (c) =>
        c.body(exchanges.metrics.text(exchanges.active), 200, {
          "content-type": "text/plain; version=0.0.4; charset=utf-8",
        }),
    );
  }
  if (prefect !== undefined) {
    const sending = once(async () => {
      return (await import("./_stored.ts")).sendResult(prefect, settings);
    });
    app.get("/prefect/:key", known, guard, async (c, next) => {
      return await (await sending())(c, next);
    });
  }
  if (files !== undefined) {
    const sending = once(async () => {
      return (await import("./_stored.ts")).sendFile(files);
    });
    app.get("/files/:key", known, guard, async (c, next) => {
      return await (await sending())(c, next);
    });
  }
  if (dask !== undefined) {
    const asking = once(async () => {
      return (await import("./_dask.ts")).datasets(dask, settings);
    });
    app.get("/dask", known, guard, async (c) => (await asking()).list(c));
    app.get("/dask/:name", known, guard, async (c) => (await asking()).send(c));
  }
  if (!docs) return;
  // Large, and seldom asked for.
  app.get("/openapi.json", async (c) => {
    const { openapi } = await import("./_openapi.ts");
    return c.json(await openapi(settings));
  });
  app.get("/docs", async (c) => {
    const { page } = await import("./_docs_page.ts");
    return await page(c, settings);
  });
}

/** What is asked for seldom is loaded when it is asked for first, so that workers start with less. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => loaded ??= load();
}

/** Middleware that is not always wanted. */
function loaded(load: () => Promise<MiddlewareHandler>): MiddlewareHandler {
  const loading = once(load);
  return async (c, next) => await (await loading())(c, next);
}

const unauthorized = (message: string) => ({
  message: failure("UnauthorizedError", message),
});
const REFUSALS = {
  noAuthenticationHeader: unauthorized("Cannot go on without a token"),
  invalidAuthenticationHeader: unauthorized(
    "Cannot read the header Authorization",
  ),
  invalidToken: unauthorized("Cannot accept this token"),
};

/** What browsers are told; of a page that says so itself, its own policy is left. */
function headers({ cors }: Settings): MiddlewareHandler {
  const secure = secureHeaders({
    // Whoever ends TLS knows of it.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: cors === undefined
      ? "same-origin"
      : "cross-origin",
  });
  return async (c, next) => {
    await secure(c, next);
    if (c.res.headers.has("content-security-policy")) return;
    c.res.headers.set(
      "content-security-policy",
      "default-src 'none'; frame-ancestors 'none'",
    );
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
