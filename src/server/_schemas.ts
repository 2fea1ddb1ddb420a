/** What may be asked: each schema checks a query, and `_openapi.ts` documents it. */
import * as v from "valibot";
import { formats } from "../../mod.ts";

const format = v.picklist(formats.map(({ name }) => name));
const flag = v.picklist(["true", "false"]);

function said<
  S extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>,
>(schema: S, description: string) {
  return v.optional(v.pipe(schema, v.description(description)));
}

const to = said(
  format,
  "The format of the answer; without it, `Accept` says.",
);
const compress = said(
  v.string(),
  "A codec: in `brine` and `lines` for each frame; in other formats for all of it, with `Content-Encoding`.",
);
const lossy = said(flag, "Lets JSON lose what it cannot hold.");
const from = said(
  format,
  "The format of the body; without it, `Content-Type` says.",
);

type Query<Name extends string> = {
  readonly [name in Name]?: string | undefined;
};
/** A schema, by what it gives. */
type Schema<Name extends string> = v.GenericSchema<unknown, Query<Name>>;

/** Of `POST /convert`. */
export const convertQuery: Schema<
  "from" | "to" | "compress" | "path" | "lossy"
> = v.strictObject({
  from,
  to,
  compress,
  path: said(
    v.string(),
    "Where the array is: in the body, if that is `json-array`, or else in the answer.",
  ),
  lossy,
});

/** Of `POST /inspect`. */
export const inspectQuery: Schema<"from"> = v.strictObject({
  from: said(
    v.picklist(["brine", "dask"]),
    "What is looked at; without it, `Content-Type` says `dask`, or it is `brine`.",
  ),
});

/** Of `POST /verify`. */
export const verifyQuery: Schema<"from" | "deep"> = v.strictObject({
  from,
  deep: said(flag, "Reads the values, too."),
});

/** Of `GET /prefect/:key`. */
export const prefectQuery: Schema<"part" | "to" | "compress" | "lossy"> = v
  .strictObject({
    part: said(
      v.picklist(["value", "items", "blob", "metadata"]),
      "The value; the items of a list in JSON, in bounded memory; what the serializer wrote; or what Prefect notes down about it.",
    ),
    to,
    compress,
    lossy,
  });

/** Of `GET /dask/:name`. */
export const daskQuery: Schema<"part" | "to" | "compress" | "lossy"> = v
  .strictObject({
    part: said(
      v.picklist(["keys", "value"]),
      "The values of its keys, one by one; or the value beside them.",
    ),
    to,
    compress,
    lossy,
  });

/** Of those that take none. */
export const noQuery: Schema<never> = v.strictObject({});
