/** What the scripts that check vectors by hand have in common: their arguments, and what they say. */
import process from "node:process";
import { parseArgs } from "node:util";

/** One thing to check, by its name. */
interface Check {
  readonly name: string;
  run(): unknown;
}

/** What was written for Python to check, and put where that was asked for. */
interface Written {
  readonly count: number;
  /** What could not be written, and why. */
  readonly failures: readonly string[];
  /** What to say of it. */
  readonly text: string;
}

/**
 * Runs a script `vectors:… PATH [--write PATH]`: checks all that is there, and writes, if that is asked for.
 *
 * @param name The name of the script.
 * @param path What the paths are of: `FILE` or `FOLDER`.
 * @param checks Reads what is to be checked.
 * @param write Writes the same values anew.
 */
export async function main(
  name: string,
  path: "FILE" | "FOLDER",
  checks: (from: string) => Iterable<Check>,
  write: (from: string, to: string) => Written | Promise<Written>,
): Promise<void> {
  const { values, positionals: [from] } = parseArgs({
    args: process.argv.slice(2),
    options: { write: { type: "string" } },
    allowPositionals: true,
  });
  if (!from) {
    console.error(`Usage: ${name} ${path} [--write ${path}]`);
    process.exit(2);
  }
  let ok = 0;
  let failed = 0;
  const fail = (text: string) => {
    failed++;
    console.log(`FAILED ${text}`);
  };
  for (const check of checks(from)) {
    try {
      await check.run();
      ok++;
    } catch (error) {
      fail(`${check.name}: ${(error as Error).message}`);
    }
  }
  if (values.write) {
    const { count, failures, text } = await write(from, values.write);
    for (const failure of failures) fail(`write ${failure}`);
    ok += count;
    console.log(text);
  }
  console.log(`${ok} ok, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
