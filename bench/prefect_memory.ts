/** A gigabyte of records through `compressed/json` with gzip, into a file and out of it again, as a stream: the memory it takes. */
import { equal } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openResult, serializer } from "../streams/prefect/mod.ts";
import type { Bytes } from "../src/types.ts";
import { type Case, peakMemory } from "./_measure.ts";
import { record } from "./pickle.ts";

const BLOCK = 1_000;
const CONFIG = { type: "compressed/json", compressionlib: "gzip" };

/** The same thousand records again and again, but for their numbers. */
function rows(blocks: number): ReadableStream<unknown> {
  const block = Array.from({ length: BLOCK }, (_, id) => record(id));
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at === blocks * BLOCK) return controller.close();
      for (const row of block) controller.enqueue({ ...row, id: at++ });
    },
  }, { highWaterMark: 0 });
}

export const prefectMemory: Case = async ({ quick }) => {
  const size = quick ? 5e6 : 1e9;
  const text = JSON.stringify(
    Array.from({ length: BLOCK }, (_, i) => record(i)),
  );
  const blocks = Math.ceil(size / text.length);
  const folder = mkdtempSync(join(tmpdir(), "prefect-"));
  try {
    const file = join(folder, "result");
    const begun = performance.now();
    const handle = await open(file, "w");
    await rows(blocks)
      .pipeThrough(serializer(CONFIG).items().encoder())
      .pipeTo(
        new WritableStream<Bytes>({
          write: async (chunk) => void await handle.write(chunk),
          close: () => handle.close(),
        }),
      );
    const middle = performance.now();
    const result = await openResult(file, { serializer: CONFIG });
    let count = 0;
    const reader = result.items().getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      equal((value as { id: number }).id, count++);
    }
    equal(count, blocks * BLOCK);
    const seconds = (from: number, to: number) =>
      ((to - from) / 1000).toFixed(0);
    const end = performance.now();
    return [{
      name:
        "prefect, 1 GB as compressed/json with gzip, both ways: peak memory",
      value: peakMemory(),
      unit: "MB",
      atMost: 200,
      detail: `written in ${seconds(begun, middle)} s, read in ${
        seconds(middle, end)
      } s`,
    }];
  } finally {
    rmSync(folder, { recursive: true });
  }
};
