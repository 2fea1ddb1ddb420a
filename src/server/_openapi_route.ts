import type { DescribeRouteOptions } from "hono-openapi";
import { resolver } from "hono-openapi";
import * as v from "valibot";
import { formats } from "../../mod.ts";

/** What is sent or taken. */
export type Schema = v.GenericSchema;

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
/** What `POST /verify` tells. */
export const verified: Schema = v.object({
  ok: v.literal(true),
  messages: v.optional(v.number()),
  values: v.number(),
  bytes: v.number(),
});
/** What `GET /formats` tells. */
export const known: Schema = v.object({
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

/** Of all formats. */
export const MEDIA_TYPES: readonly string[] = formats.flatMap((
  { mediaTypes },
) => mediaTypes);

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
/** Of routes that read a body. */
export const OF_BODIES: readonly number[] = [400, 401, 408, 413, 415, 422, 503];
/** Of routes that read what is kept elsewhere. */
export const OF_KEYS: readonly number[] = [400, 401, 404, 408, 502, 503];
/** Of routes that ask Dask. */
export const OF_DASK: readonly number[] = [400, 401, 408, 502, 503, 504];
/** Of routes that answer with values of what is kept elsewhere. */
export const OF_VALUES: readonly number[] = [404, 413, 415, 422];

type Answer = NonNullable<DescribeRouteOptions["responses"]>[string];

/** An answer in JSON. */
export function text(schema: Schema, description: string): Answer {
  const content = { "application/json": { schema: resolver(schema) } };
  return { description, content };
}

/** An answer that is streamed. */
export function bytes(
  types: readonly string[],
  description: string,
): { description: string; content: Record<string, object> } {
  const content = Object.fromEntries(types.map((type) => [type, {}]));
  return { description, content };
}

/** A route, with its answers. */
export function route(
  summary: string,
  ok: Answer,
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
