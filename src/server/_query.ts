import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { HTTPException } from "hono/http-exception";
import * as v from "valibot";
import { type Format, formatOf, formats, UnknownNameError } from "../../mod.ts";

const MEDIA_TYPES = formats.flatMap(({ mediaTypes }) => mediaTypes);
/** What is answered if the client takes anything. */
const DEFAULT = "brine";

/** What a schema takes, and what it gives. */
type Schema<T> = v.GenericSchema<unknown, T>;

/** The query, checked. */
export function queryOf<T>(c: Context, schema: Schema<T>): T {
  const result = v.safeParse(schema, c.req.query());
  if (result.success) return result.output;
  const [issue] = result.issues;
  const name = v.getDotPath(issue) ?? "";
  // These are 415, with a list of those that there are.
  if (name === "from" || name === "to") formatOf(String(issue.input));
  const message = issue.expected === "never"
    ? `Cannot read the query: ${name} is not known`
    : `Cannot read the query: ${name} is ${
      issue.expected?.replaceAll(/["()]/g, "").replaceAll("|", "or")
    }`;
  throw new HTTPException(400, { message });
}

/** The format of the body: by its name, or else by `Content-Type`. */
export function fromOf(c: Context, name: string | undefined): Format {
  if (name !== undefined) return formatOf(name);
  return formatOfMediaType(contentTypeOf(c));
}

/** `Content-Type`, without parameters. */
export function contentTypeOf(c: Context): string {
  const header = c.req.header("content-type") ?? "";
  return header.split(";")[0]!.trim().toLowerCase();
}

/** The format of the answer: by its name, or else by `Accept`. */
export function toOf(
  c: Context,
  name: string | undefined,
  otherwise: string = DEFAULT,
): Format {
  if (name !== undefined) return formatOf(name);
  const header = c.req.header("accept");
  const any = formatOf(otherwise);
  if (!header) return any;
  const config = {
    header: "Accept",
    supports: MEDIA_TYPES,
    default: "",
  } as const;
  const named = accepts(c, config);
  if (named !== "") return formatOfMediaType(named);
  const type = mediaTypeOf(any);
  const supports = [type, ...MEDIA_TYPES];
  const left = accepts(c, { ...config, supports, match: notRefused });
  return left === type ? any : formatOfMediaType(left || header);
}

/** For those who take anything: the first that they do not refuse by `q=0`. */
function notRefused(
  accepted: readonly { readonly type: string; readonly q: number }[],
  { supports }: { readonly supports: readonly string[] },
): string {
  const takesAny = accepted.some(({ type, q }) =>
    q > 0 && /^\*(\/\*)?$/.test(type)
  );
  if (!takesAny) return "";
  const refused = accepted.filter(({ q }) => q === 0)
    .map(({ type }) => type.toLowerCase());
  return supports.find((type) => !refused.includes(type)) ?? "";
}

/** The media type to send. `json-array` has none of its own. */
export function mediaTypeOf({ mediaTypes }: Format): string {
  return mediaTypes[0] ?? "application/json";
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
  path: string | undefined,
  from: Format,
  to: Format,
): [from: { path?: string }, to: { path?: string }] {
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
