import { describe, test } from "bun:test";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import {
  chmod,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { inDirectory, linesOf, run, runtimes } from "./_run.ts";

for (const runtime of runtimes) {
  describe(`cli convert on ${runtime.name}`, () => {
    test("encode and decode give the same lines, and leave nothing else behind", () =>
      inDirectory(async (directory) => {
        const [input, brine, output] = ["a.ndjson", "a.brine", "b.ndjson"].map(
          (name) => join(directory, name),
        ) as [string, string, string];
        const lines = linesOf(5_000);
        await writeFile(input, lines);
        for (const codec of ["zstd", "gzip", "xz", "bzip2", "lz4", "none"]) {
          const args = ["encode", input, brine, "--compress", codec];
          deepEqual(await quietly(args), "");
          const { size } = await stat(brine);
          equal(size < lines.length / 2, codec !== "none", codec);
          deepEqual(await quietly(["decode", brine, output]), "");
          equal(await readFile(output, "utf8"), lines);
        }
        deepEqual((await readdir(directory)).sort(), [
          "a.brine",
          "a.ndjson",
          "b.ndjson",
        ]);
      }));

    test("the same input gives the same output", () =>
      inDirectory(async (directory) => {
        const [input, one, two] = paths(
          directory,
          "a.ndjson",
          "1.brine",
          "2.brine",
        );
        await writeFile(input, linesOf(20_000));
        await quietly(["encode", input, one, "-c", "zstd"]);
        await quietly(["encode", input, two, "-c", "zstd"]);
        deepEqual(await readFile(one), await readFile(two));
      }));

    test("stdin to stdout, with the format found out", async () => {
      const lines = linesOf(3);
      const encoded = await run(runtime, ["encode", "-", "-"], {
        stdin: lines,
      });
      deepEqual([encoded.code, encoded.stderr], [0, ""]);
      const decoded = await run(runtime, ["decode", "-"], {
        stdin: encoded.bytes,
      });
      deepEqual([decoded.code, decoded.stdout, decoded.stderr], [0, lines, ""]);
      const inGzip = await run(runtime, ["encode", "-", "-"], {
        stdin: gzipSync(lines),
      });
      deepEqual(inGzip.bytes, encoded.bytes);
    });

    test("convert, by the names of files", () =>
      inDirectory(async (directory) => {
        const names = [
          "b.msgpack.gz",
          "c.brinel",
          "d.json-seq.zst",
          "e.brine.br",
          "f.ndjson",
        ];
        const lines = linesOf(100);
        let input = join(directory, "a.ndjson");
        await writeFile(input, lines);
        for (const name of names) {
          const output = join(directory, name);
          equal(await quietly(["convert", input, output]), "");
          input = output;
        }
        equal(await readFile(input, "utf8"), lines);
      }));

    test("json: one value; json-array: its elements; a path leads to them", () =>
      inDirectory(async (directory) => {
        const [input] = paths(directory, "a.json");
        await writeFile(input, '{"items":[{"id":1},{"id":2}],"total":2}');
        const to = ["-", "--to", "ndjson"];
        equal(
          await output(["convert", input, ...to]),
          '{"items":[{"id":1},{"id":2}],"total":2}\n',
        );
        equal(
          await output(["convert", input, ...to, "--path", "$.items[*]"]),
          '{"id":1}\n{"id":2}\n',
        );
        equal(
          await output(
            ["convert", "-", ...to, "--from", "json-array"],
            "[1, [2]]",
          ),
          "1\n[2]\n",
        );
        equal(
          await output([
            "convert",
            "-",
            "-",
            "--from",
            "ndjson",
            "--to",
            "json-array",
          ], "1\n2\n"),
          "[1,2]",
        );
      }));

    test("--compress goes around what is not brine, and --level is heeded", async () => {
      const args = ["convert", "-", "-", "--from", "ndjson", "--to", "ndjson"];
      const lines = linesOf(2_000);
      const sizes = [];
      for (const level of ["1", "9"]) {
        const { code, bytes } = await run(
          runtime,
          [...args, "--compress", "gzip", "--level", level],
          { stdin: lines },
        );
        equal(code, 0);
        equal(gunzipSync(bytes).toString(), lines);
        sizes.push(bytes.length);
      }
      ok(sizes[1]! < sizes[0]!);
    });

    test("what JSON cannot hold is refused, unless it may be lost", () =>
      inDirectory(async (directory) => {
        const [brine] = paths(directory, "a.brine");
        const { dumps } = await import("../../mod.ts");
        await writeFile(brine, await dumps({ at: new Date(0) }));
        const strict = await run(runtime, ["decode", brine]);
        equal(strict.code, 3);
        match(strict.stderr, /^brine: .*\$\[0\]\.at.*\n$/);
        equal(
          await output(["decode", brine, "--lossy"]),
          '{"at":"1970-01-01T00:00:00.000Z"}\n',
        );
      }));

    test("--family is written", async () => {
      const { bytes } = await run(
        runtime,
        ["encode", "-", "-", "--from", "ndjson", "--family", "msgpack"],
        { stdin: "[1]\n[2]\n" },
      );
      const { stdout } = await run(runtime, ["inspect", "-", "--json"], {
        stdin: bytes,
      });
      equal(JSON.parse(stdout).messages[0].family, "msgpack");
    });

    test("an output is replaced when it is complete, and keeps its mode; a link stays one", () =>
      inDirectory(async (directory) => {
        const [target, link] = paths(directory, "target.ndjson", "link.ndjson");
        await writeFile(target, "old");
        await chmod(target, 0o600);
        await symlink(target, link);
        const failed = await run(runtime, [
          "convert",
          "-",
          link,
          "--from",
          "ndjson",
        ], {
          stdin: '{"a":1}\n{"a"',
        });
        equal(failed.code, 3);
        equal(await readFile(target, "utf8"), "old");
        equal(
          await quietly(["convert", "-", link, "--from", "ndjson"], "1\n"),
          "",
        );
        equal(await readFile(target, "utf8"), "1\n");
        equal((await stat(target)).mode & 0o777, 0o600);
        deepEqual((await readdir(directory)).sort(), [
          "link.ndjson",
          "target.ndjson",
        ]);
      }));

    async function quietly(args: string[], stdin = ""): Promise<string> {
      const { code, stdout, stderr } = await run(runtime, args, { stdin });
      equal(code, 0, stderr);
      return stdout + stderr;
    }

    async function output(args: string[], stdin = ""): Promise<string> {
      const { code, stdout, stderr } = await run(runtime, args, { stdin });
      deepEqual([code, stderr], [0, ""]);
      return stdout;
    }
  });
}

function paths<const N extends readonly string[]>(
  directory: string,
  ...names: N
): { [K in keyof N]: string } {
  return names.map((name) => join(directory, name)) as {
    [K in keyof N]: string;
  };
}
