/**
 * The command line: arguments to functions of `src/cli/`, which are the library's pipelines between files.
 *
 * ```sh
 * brine encode records.ndjson records.brine --compress zstd
 * brine inspect records.brine
 * brine decode records.brine - | head
 * ```
 *
 * @module
 */
import process from "node:process";
import {
  argument,
  command,
  float,
  integer,
  message,
  object,
  option,
  optional,
  or,
  string,
  withDefault,
} from "@optique/core";
import { path, run } from "@optique/run";
import { formats } from "./mod.ts";
import { bench } from "./src/cli/bench.ts";
import { cat } from "./src/cli/cat.ts";
import { convert, decode, encode } from "./src/cli/convert.ts";
import { daskCommand } from "./src/cli/dask_command.ts";
import { EXIT } from "./src/cli/errors.ts";
import { complain, execute, exitCodes, usage } from "./src/cli/execute.ts";
import { STDIO } from "./src/cli/files.ts";
import { compressions } from "./src/cli/compression.ts";
import { inspect } from "./src/cli/inspect.ts";
import { listFormats } from "./src/cli/list.ts";
import { examples, nameOf } from "./src/cli/options.ts";
import { prefectCommand } from "./src/cli/prefect_command.ts";
import { pickleCommands } from "./src/cli/pickle_commands.ts";
import { serveCommand } from "./src/cli/serve_command.ts";
import { verify } from "./src/cli/verify.ts";
import config from "./deno.json" with { type: "json" };

const format = nameOf("FORMAT", formats.map(({ name }) => name));
const input = argument(path({ metavar: "IN" }), {
  description: message`A file, a URL, or - for stdin.`,
});
const output = withDefault(
  argument(path({ metavar: "OUT" }), {
    description: message`A file, or - for stdout.`,
  }),
  STDIO,
);
const from = optional(option("-f", "--from", format, {
  description:
    message`The format of the input; by default as its name or its first bytes tell.`,
}));
const to = optional(option("-t", "--to", format, {
  description: message`The format of the output; by default as its name tells.`,
}));
const quiet = option("-q", "--quiet", {
  description:
    message`No progress bar, and nothing else that is not asked for.`,
});
const json = option("--json", { description: message`JSON, for programs.` });
const writing = {
  compress: optional(
    option("-c", "--compress", nameOf("CODEC", compressions()), {
      description:
        message`Compress with this: in brine and lines each frame, in others all. Or none.`,
    }),
  ),
  level: optional(option("-l", "--level", integer({ metavar: "LEVEL" }), {
    description: message`How hard to compress.`,
  })),
  family: optional(
    option("--family", nameOf("FAMILY", ["json", "msgpack"]), {
      description: message`How values are written inside brine and lines.`,
    }),
  ),
  path: optional(option("--path", string({ metavar: "PATH" }), {
    description:
      message`Where the array is in a JSON document, such as ${"$.items[*]"}.`,
  })),
  lossy: option("--lossy", {
    description: message`Let JSON lose what it cannot hold.`,
  }),
};
const converting = object({ input, output, from, to, ...writing, quiet });

const commands = or(
  command("encode", converting.map((options) => () => encode(options)), {
    brief: message`Any format to brine`,
    ...examples(
      "brine encode records.ndjson records.brine --compress zstd",
      "brine encode big.json big.brine --path '$.items[*]'",
      "curl -s https://example.com/log.ndjson.gz | brine encode - log.brine",
    ),
  }),
  command("decode", converting.map((options) => () => decode(options)), {
    brief: message`Brine to any format, NDJSON by default`,
    ...examples(
      "brine decode records.brine records.ndjson.gz",
      "brine decode records.brine | jq .id",
      "brine decode records.brine records.json --to json-array",
    ),
  }),
  command("convert", converting.map((options) => () => convert(options)), {
    brief: message`Any format to any other`,
    ...examples(
      "brine convert records.json records.msgpack --from json-array",
      "brine convert records.ndjson records.ndjson.zst",
      "brine convert - - --from ndjson --to json-seq",
    ),
  }),
  command(
    "inspect",
    object({
      input,
      from,
      json,
      all: option("-a", "--all", {
        description: message`Every message, not only the first and the last.`,
      }),
      quiet,
    }).map((options) => () => inspect(options)),
    {
      brief: message`Shows how a stream of brine, or a blob of Dask, is built`,
      ...examples(
        "brine inspect records.brine",
        "brine inspect array.dask",
        "brine inspect records.brine --json | jq .totals",
      ),
    },
  ),
  command(
    "verify",
    object({
      input,
      from,
      deep: option("--deep", {
        description: message`Decompress and read every value, too.`,
      }),
      quiet,
    }).map((options) => () => verify(options)),
    {
      brief: message`Checks the checksums, the end and the index`,
      ...examples(
        "brine verify records.brine",
        "brine verify --quiet --deep records.brine && echo well",
      ),
    },
  ),
  command(
    "cat",
    object({
      input,
      output,
      from: optional(option("-f", "--from", integer({ metavar: "N", min: 0 }), {
        description: message`The first value; values are counted from 0.`,
      })),
      to: optional(option("-t", "--to", integer({ metavar: "M", min: 0 }), {
        description: message`The value after the last.`,
      })),
      format: optional(option("--format", format, {
        description: message`The format of the output, NDJSON by default.`,
      })),
      ...writing,
    }).map((options) => () => cat(options)),
    {
      brief: message`Some of the values, without reading those before them`,
      ...examples(
        "brine cat records.brine --from 1000000 --to 1000010",
        "brine cat https://example.com/records.brine --from 5 --to 6",
      ),
    },
  ),
  command(
    "bench",
    object({
      seconds: withDefault(
        option("--seconds", float({ metavar: "SECONDS", min: 0 }), {
          description: message`How long it may take, about.`,
        }),
        10,
      ),
      json,
    }).map((options) => () => bench(options)),
    { brief: message`Measures formats and codecs on this machine` },
  ),
  serveCommand,
  pickleCommands,
  prefectCommand,
  daskCommand,
  command(
    "formats",
    object({ json }).map((options) => () => listFormats(options)),
    {
      brief: message`Lists the formats and codecs`,
    },
  ),
);

const args = process.argv.slice(2);
const work = run(commands, {
  programName: "brine",
  args: args.length > 0 ? args : ["--help"],
  brief: message`Streaming serialization: values as header and frames.`,
  help: "both",
  version: { value: config.version, option: { names: ["-V", "--version"] } },
  completion: "command",
  aboveError: "none",
  errorExitCode: EXIT.usage,
  showDefault: { prefix: "(default ", suffix: ")" },
  usageLine: usage,
  stderr: complain,
  footer: exitCodes,
});
await execute(work);
