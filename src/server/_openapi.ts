import { toJsonSchema } from "@valibot/to-json-schema";
import { Hono } from "hono";
import {
  describeRoute,
  type DescribeRouteOptions,
  generateSpecs,
  loadVendor,
  validator,
} from "hono-openapi";
import * as v from "valibot";
import {
  bytes,
  known,
  MEDIA_TYPES,
  OF_BODIES,
  OF_DASK,
  OF_KEYS,
  OF_VALUES,
  route,
  type Schema,
  text,
  verified,
} from "./_openapi_route.ts";
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
    {
      ...route(
        "Whether the server answers",
        text(v.object({ ok: v.literal(true) }), "It does."),
        [],
      ),
      // Not even a token.
      security: [],
    },
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
        [...OF_KEYS, ...OF_VALUES],
      ),
    );
  }
  if (settings.files) {
    const { responses, ...file } = route(
      "What is stored, whole or by range",
      bytes(["application/octet-stream"], "The bytes."),
      OF_KEYS,
    );
    const of = (description: string) => ({ description });
    add("get", "/files/:key", noQuery, {
      ...file,
      responses: {
        ...responses,
        206: of("The bytes that `Range` asks for."),
        304: of("`If-None-Match` has the version that there is."),
        416: of("There are no such bytes; `Content-Range` says how many."),
      },
    });
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
        [...OF_DASK, ...OF_VALUES],
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
      // Wherever the app is mounted, this document is beside its routes.
      servers: [{ url: "." }],
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
