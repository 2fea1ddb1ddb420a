import {
  command,
  integer,
  message,
  multiple,
  object,
  option,
  optional,
  type Parser,
  string,
  withDefault,
} from "@optique/core";
import { path } from "@optique/run";
import { examples } from "./options.ts";

const count = (metavar: "BYTES" | "SECONDS" | "COUNT") =>
  integer({ type: "number", metavar, min: 1 });
const place = path({ metavar: "PLACE" });

/** `brine serve`. */
export const serveCommand: Parser<"sync", () => Promise<void>> = command(
  "serve",
  object({
    host: withDefault(
      option("--host", string({ metavar: "HOST" })),
      "127.0.0.1",
    ),
    port: withDefault(
      option("--port", integer({ metavar: "PORT", min: 0, max: 65_535 }), {
        description: message`0 takes one that is free.`,
      }),
      8080,
    ),
    cors: multiple(
      option("--cors", string({ metavar: "ORIGIN" }), {
        description: message`Lets pages of this origin use it; ${"*"} is all.`,
      }),
    ),
    maxBodyBytes: optional(
      option("--max-body", count("BYTES"), {
        description: message`Of one body, as sent. One GiB by default.`,
      }),
    ),
    maxDecodedBytes: optional(
      option("--max-decoded", count("BYTES"), {
        description: message`Of one body, decompressed. Four GiB by default.`,
      }),
    ),
    maxSeconds: optional(
      option("--max-seconds", count("SECONDS"), {
        description: message`To the last byte of an answer.`,
      }),
    ),
    maxConcurrent: optional(
      option("--max-concurrent", count("COUNT"), {
        description: message`Requests at once.`,
      }),
    ),
    prefect: optional(
      option("--prefect", place, {
        description:
          message`A folder, or a prefix of URLs, where Prefect stores results.`,
      }),
    ),
    files: optional(
      option("--files", place, {
        description: message`A folder, or a prefix of URLs, to send files of.`,
      }),
    ),
    dask: optional(
      option("--dask", string({ metavar: "ADDRESS" }), {
        description:
          message`A scheduler of Dask, whose datasets to send: ${"tcp://127.0.0.1:8786"}.`,
      }),
    ),
    metrics: option("--metrics", {
      description: message`Counts, for Prometheus: ${"GET /metrics"}.`,
    }),
    log: option("--log", {
      description: message`A line of JSON for each request, on stderr.`,
    }),
    grace: withDefault(
      option("--grace", integer({ metavar: "SECONDS", min: 0 }), {
        description:
          message`How long requests may go on when it is told to end.`,
      }),
      10,
    ),
  }).map((options) => async () => {
    // Nothing else here needs a server.
    const { serve } = await import("./serve.ts");
    await serve(options);
  }),
  {
    brief:
      message`Does the same over HTTP, with a page that shows what is in a file`,
    description:
      message`With ${"BRINE_TOKEN"} in the environment, only who sends that token may use it.`,
    ...examples(
      "brine serve --port 8080",
      "BRINE_TOKEN=secret brine serve --host 0.0.0.0 --log --metrics --max-concurrent 50",
      "curl --data-binary @a.ndjson 'http://127.0.0.1:8080/convert?from=ndjson&to=brine'",
    ),
  },
);
