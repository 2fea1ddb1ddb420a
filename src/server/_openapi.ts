import { toJsonSchema } from "@valibot/to-json-schema";
import { Hono } from "hono";
import {
  describeRoute,
  type DescribeRouteOptions,
  generateSpecs,
  loadVendor,
  resolver,
  validator,
} from "hono-openapi";
import * as v from "valibot";
import { formats } from "../../mod.ts";
import {
  convertQuery,
  daskQuery,
  inspectQuery,
  noQuery,
  prefectQuery,
  verifyQuery,
} from "./_schemas.ts";
import type { Settings } from "./options.ts";

// Named here, so that no runtime has to look for it.
loadVendor("valibot", {
  toJSONSchema: (schema, options) => toJsonSchema(schema as never, options),
});

type Schema = v.GenericSchema;

const failure = v.object({
  error: v.object({
    name: v.pipe(v.string(), v.description("What kind of error it is.")),
    message: v.string(),
    stage: v.optional(v.string()),
    offset: v.optional(
      v.pipe(v.number(), v.description("Bytes from the start of the body.")),
    ),
    path: v.optional(v.string()),
  }),
});
const verified = v.object({
  ok: v.literal(true),
  messages: v.optional(v.number()),
  values: v.number(),
  bytes: v.number(),
});
const known = v.object({
  formats: v.array(v.object({
    name: v.string(),
    description: v.string(),
    mediaTypes: v.array(v.string()),
    extensions: v.array(v.string()),
    typed: v.boolean(),
  })),
  codecs: v.array(v.string()),
  contentEncodings: v.array(v.string()),
});

const MEDIA_TYPES = [
  ...formats.flatMap(({ mediaTypes }) => mediaTypes),
];
const BYTES = ["application/octet-stream"];

/** What may go wrong, by status. */
const FAILURES: Readonly<Record<number, string>> = {
  400: "The body is damaged or cut, or the query is wrong.",
  401: "A token is wanted.",
  404: "There is no such key.",
  408: "It took too long.",
  413: "Over a limit.",
  415:
    "A format, codec or coding that is not known; the message lists those that are.",
  422: "The format cannot hold the value; or what is stored is damaged.",
  502: "Where it is kept cannot be reached, or does not give it.",
  503: "Too many requests at once.",
  504: "Where it is kept does not answer in time.",
};
const OF_BODIES = [400, 401, 408, 413, 415, 422, 503];
const OF_KEYS = [400, 401, 404, 422, 502, 503];
const OF_DASK = [400, 401, 502, 503, 504];

function text(schema: Schema, description: string) {
  const content = { "application/json": { schema: resolver(schema) } };
  return { description, content };
}

function bytes(types: readonly string[], description: string) {
  const content = Object.fromEntries(types.map((type) => [type, {}]));
  return { description, content };
}

function route(
  summary: string,
  ok: ReturnType<typeof bytes> | ReturnType<typeof text>,
  failures: readonly number[],
  body?: readonly string[],
): DescribeRouteOptions {
  const bad = failures.map((
    status,
  ) => [status, text(failure, FAILURES[status]!)]);
  return {
    summary,
    responses: { 200: ok, ...Object.fromEntries(bad) },
    ...body && { requestBody: { ...bytes(body, "Streamed."), required: true } },
  };
}

/** The document of an app: its routes again, with nothing behind them. */
export async function openapi(settings: Settings): Promise<object> {
  const app = new Hono();
  const add = (
    method: "get" | "post",
    path: string,
    query: Schema,
    spec: DescribeRouteOptions,
  ) =>
    app[method](
      path,
      describeRoute(spec),
      validator("query", query),
      (c) => c.body(null),
    );

  add(
    "post",
    "/convert",
    convertQuery,
    route(
      "The body in another format",
      bytes(
        MEDIA_TYPES,
        "Streamed. A failure under way is the last message of `brine` and `lines`; other formats break off.",
      ),
      OF_BODIES,
      MEDIA_TYPES,
    ),
  );
  add(
    "post",
    "/inspect",
    inspectQuery,
    route(
      "A line for each message",
      bytes(
        ["application/x-ndjson"],
        "A line for each message as it comes, and one with the totals.",
      ),
      OF_BODIES,
      ["application/vnd.brine", "application/vnd.dask"],
    ),
  );
  add(
    "post",
    "/verify",
    verifyQuery,
    route(
      "Whether anything is wrong with the body",
      text(verified, "Nothing is."),
      OF_BODIES,
      MEDIA_TYPES,
    ),
  );
  add(
    "get",
    "/formats",
    noQuery,
    route("All formats and codecs", text(known, "All of them."), [401]),
  );
  add(
    "get",
    "/health",
    noQuery,
    route(
      "Whether the server answers",
      text(v.object({ ok: v.literal(true) }), "It does."),
      [],
    ),
  );
  if (settings.metrics) {
    add(
      "get",
      "/metrics",
      noQuery,
      route(
        "What was counted",
        bytes(["text/plain"], "As Prometheus reads it."),
        [401],
      ),
    );
  }
  if (settings.prefect) {
    add(
      "get",
      "/prefect/:key",
      prefectQuery,
      route(
        "A result that Prefect stored",
        bytes(MEDIA_TYPES, "The value."),
        OF_KEYS,
      ),
    );
  }
  if (settings.files) {
    add(
      "get",
      "/files/:key",
      noQuery,
      route(
        "What is stored, whole or by range",
        bytes(BYTES, "The bytes."),
        OF_KEYS,
      ),
    );
  }
  if (settings.dask) {
    const names = text(v.array(v.string()), "Their names.");
    add("get", "/dask", noQuery, route("What is published", names, OF_DASK));
    add(
      "get",
      "/dask/:name",
      daskQuery,
      route(
        "What is published at a scheduler of Dask",
        bytes(MEDIA_TYPES, "The values."),
        [...OF_DASK, 404, 422],
      ),
    );
  }
  return await generateSpecs(app, {
    documentation: {
      info: {
        title: "Brine",
        version: "1",
        description:
          "Streaming serialization: converts, inspects and verifies.",
      },
      ...settings.token !== undefined && {
        components: {
          securitySchemes: { token: { type: "http", scheme: "bearer" } },
        },
        security: [{ token: [] }],
      },
    },
    defaultValidationErrorResponse: false,
  });
}
