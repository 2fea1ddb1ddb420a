import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { type Block, root } from "./_blocks.ts";

/** A command of a session, and what it is said to print. */
export interface Step {
  readonly command: string;
  readonly output: readonly string[];
}

/** The commands of a block: `$` and a command, with `>` and more of it, and then what it prints. */
export function stepsOf({ code }: Block): Step[] {
  const steps: { command: string; output: string[] }[] = [];
  for (const line of code.split("\n").slice(0, -1)) {
    const last = steps.at(-1);
    if (line.startsWith("$ ")) {
      steps.push({ command: line.slice(2), output: [] });
    } else if (!last) throw new Error(`no command before "${line}"`);
    else if (line.startsWith("> ") && last.output.length === 0) {
      last.command += `\n${line.slice(2)}`;
    } else last.output.push(line);
  }
  return steps;
}

/** A directory in which `brine`, and `bun` for programs, are the runtime that this runs on. */
export class Shell {
  readonly #directory: string = mkdtempSync(join(tmpdir(), "brine-docs-"));
  readonly #bin: string = mkdtempSync(join(tmpdir(), "brine-docs-bin-"));

  constructor() {
    const runtime = process.versions.deno
      ? `"${process.execPath}" run -A --quiet --config "${root}/deno.json"`
      : `"${process.execPath}"`;
    this.#command("brine", `${runtime} "${join(root, "cli.ts")}"`);
    // Programs are named from the project's root.
    this.#command("bun", `${runtime} "${root}$program"`, "shift");
  }

  #command(name: string, runs: string, after = ":"): void {
    const path = join(this.#bin, name);
    writeFileSync(
      path,
      `#!/bin/sh\nprogram="$1"\n${after}\nexec ${runs} "$@"\n`,
    );
    chmodSync(path, 0o755);
  }

  /** What each of the steps really prints, to stdout and stderr together. */
  async run(steps: readonly Step[]): Promise<string[][]> {
    // Another line between, in a way that leaves `$?` to the next.
    const mark = `--- ${crypto.randomUUID()}`;
    const script = steps.map(({ command }) =>
      `${command}\nstatus=$?; printf '\\n${mark}\\n'; (exit $status)`
    ).join("\n");
    const printed = await this.#sh(script);
    return printed.split(`\n${mark}\n`).slice(0, -1).map((text) => {
      const lines = text.split("\n");
      return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
    });
  }

  #sh(script: string): Promise<string> {
    const PATH = `${this.#bin}${delimiter}${process.env.PATH}`;
    const { FORCE_COLOR: _, ...env } = process.env;
    const child = spawn("sh", ["-c", `exec 2>&1\n${script}`], {
      cwd: this.#directory,
      env: { ...env, PATH, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const chunks: Uint8Array[] = [];
    child.stdout.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", () => {
        new Blob(chunks as BlobPart[]).text().then(resolve, reject);
      });
    });
  }

  /** Removes what is left. */
  close(): void {
    for (const directory of [this.#directory, this.#bin]) {
      if (existsSync(directory)) rmSync(directory, { recursive: true });
    }
  }
}

/**
 * Whether lines are what they are said to be. `…` alone in a line stands for any number of lines; with `approx`, numbers are
 * only looked at for being numbers, and blanks for being blanks.
 */
export function fits(
  said: readonly string[],
  printed: readonly string[],
  approx: boolean,
): boolean {
  const same = (line: string) =>
    approx
      ? line.replaceAll(/[\d.,]*\d(?: [kMGT]?B)?/g, "#").replaceAll(/ +/g, " ")
        .trim()
      : line.trimEnd();
  const gap = said.indexOf("…");
  const head = gap < 0 ? said : said.slice(0, gap);
  const tail = gap < 0 ? [] : said.slice(gap + 1);
  if (tail.includes("…")) throw new Error("two gaps in one output");
  if (gap < 0 ? printed.length !== said.length : printed.length < said.length) {
    return false;
  }
  const rest = printed.slice(printed.length - tail.length);
  return head.every((line, i) => same(line) === same(printed[i]!)) &&
    tail.every((line, i) => same(line) === same(rest[i]!));
}
