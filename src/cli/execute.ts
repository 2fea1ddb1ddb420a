import process from "node:process";
import { type Message, text, type Usage } from "@optique/core";
import { describeError, EXIT, exitCodeOf, isBrokenPipe } from "./errors.ts";
import { removeTemporaries } from "./files.ts";
import { clearBar } from "./progress_bar.ts";

/** The help of each command tells its own. */
export const usage: Usage = [{ type: "argument", metavar: "COMMAND" }];

/** For the help. */
export const exitCodes: Message = [
  text(
    "Exit codes: 0 done, 1 input or output failed, 2 wrong usage, 3 damaged or wrong input, 4 unknown name, " +
      "5 over a limit, 130 interrupted.",
  ),
];

/** What the argument parser complains of, as one line of ours. */
export function complain(complaint: string): void {
  const line = complaint.replace(/^Error: /, "").replaceAll(/\s*\n\s*/g, " ");
  process.stderr.write(`brine: ${line.trim()}\n`);
}

/** Does the work and ends the process, whatever comes. */
export async function execute(work: () => Promise<void>): Promise<void> {
  endOn("SIGINT", EXIT.interrupted);
  endOn("SIGTERM", EXIT.terminated);
  try {
    await work();
    end(EXIT.ok);
  } catch (error) {
    if (isBrokenPipe(error)) end(EXIT.ok);
    clearBar();
    process.stderr.write(`${describeError(error)}\n`);
    end(exitCodeOf(error));
  }
}

function endOn(signal: "SIGINT" | "SIGTERM", code: number): void {
  process.on(signal, () => end(code));
}

function end(code: number): never {
  clearBar();
  removeTemporaries();
  process.exit(code);
}
