import { describe, test } from "bun:test";
import { deepEqual, equal, fail } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  dumpRecord,
  openResult,
  serializer,
  type SerializerConfig,
  type SerializerOptions,
} from "../../streams/prefect/mod.ts";
import { hasPrefect, prefect } from "./_prefect.ts";

const SEED = "20";
const COUNT = "300";
/** With these nothing is lost on the way. */
const EXACT: SerializerOptions = {
  floats: "wrap",
  dicts: "map",
  datetimes: "python",
};

interface Made {
  readonly config: SerializerConfig;
  readonly blobs: readonly string[];
}

function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "prefect-"));
  return work(folder).finally(() => rmSync(folder, { recursive: true }));
}

function differenceOf(got: string, want: string): string {
  let at = 0;
  while (got[at] === want[at]) at++;
  const from = Math.max(0, at - 80);
  return `${got.slice(from, at + 80)} is not ${want.slice(from, at + 80)}`;
}

describe("the real Prefect", () => {
  test.skipIf(!hasPrefect)(
    `${COUNT} values through each serializer and library, there and back`,
    () =>
      inFolder(async (folder) => {
        const made = prefect<Record<string, Made>>("make", SEED, COUNT);
        const written: Record<string, string[]> = {};
        for (const [name, { config, blobs }] of Object.entries(made)) {
          const of = serializer(config, EXACT);
          deepEqual(of.toJSON(), config);
          written[name] = [];
          for (const blob of blobs) {
            const value = await of.loads(new TextEncoder().encode(blob));
            const again = new TextDecoder().decode(await of.dumps(value));
            if (name === "json" && again !== blob) {
              fail(differenceOf(again, blob));
            }
            written[name].push(again);
          }
        }
        const file = join(folder, "blobs.json");
        writeFileSync(file, JSON.stringify(written));
        const { passed, failed } = prefect<
          { passed: number; failed: string[] }
        >(
          "check",
          SEED,
          COUNT,
          file,
        );
        deepEqual(failed, []);
        equal(passed, Number(COUNT) * Object.keys(made).length);
      }),
  );

  test.skipIf(!hasPrefect)(
    "results of a flow are read, and what is written is loaded",
    () =>
      inFolder(async (folder) => {
        const names = prefect<string[]>("flow", folder);
        equal(names.length, 5);
        const result = { a: 1, t: [1, 2], f: 1.5, s: "é", big: 2n ** 70n };
        const records: string[] = [];
        for (const name of names) {
          const path = join(folder, "storage", name);
          const opened = await openResult(path, { serializer: "json" });
          deepEqual(await opened.value(), result);
          if (!name.startsWith("task-")) {
            equal(opened.format, "raw");
            continue;
          }
          equal(opened.format, "record");
          equal(opened.metadata.storage_key, path);
          const { serializer: of, metadata } = opened;
          const record = await dumpRecord(result, {
            serializer: of.toJSON(),
            storageKey: metadata.storage_key,
            prefectVersion: metadata.prefect_version!,
          });
          const text = new TextDecoder().decode(record);
          if (of.type === "json") equal(text, readFileSync(path, "utf8"));
          records.push(text);
        }
        const file = join(folder, "records.json");
        writeFileSync(file, JSON.stringify(records));
        deepEqual(prefect("records", file), [true, true, true, true]);
      }),
  );
});
