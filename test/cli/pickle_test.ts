import { describe, test } from "bun:test";
import { deepEqual, equal, match } from "node:assert/strict";
import { dumps, PyDate, PyObject } from "../../src/pickle/mod.ts";
import { run, runtimes } from "./_run.ts";

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
