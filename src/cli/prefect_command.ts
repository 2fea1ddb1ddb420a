import {
  argument,
  command,
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
import { STDIO } from "./files.ts";
import { examples, nameOf } from "./options.ts";
import {
  convertResult,
  listResults,
  RESULT_FORMATS,
  showResult,
} from "./prefect.ts";

const input = argument(path({ metavar: "IN" }), {
  description: message`A file, a URL, or - for stdin.`,
});
const output = withDefault(
  argument(path({ metavar: "OUT" }), {
    description: message`A file, or - for stdout.`,
  }),
  STDIO,
);
const json = option("--json", { description: message`JSON, for programs.` });
const ofResult = optional(
  option("-s", "--serializer", string({ metavar: "TYPE" }), {
    description:
      message`What wrote a result that does not say: ${"json"}, ${"pickle"}, ${"compressed/json"} …`,
  }),
);

const metadata = optional(
  option("-m", "--metadata", path({ metavar: "FILE" }), {
    description: message`Its metadata, where they are in a file of their own.`,
  }),
);

/** The commands about results that Prefect has stored. */
export const prefectCommand: Parser<"sync", () => Promise<void>> = command(
  "prefect",
  or(
    command(
      "show",
      object({ input, serializer: ofResult, metadata, json }).map(
        (options) => () => showResult(options),
      ),
      {
        brief: message`What is noted down about a result, and the result`,
        ...examples(
          "brine prefect show ~/.prefect/storage/8eac057337444fc781278e3f0fa86617",
          "brine prefect show result --serializer json",
        ),
      },
    ),
    command(
      "convert",
      object({
        input,
        output,
        serializer: ofResult,
        metadata,
        to: optional(
          option("-t", "--to", nameOf("FORMAT", RESULT_FORMATS), {
            description: message`By default what OUT ends in, else JSON.`,
          }),
        ),
        items: option("--items", {
          description:
            message`The result is a list in JSON: take its items one by one.`,
        }),
      }).map((options) => () => convertResult(options)),
      {
        brief: message`A result as something that others read`,
        ...examples(
          "brine prefect convert result result.json",
          "brine prefect convert result rows.ndjson --items",
        ),
      },
    ),
    command(
      "ls",
      object({
        folder: argument(path({ metavar: "FOLDER" }), {
          description: message`Where the results are.`,
        }),
      }).map(({ folder }) => () => listResults(folder)),
      {
        brief: message`The results in a folder of storage`,
        ...examples("brine prefect ls ~/.prefect/storage"),
      },
    ),
  ),
  { brief: message`Shows and converts results that Prefect has stored` },
);
