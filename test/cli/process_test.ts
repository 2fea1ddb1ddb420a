import { describe, test } from "bun:test";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { barText } from "../../src/cli/progress_bar.ts";
import { formatBytes, formatDuration } from "../../src/cli/text.ts";
import {
  appearance,
  inDirectory,
  linesOf,
  outcomeOf,
  run,
  runtimes,
  start,
} from "./_run.ts";

const COMMANDS = [
  "encode",
  "decode",
  "convert",
  "inspect",
  "verify",
  "cat",
  "bench",
  "serve",
  "formats",
];

for (const runtime of runtimes) {
  describe(`cli on ${runtime.name}`, () => {
    test("exit codes, and one line that says why", () =>
      inDirectory(async (directory) => {
        const file = join(directory, "a.ndjson");
        const output = join(directory, "out.brine");
        await writeFile(file, linesOf(3));
        const cases: [number, RegExp, string[]][] = [
          [1, /Cannot open .*nowhere: no such file/, [
            "encode",
            "nowhere",
            output,
          ]],
          [1, /Cannot open .*: it is a directory/, [
            "encode",
            directory,
            output,
          ]],
          [1, /Cannot write .*: no such file/, [
            "encode",
            file,
            join(directory, "no", "x.brine"),
          ]],
          [1, /Cannot write .*: it is a directory/, [
            "encode",
            file,
            directory,
          ]],
          [2, /Did you mean `encode`/, ["encod", file, output]],
          [2, /--tp/, ["encode", file, output, "--tp", "brine"]],
          [2, /IN/, ["encode"]],
          [2, /integer/, ["cat", file, "--from", "x"]],
          [2, /levels are 1 to 22/, [
            "encode",
            file,
            output,
            "-c",
            "zstd",
            "-l",
            "99",
          ]],
          [2, /Cannot tell .*--to/, [
            "convert",
            file,
            join(directory, "x.what"),
          ]],
          [2, /path "x"/, [
            "encode",
            file,
            output,
            "--from",
            "json-array",
            "--path",
            "x",
          ]],
          [3, /it is ndjson, not brine/, ["decode", file]],
          [3, /does not begin as brine does/, [
            "decode",
            file,
            "--from",
            "brine",
          ]],
          [3, /Cannot decode json-array at byte \d+/, [
            "verify",
            file,
            "--from",
            "json-array",
          ]],
          [4, /format "yaml": known are brine, /, [
            "encode",
            file,
            output,
            "--to",
            "yaml",
          ]],
          [4, /format "yaml"/, ["encode", file, output, "--from", "yaml"]],
          [4, /codec "zip": known are /, [
            "encode",
            file,
            output,
            "--compress",
            "zip",
          ]],
          [4, /family "dusk": known are /, [
            "encode",
            file,
            output,
            "--family",
            "dusk",
          ]],
        ];
        for (const [wanted, reason, args] of cases) {
          const { code, stdout, stderr } = await run(runtime, args);
          deepEqual(
            [code, stdout],
            [wanted, ""],
            `${args.join(" ")}: ${stderr}`,
          );
          match(stderr, reason);
          match(stderr, /^brine: [^\n]+\n$/);
        }
        deepEqual(await readdir(directory), ["a.ndjson"]);
      }));

    test("5 over a limit, and BRINE_DEBUG shows where it comes from", async () => {
      const deep = `${"[".repeat(2_000)}${"]".repeat(2_000)}\n`;
      const args = ["encode", "-", "-", "--from", "ndjson"];
      const { code, stderr } = await run(runtime, args, { stdin: deep });
      equal(code, 5);
      match(stderr, /^brine: Cannot accept [^\n]+\n$/);
      const env = { BRINE_DEBUG: "1" };
      const debug = await run(runtime, args, { stdin: deep, env });
      equal(debug.code, 5);
      match(debug.stderr, /LimitError: .*\n +at /s);
    });

    test("help and version", async () => {
      const { version } = JSON.parse(await textOf("../../deno.json"));
      for (const args of [["--version"], ["-V"]]) {
        const { code, stdout } = await run(runtime, args);
        deepEqual([code, stdout], [0, `${version}\n`]);
      }
      const main = await run(runtime, []);
      equal(main.code, 0);
      for (const command of COMMANDS) {
        match(main.stdout, new RegExp(`^  ${command} +\\w`, "m"));
      }
      match(main.stdout, /Exit codes: 0 done, /);
      const encode = await run(runtime, ["encode", "--help"]);
      equal(encode.code, 0);
      match(encode.stdout, /Examples:\n {2}brine encode /);
    });

    test("completions", async () => {
      for (const shell of ["bash", "zsh", "fish", "pwsh"]) {
        const { code, stdout } = await run(runtime, ["completion", shell]);
        equal(code, 0);
        match(stdout, /brine/);
      }
      const command = await run(runtime, ["completion", "bash", "ver"]);
      match(command.stdout, /^verify$/m);
      const format = await run(runtime, [
        "completion",
        "bash",
        "convert",
        "--to",
        "json-",
      ]);
      match(format.stdout, /^json-seq$/m);
    });

    test("formats", async () => {
      const { stdout } = await run(runtime, ["formats", "--json"]);
      const { formats, codecs } = JSON.parse(stdout);
      ok(formats.some(({ name }: { name: string }) => name === "json-array"));
      ok(codecs.includes("zstd"));
      const table = await run(runtime, ["formats"]);
      match(table.stdout, /^ndjson +JSON +\.ndjson \.jsonl +/m);
    });

    test("colours only where they are wanted", async () => {
      const { FORCE_COLOR, NO_COLOR } = { FORCE_COLOR: "1", NO_COLOR: "1" };
      const plain = await run(runtime, ["formats"]);
      const forced = await run(runtime, ["formats"], { env: { FORCE_COLOR } });
      const none = await run(runtime, ["formats"], { env: { NO_COLOR } });
      const ci = await run(runtime, ["formats"], { env: { CI: "1" } });
      ok(forced.stdout.includes("\x1b[1mformat"));
      for (const { stdout } of [plain, none, ci]) ok(!stdout.includes("\x1b"));
    });

    test("bench", async () => {
      const { code, stdout } = await run(runtime, [
        "bench",
        "--seconds",
        "0",
        "--json",
      ]);
      equal(code, 0);
      const results: { name: string; encode: number; bytes: number }[] = JSON
        .parse(stdout);
      const names = results.map(({ name }) => name);
      for (const name of ["brine", "ndjson", "brine zstd"]) {
        ok(names.includes(name));
      }
      ok(results.every(({ encode, bytes }) => encode > 0 && bytes > 0));
    });

    test("a reader that has enough is no failure", () =>
      inDirectory(async (directory) => {
        const file = join(directory, "a.ndjson");
        await writeFile(file, linesOf(100_000));
        const child = start(runtime, ["convert", file, "-", "--to", "ndjson"]);
        const outcome = outcomeOf(child);
        child.stdout.once("data", () => child.stdout.destroy());
        const { code, stderr } = await outcome;
        deepEqual([code, stderr], [0, ""]);
      }));

    for (
      const [signal, wanted] of [["SIGINT", 130], ["SIGTERM", 143]] as const
    ) {
      test(`${signal} removes the temporary file`, () =>
        inDirectory(async (directory) => {
          const output = join(directory, "a.brine");
          const child = start(runtime, ["encode", "-", output]);
          const outcome = outcomeOf(child);
          child.stdin.write(linesOf(1_000));
          await appearance(directory, /^a\.brine\..*\.tmp$/);
          process.kill(child.pid!, signal);
          const { code, stderr } = await outcome;
          deepEqual([code, stderr], [wanted, ""]);
          deepEqual(await readdir(directory), []);
        }));
    }

    test("serve tells where it is, answers, and ends on Ctrl-C", async () => {
      const child = start(runtime, ["serve", "--port", "0"]);
      const outcome = outcomeOf(child);
      const url = await new Promise<string>((resolve) =>
        child.stdout.once("data", (chunk) => resolve(`${chunk}`.trim()))
      );
      match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      const converted = await fetch(
        `${url}/convert?from=ndjson&to=json-array`,
        {
          method: "POST",
          body: "1\n2\n",
        },
      );
      equal(await converted.text(), "[1,2]");
      // Not `child.kill`: after that, Deno tells no code.
      process.kill(child.pid!, "SIGINT");
      const { code, stderr } = await outcome;
      deepEqual([code, stderr], [0, ""]);
    });
  });
}

describe("cli texts", () => {
  test("bytes", () => {
    const cases: [number, string][] = [
      [0, "0 B"],
      [999, "999 B"],
      [1_000, "1.00 kB"],
      [15_432, "15.4 kB"],
      [999_600, "1.00 MB"],
      [123_456_789, "123 MB"],
      [4.2e9, "4.20 GB"],
    ];
    for (const [bytes, text] of cases) equal(formatBytes(bytes), text);
  });

  test("durations", () => {
    deepEqual([5, 65, 3_725].map(formatDuration), ["0:05", "1:05", "1:02:05"]);
  });

  test("the bar", () => {
    equal(
      barText(50_000_000, 100_000_000, 2),
      `▕${"█".repeat(10)}${" ".repeat(10)}▏ 50%  50.0 MB  25.0 MB/s  0:02 left`,
    );
    equal(barText(5_000, undefined, 1), "5.00 kB  5.00 kB/s");
  });
});

async function textOf(name: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  return await readFile(new URL(name, import.meta.url), "utf8");
}
