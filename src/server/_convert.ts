import type { Context } from "hono";
import { codecOf } from "../../mod.ts";
import { plainFor } from "../../streams/_plain_for.ts";
import { answer } from "./_answer.ts";
import { bodyOf, contentCodingOf } from "./_body.ts";
import type { Settings } from "./options.ts";
import { fromOf, pathsOf, queryOf, toOf } from "./_query.ts";
import { convertQuery } from "./_schemas.ts";
import { valuesOf } from "./_values.ts";

/** `POST /convert`: the body in another format. */
export async function convert(
  c: Context,
  settings: Settings,
): Promise<Response> {
  const query = queryOf(c, convertQuery);
  const { compress } = query;
  const [from, to] = [fromOf(c, query.from), toOf(c, query.to)];
  const [decoding, encoding] = pathsOf(query.path, from, to);
  const options = { ...settings.format, lossy: query.lossy === "true" };
  // What cannot be answered is refused before anything is read.
  if (compress !== undefined) {
    const codec = codecOf(compress);
    if (!to.framing) contentCodingOf(codec);
  }

  const values = valuesOf(
    bodyOf(c, settings),
    from,
    { ...options, ...decoding },
    settings.maxDecodedBytes,
  );
  const plain = from.python ? plainFor(values, to, options.lossy) : values;
  return await answer(
    c,
    plain,
    { to, compress, options: { ...options, ...encoding } },
    settings,
  );
}
