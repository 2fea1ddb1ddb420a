import {
  argument,
  command,
  message,
  object,
  option,
  type Parser,
} from "@optique/core";
import { path } from "@optique/run";
import { examples } from "./options.ts";
import { disassemblePickle } from "./pickle.ts";

/** `brine pickle …` */
export const pickleCommands: Parser<"sync", () => Promise<void>, unknown> =
  command(
    "pickle",
    command(
      "dis",
      object({
        input: argument(path({ metavar: "IN" }), {
          description: message`A file, a URL, or - for stdin.`,
        }),
        json: option("--json", {
          description: message`The verdict alone, as JSON, for programs.`,
        }),
        verdict: option("--verdict", {
          description: message`The verdict alone.`,
        }),
      }).map((options) => () => disassemblePickle(options)),
      {
        brief: message`Lists the instructions of a pickle, and what it names`,
        ...examples(
          "brine pickle dis model.pkl",
          "brine pickle dis --json model.pkl | jq .unknown",
        ),
      },
    ),
    { brief: message`Looks into Python pickles without running them` },
  );
