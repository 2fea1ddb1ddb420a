/** What this library writes for the golden vectors, read by the Pythons that are installed. */
import { afterAll, describe, test } from "bun:test";
import { deepEqual, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { versions } from "../dask/_cluster.ts";
import { written as writtenByDask } from "./_dask_write.ts";
import { written as pickled } from "./_write.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vectors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a script says at its end. */
interface Checked {
  readonly ok: number;
  readonly failures: readonly string[];
}

async function check(
  python: string,
  script: string,
  files: readonly string[],
): Promise<Checked> {
  const args = [join(here, "python", script), ...files];
  const { stdout } = await promisify(execFile)(python, args, {
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1)!);
}

/** Writes sets of Dask's vectors, once. */
let sets: string[] | undefined;
const daskSets = (): string[] =>
  sets ??= readdirSync(join(here, "dask")).map((name) => {
    const { vectors, failures } = writtenByDask(join(here, "dask", name));
    deepEqual(failures, []);
    return put(`dask-${name}.json`, { vectors });
  });

/** The golden files of pickles, each with what was written for it after it. */
let pairs: string[] | undefined;
const picklePairs = (): string[] =>
  pairs ??= readdirSync(join(here, "pickle")).flatMap((name) => {
    const golden = join(here, "pickle", name);
    const { values, failed } = pickled(
      JSON.parse(readFileSync(golden, "utf8")),
    );
    deepEqual(failed, []);
    return [golden, put(`pickles-${name}`, { values })];
  });

function put(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

for (const { name, python, isMissing } of versions) {
  describe(`written vectors, read beside Dask ${name}`, () => {
    test.skipIf(isMissing)("as messages and blobs of Dask", async () => {
      const checked = await check(python, "check_dask.py", daskSets());
      deepEqual(checked.failures, []);
      ok(checked.ok > 6000, `${checked.ok}`);
    });

    test.skipIf(isMissing)("as pickles", async () => {
      const checked = await check(python, "check_pickles.py", picklePairs());
      deepEqual(checked.failures, []);
      ok(checked.ok > 1500, `${checked.ok}`);
    });
  });
}
