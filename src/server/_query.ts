import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { HTTPException } from "hono/http-exception";
import { type Format, formatOf, formats, UnknownNameError } from "../../mod.ts";

const MEDIA_TYPES = formats.flatMap(({ mediaTypes }) => mediaTypes);
/** What is answered if the client takes anything. */
const DEFAULT = "brine";

/** The format of the body: by `from`, or else by `Content-Type`. */
export function fromOf(c: Context): Format {
  const name = c.req.query("from");
  if (name !== undefined) return formatOf(name);
  const header = c.req.header("content-type") ?? "";
  return formatOfMediaType(header.split(";")[0]!.trim().toLowerCase());
}

/** The format of the answer: by `to`, or else by `Accept`. */
export function toOf(c: Context): Format {
  const name = c.req.query("to");
  if (name !== undefined) return formatOf(name);
  const header = c.req.header("accept") ?? "*/*";
  const type = accepts(c, {
    header: "Accept",
    supports: MEDIA_TYPES,
    default: "",
  });
  if (type === "" && /(^|,)\s*\*(\/\*)?\s*(;|,|$)/.test(header)) {
    return formatOf(DEFAULT);
  }
  return formatOfMediaType(type || header);
}

/** The media type to send. `json-array` has none of its own. */
export function mediaTypeOf({ mediaTypes }: Format): string {
  return mediaTypes[0] ?? "application/json";
}

/** A yes or no of the query. */
export function flagOf(c: Context, name: string): boolean {
  const text = c.req.query(name) ?? "false";
  if (text === "true" || text === "false") return text === "true";
  throw new HTTPException(400, {
    message: `Cannot read the query: ${name} is true or false`,
  });
}

function formatOfMediaType(type: string): Format {
  const format = formats.find(({ mediaTypes }) => mediaTypes.includes(type));
  if (format) return format;
  throw new UnknownNameError("a format of the media type", type, MEDIA_TYPES);
}

/**
 * Where the array is: in the body, if that is a `json-array`, or else in the answer.
 *
 * @returns What to add to the options of either.
 */
export function pathsOf(
  c: Context,
  from: Format,
  to: Format,
): [from: { path?: string }, to: { path?: string }] {
  const path = c.req.query("path");
  if (path === undefined) return [{}, {}];
  const format = [from, to].find(({ name }) => name === "json-array");
  if (!format) {
    throw new HTTPException(400, {
      message: "Cannot take a path: neither format is json-array",
    });
  }
  try {
    format.batches({ path });
  } catch (cause) {
    const { message } = cause as Error;
    throw new HTTPException(400, { message, cause });
  }
  return format === from ? [{ path }, {}] : [{}, { path }];
}
