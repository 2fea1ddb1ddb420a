/** Clients that are killed while they post and read as fast as they can, or do not read at all. */
import { deepEqual, equal } from "node:assert/strict";
import { describe, test } from "bun:test";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type AccessEntry, serve } from "../../src/server/mod.ts";
import { until } from "./_helpers.ts";

const client = fileURLToPath(
  new URL("../../bench/_slow_client.mjs", import.meta.url),
);
const ROUNDS = 4;

describe("a client that is killed", () => {
  for (
    const [how, rate] of [["reads", 1e9], ["hardly reads", 1_000]] as const
  ) {
    for (const compress of ["", "&compress=zstd"]) {
      test(
        `while it ${how}, is found gone${compress && ", with zstd"}`,
        async () => {
          const entries: AccessEntry[] = [];
          let passed = 0;
          const server = await serve({
            log: (entry) => entries.push(entry),
            onBytes: (count) => passed += count,
            onError() {},
            maxBodyBytes: 2 ** 50,
          });
          const url = `${server.url}/convert?from=ndjson&to=ndjson${compress}`;
          for (let round = 0; round < ROUNDS; round++) {
            passed = 0;
            const args = [client, url, String(rate), "600"];
            const child = spawn("node", args, { stdio: "ignore" });
            // More or less of it, so that it is caught at different things.
            await until(() => passed > 2e6 + round * 777_777);
            child.kill("SIGKILL");
            await until(() => entries.length > round);
          }
          deepEqual(
            entries.map(({ status, end }) => [status, end]),
            entries.map(() => [200, "aborted"]),
          );
          equal(entries.length, ROUNDS);
          await server.close();
        },
        60_000,
      );
    }
  }
});

test("a runtime's own server can be had", async () => {
  const server = await serve({ nodeHttp: false });
  equal(await (await fetch(`${server.url}/health`)).text(), '{"ok":true}');
  await server.close();
});
