import { describe, test } from "bun:test";
import { deepEqual, equal, match } from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { loads } from "../../mod.ts";
import {
  dumpRecord,
  resultMetadata,
  serializer,
} from "../../streams/prefect/mod.ts";
import { inDirectory, run, runtimes } from "./_run.ts";

for (const runtime of runtimes) {
  describe(`cli prefect on ${runtime.name}`, () => {
    test("show tells what is noted down, and the value", async () => {
      const stdin = await dumpRecord({ at: new Date(0), n: 2n ** 70n }, {
        serializer: "compressed/json",
        storageKey: "k",
        expiration: "2020-01-01",
      });
      const { code, stdout } = await run(runtime, ["prefect", "show", "-"], {
        stdin,
      });
      equal(code, 0);
      match(stdout, /storage key +k\n/);
      match(stdout, /2020-01-01T00:00:00Z \(expired\)\n/);
      match(stdout, /serializer +compressed\/json \(lzma\)\n/);
      match(stdout, /"at": "1970-01-01T00:00:00Z"/);
    });

    test("convert writes JSON, and items one by one", () =>
      inDirectory(async (folder) => {
        const rows = [{ i: 1 }, { i: 2 }];
        const path = join(folder, "raw");
        await writeFile(path, await serializer("json").dumps(rows));
        const args = ["prefect", "convert", path, "-", "-s", "json"];
        const json = await run(runtime, args);
        deepEqual([json.code, JSON.parse(json.stdout)], [0, rows]);
        const out = join(folder, "out.ndjson");
        args.splice(3, 1, out);
        const { code } = await run(runtime, [...args, "--items"]);
        const text = await readFile(out, "utf8");
        deepEqual([code, text], [0, '{"i":1}\n{"i":2}\n']);
        const zipped = ["prefect", "convert", path, `${out}.gz`, "-s", "json"];
        equal((await run(runtime, zipped)).code, 0);
        equal(`${gunzipSync(await readFile(`${out}.gz`))}`, text);
        const unknown = await run(runtime, [...zipped, "--to", "yaml"]);
        equal(unknown.code, 4);
        match(unknown.stderr, /known are json, ndjson, brine/);
        const nameless = await run(runtime, args.slice(0, 4));
        equal(nameless.code, 3);
        match(nameless.stderr, /serializer that wrote it has to be named/);
      }));

    test("the metadata may be in a file of their own", () =>
      inDirectory(async (folder) => {
        const options = { serializer: "compressed/pickle", storageKey: "k" };
        const [meta, raw] = [join(folder, "meta"), join(folder, "raw")];
        const metadata = resultMetadata(options);
        await writeFile(meta, JSON.stringify(metadata));
        await writeFile(raw, await serializer(options.serializer).dumps([1]));
        const alone = await run(runtime, ["prefect", "show", meta]);
        equal(alone.code, 0);
        match(alone.stdout, /serializer +compressed\/pickle \(lzma\)\n/);
        const args = ["prefect", "show", raw, "-m", meta, "--json"];
        const { code, stdout } = await run(runtime, args);
        const shown = JSON.parse(stdout);
        deepEqual([code, shown.value, shown.metadata], [0, [1], metadata]);
      }));

    test("convert to brine keeps what JSON would lose", () =>
      inDirectory(async (folder) => {
        const value = {
          n: 2n ** 70n,
          f: [NaN, -0],
          b: Uint8Array.of(0, 255),
          s: new Set([1, "a"]),
          m: new Map([[1, new Date(5)]]),
        };
        const out = join(folder, "out.brine");
        const args = ["prefect", "convert", "-", out];
        const { code } = await run(runtime, args, {
          stdin: await dumpRecord(value),
        });
        equal(code, 0);
        const bytes = new Uint8Array(await readFile(out));
        deepEqual(await loads(bytes), value);
      }));

    test("ls tells of every file in a folder what it is", () =>
      inDirectory(async (folder) => {
        await mkdir(join(folder, "sub"));
        await writeFile(join(folder, "a"), await dumpRecord(1));
        await writeFile(join(folder, "sub", "b"), "[1]");
        await writeFile(join(folder, "c"), '{"metadata":{"serializer":1}}');
        const { code, stdout } = await run(runtime, ["prefect", "ls", folder]);
        equal(code, 0);
        match(stdout, /\na +\d+ B +record +pickle \(cloudpickle\) +3\.6\.28/);
        match(stdout, /\nc +\d+ B +damaged/);
        match(stdout, /\nsub.b +3 B +raw/);
      }));
  });
}
