/** How far ahead of its reader the server reads: docs/server.md says this. */
import { ok } from "node:assert/strict";
import { describe, test } from "bun:test";
import { formats } from "../../mod.ts";
import { createApp } from "../../src/server/mod.ts";
import { type Counted, counted, pause, post, utf8 } from "./_helpers.ts";

const AHEAD = 1.5 * 2 ** 20;
const READ = 2e6;

/** 64 KiB of lines that do not get much longer nor shorter in any format. */
const LINES = utf8(
  Array.from(
    { length: 1_000 },
    (_, i) =>
      `{"name":"station ${i * 7919 % 1_000}","note":"salt and water, ${i}"}\n`,
  )
    .join("").slice(0, 65_536).replace(/[^\n]*$/, ""),
);

/** What has been pulled when no more is, however long that takes. */
async function whenStill(source: Counted): Promise<number> {
  let pulled = -1;
  for (let same = 0; same < 3;) {
    await pause(20);
    same = source.pulled === pulled ? same + 1 : 0;
    pulled = source.pulled;
  }
  return pulled * LINES.length;
}

describe("a reader that stands still", () => {
  const app = createApp();
  const streamed = formats.map(({ name }) => name)
    .filter((name) => !["json", "npy", "npz"].includes(name));
  for (const name of streamed) {
    test(`of ${name} leaves no more than 1.5 MiB to wait for it`, async () => {
      for (const compress of ["", "&compress=gzip", "&compress=zstd"]) {
        const source = counted(() => LINES);
        const path = `/convert?from=ndjson&to=${name}${compress}`;
        const response = await post(app, path, source.stream);
        if (response.status !== 200) {
          // Not every format may be compressed as HTTP has it.
          await response.body!.cancel();
          continue;
        }
        const before = await whenStill(source);
        ok(before <= AHEAD, `${before} bytes before it reads`);
        const reader = response.body!.getReader();
        let read = 0;
        // A little of what is compressed is much of what is not.
        while (read < (compress ? 1 : READ)) {
          read += (await reader.read()).value!.length;
        }
        const after = await whenStill(source);
        if (!compress) {
          ok(
            after <= 1.5 * read + AHEAD,
            `${after} bytes when it read ${read}`,
          );
        }
        await reader.cancel();
      }
    });
  }
});
