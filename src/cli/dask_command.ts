import {
  argument,
  command,
  float,
  message,
  object,
  option,
  optional,
  or,
  type Parser,
  string,
  withDefault,
} from "@optique/core";
import { path } from "@optique/run";
import {
  getValue,
  listCluster,
  putValue,
  removeValue,
  VALUE_FORMATS,
} from "./dask.ts";
import { STDIO } from "./files.ts";
import { examples, nameOf } from "./options.ts";

const cluster = {
  address: argument(string({ metavar: "ADDRESS" }), {
    description:
      message`The scheduler: ${"tcp://127.0.0.1:8786"}, or tls, ws, wss.`,
  }),
  timeout: withDefault(
    option("--timeout", float({ metavar: "SECONDS", min: 0 }), {
      description: message`How long nothing may come before it is given up.`,
    }),
    30,
  ),
  ca: optional(option("--tls-ca", path({ metavar: "FILE" }), {
    description: message`The authority that is trusted, for tls.`,
  })),
  cert: optional(option("--tls-cert", path({ metavar: "FILE" }), {
    description: message`The certificate to show.`,
  })),
  certKey: optional(option("--tls-key", path({ metavar: "FILE" }), {
    description: message`The key of that certificate.`,
  })),
};
const key = argument(string({ metavar: "KEY" }), {
  description:
    message`The key, or the name of what is published; a tuple as in JSON.`,
});

/** The commands about clusters of Dask. */
export const daskCommand: Parser<"sync", () => Promise<void>> = command(
  "dask",
  or(
    command(
      "ls",
      object({
        ...cluster,
        json: option("--json", { description: message`JSON, for programs.` }),
      }).map((options) => () => listCluster(options)),
      {
        brief: message`The keys in a cluster, and what is published`,
        ...examples("brine dask ls tcp://127.0.0.1:8786"),
      },
    ),
    command(
      "get",
      object({
        ...cluster,
        key,
        output: withDefault(
          argument(path({ metavar: "OUT" }), {
            description: message`A file, or - for stdout.`,
          }),
          STDIO,
        ),
        to: optional(
          option("-t", "--to", nameOf("FORMAT", VALUE_FORMATS), {
            description: message`By default what OUT ends in, else JSON.`,
          }),
        ),
      }).map((options) => () => getValue(options)),
      {
        brief: message`The value of a key`,
        ...examples(
          "brine dask get tcp://127.0.0.1:8786 result",
          "brine dask get tcp://127.0.0.1:8786 array array.npy",
        ),
      },
    ),
    command(
      "put",
      object({
        ...cluster,
        input: argument(path({ metavar: "FILE" }), {
          description: message`A file, a URL, or - for stdin.`,
        }),
        key: optional(option("-k", "--key", string({ metavar: "KEY" }), {
          description: message`The key; by default the name of the file.`,
        })),
        from: optional(
          option("-f", "--from", nameOf("FORMAT", ["npy", "json", "ndjson"]), {
            description:
              message`The format, by default as its name or its first bytes tell.`,
          }),
        ),
      }).map((options) => () => putValue(options)),
      {
        brief: message`What is in a file, to a cluster`,
        ...examples(
          "brine dask put tcp://127.0.0.1:8786 array.npy",
          "brine dask put tcp://127.0.0.1:8786 rows.ndjson --key rows",
        ),
      },
    ),
    command(
      "rm",
      object({ ...cluster, key }).map((options) => () => removeValue(options)),
      { brief: message`Takes down what was put or published` },
    ),
  ),
  { brief: message`Reads and writes values in the memory of a Dask cluster` },
);
