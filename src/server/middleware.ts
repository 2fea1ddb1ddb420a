/**
 * Brine in Hono apps of one's own.
 *
 * @module
 */
import type { Context, MiddlewareHandler } from "hono";
import { type Format, formatOf } from "../../mod.ts";
import { answer } from "./_answer.ts";
import { batched, type ManyValues } from "./_batched.ts";
import { bodyOf } from "./_body.ts";
import { failureOf, statusOf } from "./_failure.ts";
import { type Limits, type ServerOptions, settingsOf } from "./options.ts";
import { contentTypeOf, fromOf, toOf } from "./_query.ts";
import { valuesOf } from "./_values.ts";

/** Options for {@linkcode brine}. */
export interface BrineOptions extends
  Pick<
    ServerOptions,
    "maxBodyBytes" | "maxDecodedBytes" | "format" | "onError"
  > {
  /** The name of the format for clients that take anything. @default {"brine"} */
  readonly otherwise?: string;
  /** Whether `application/json` holds an array of the values, or the only one. @default {"json-array"} */
  readonly json?: "json-array" | "json";
}

/** How {@linkcode Brine.respond} answers. */
export interface RespondOptions {
  /** The status. @default {200} */
  readonly status?: number;
  /** Headers besides those that tell the format. */
  readonly headers?: NonNullable<RequestInit["headers"]>;
  /** The name of a format, whatever the client accepts. @default what `Accept` says */
  readonly to?: string;
  /** The name of a codec: in `brine` and `lines` for each frame, in others for all of it. @default {none} */
  readonly compress?: string;
  /** Whether plain JSON may lose what it cannot hold. @default {false} */
  readonly lossy?: boolean;
}

/** What `c.var.brine` is. */
export interface Brine {
  /**
   * The values of the request, whatever format `Content-Type` says it is in.
   *
   * @typeParam T The type of the values; it is not checked.
   * @returns The values, as they come.
   */
  values<T = unknown>(): ReadableStream<T>;
  /**
   * Values as an answer, in the format that the client accepts.
   *
   * @param values Any number of them.
   * @param options Status and headers; or another format.
   * @returns The answer, once it has begun.
   */
  respond(values: ManyValues, options?: RespondOptions): Promise<Response>;
}

/** What {@linkcode brine} adds to a context: for `new Hono<BrineEnv>()`. */
export interface BrineEnv {
  /** Hono's word for it. */
  Variables: {
    /** The values of the request, and those of the answer. */
    brine: Brine;
  };
}

/**
 * Hono's own type. Of those behind it this package documents none.
 *
 * @internal
 */
type Middleware = MiddlewareHandler<BrineEnv>;

/**
 * Middleware: handlers behind it read the values of a request, and answer with values, by `c.var.brine`;
 * `c.req.brine()` and `c.brine(values)` are short for its `values` and `respond`, without types. Bodies may be of any format
 * and `Content-Encoding`, within the limits, and nothing is held whole. What is wrong with a request gets the status and the body
 * that {@linkcode createApp} gives it, unless the app's own `onError` answers otherwise. A failure when the answer has begun is its
 * last message.
 *
 * @param options Limits, and formats for those who do not say.
 * @returns The middleware.
 *
 * @example
 * ```ts
 * import { brine, type BrineEnv } from "@brine/brine/server";
 * import { Hono } from "hono";
 * import { equal } from "node:assert/strict";
 *
 * const app = new Hono<BrineEnv>();
 * app.use(brine({ maxBodyBytes: 1_000_000 }));
 * app.post("/double", (c) => {
 *   const double = new TransformStream<number, number>({
 *     transform: (n, controller) => controller.enqueue(2 * n),
 *   });
 *   return c.var.brine.respond(c.var.brine.values<number>().pipeThrough(double));
 * });
 *
 * const response = await app.request("/double", {
 *   method: "POST",
 *   body: "1\n2\n3\n",
 *   headers: { "content-type": "application/x-ndjson", accept: "application/json" },
 * });
 * equal(await response.text(), "[2,4,6]");
 * ```
 */
export function brine(options: BrineOptions = {}): Middleware {
  const { json = "json-array", otherwise, ...rest } = options;
  const limits = settingsOf(rest);
  const array = formatOf(json);
  return async (c, next) => {
    const own: Brine = {
      values: <T>() => valuesIn<T>(c, limits, array),
      respond: (values, options) =>
        respond(c, values, options, limits, array, otherwise),
    };
    c.set("brine", own);
    // The same by shorter names; an augmentation of Hono's types, which would tell of them, is nothing that JSR takes.
    Object.assign(c, { brine: own.respond });
    Object.assign(c.req, { brine: own.values });
    await next();
    // Nobody has made anything of it: then it is what it is in the server of this library.
    if (!c.error || c.res.status !== 500) return;
    const status = statusOf(c.error);
    if (status === 500) return;
    // With what other middleware has set, such as who may read it.
    c.res = c.json({ error: failureOf(c.error) }, status);
  };
}

function valuesIn<T>(
  c: Context,
  limits: Limits,
  array: Format,
): ReadableStream<T> {
  const { format, maxDecodedBytes } = limits;
  const isJson = contentTypeOf(c) === "application/json";
  const from = isJson ? array : fromOf(c, undefined);
  const batches = valuesOf(bodyOf(c, limits), from, format, maxDecodedBytes);
  return batches.pipeThrough(
    new TransformStream<readonly unknown[], T>({
      transform(batch, controller) {
        for (const value of batch) controller.enqueue(value as T);
      },
    }),
  );
}

function respond(
  c: Context,
  values: ManyValues,
  options: RespondOptions = {},
  limits: Limits,
  array: Format,
  otherwise: string | undefined,
): Promise<Response> {
  const { to: name, lossy = false, ...rest } = options;
  const found = toOf(c, name, otherwise);
  const isJson = name === undefined && found.name === "json";
  const to = isJson ? array : found;
  const format = { ...limits.format, lossy };
  return answer(c, batched(values), { ...rest, to, options: format }, limits);
}
