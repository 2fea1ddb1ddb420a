import { describe, test } from "bun:test";
import { deepEqual, equal, match } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { concat } from "../../src/bytes.ts";
import { dumps, PyDate, PyObject } from "../../src/pickle/mod.ts";
import { inDirectory, run, runtimes } from "./_run.ts";

const known = dumps({ at: new PyDate(2024, 1, 2), n: [1, 2] });
const unknown = dumps(new PyObject("os", "system", { args: ["ls"] }));

for (const runtime of runtimes) {
  describe(`cli pickle dis on ${runtime.name}`, () => {
    test("lists the instructions, and says what is named", async () => {
      const { code, stdout, stderr } = await run(runtime, [
        "pickle",
        "dis",
        "-",
      ], { stdin: known });
      deepEqual([code, stderr], [0, ""]);
      match(stdout, /^ {4}0: \\x80 PROTO {6}4\n/);
      match(stdout, /SETITEMS {3}\(MARK at \d+\)\n/);
      match(
        stdout,
        /\nhighest protocol among opcodes = 4\nverdict: known types\n {2}known {4}datetime\.date\n$/,
      );
    });

    test("fails for names that are not known, after all is shown", async () => {
      const { code, stdout, stderr } = await run(runtime, [
        "pickle",
        "dis",
        "--verdict",
        "-",
      ], { stdin: unknown });
      equal(code, 4);
      match(
        stdout,
        /^verdict: names that are not known\n {2}unknown {2}os\.system\n$/,
      );
      match(stderr, /Python would import it/);
    });

    test("convert reads pickles, and writes them", () =>
      inDirectory(async (folder) => {
        const [rows, back, text] = ["rows.ndjson", "back.pkl.gz", "text.json"]
          .map((name) => join(folder, name)) as [string, string, string];
        const stdin = concat([dumps([1, "é"]), dumps({ a: new Map() })]);
        const read = await run(runtime, ["convert", "-", rows], { stdin });
        deepEqual([read.code, read.stderr], [0, ""]);
        equal(await readFile(rows, "utf8"), '[1,"é"]\n{"a":{}}\n');
        equal((await run(runtime, ["convert", rows, back])).code, 0);
        const again = await run(runtime, [
          "convert",
          back,
          "-",
          "-t",
          "ndjson",
        ]);
        equal(again.stdout, await readFile(rows, "utf8"));
        // Dates are no JSON, unless whoever asks can do with text.
        const args = ["convert", "-", text];
        const refused = await run(runtime, args, { stdin: known });
        equal(refused.code, 3);
        match(refused.stderr, /at \$\.at/);
        const lossy = await run(runtime, [...args, "--lossy"], {
          stdin: known,
        });
        equal(lossy.code, 0);
        equal(await readFile(text, "utf8"), '{"at":"2024-01-02","n":[1,2]}');
      }));

    test("as JSON, of a pickle that is cut", async () => {
      const { code, stdout } = await run(runtime, [
        "pickle",
        "dis",
        "--json",
        "-",
      ], {
        stdin: unknown.subarray(0, -1),
      });
      equal(code, 3);
      const { kind, unknown: names, error } = JSON.parse(stdout);
      deepEqual([kind, names], ["broken", ["os.system"]]);
      match(error, /the pickle is cut/);
    });
  });
}
