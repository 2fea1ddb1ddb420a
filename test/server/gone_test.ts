/** Clients that are killed while they post and read as fast as they can, or do not read at all. */
import { deepEqual, equal, rejects } from "node:assert/strict";
import { describe, test } from "bun:test";
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { type AccessEntry, createApp, serve } from "../../src/server/mod.ts";
import { until } from "./_helpers.ts";

const client = fileURLToPath(
  new URL("../../bench/_slow_client.mjs", import.meta.url),
);
const ROUNDS = 4;

describe("a client that is killed", () => {
  for (
    const [how, rate] of [["reads", 1e9], ["hardly reads", 1_000]] as const
  ) {
    for (const to of ["ndjson", "ndjson&compress=zstd", "brine&compress=xz"]) {
      if (how !== "reads" && to.endsWith("xz")) continue;
      test(
        `while it ${how} ${to}, is found gone`,
        async () => {
          const entries: AccessEntry[] = [];
          let passed = 0;
          const server = await serve({
            log: (entry) => entries.push(entry),
            onBytes: (count) => passed += count,
            onError() {},
            maxBodyBytes: 2 ** 50,
          });
          const url = `${server.url}/convert?from=ndjson&to=${to}`;
          for (let round = 0; round < ROUNDS; round++) {
            passed = 0;
            const args = [client, url, String(rate), "600"];
            const child = spawn("node", args, { stdio: "ignore" });
            // More or less of it, so that it is caught at different things.
            await until(() => passed > 1e6 + round * 333_333);
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

describe("a client that goes away", () => {
  test("before its answer has begun is found gone, and is no failure of the server", async () => {
    const entries: AccessEntry[] = [];
    const errors: unknown[] = [];
    let passed = 0;
    const server = await serve({
      log: (entry) => entries.push(entry),
      onBytes: (count) => passed += count,
      onError: (error) => errors.push(error),
    });
    const { port } = new URL(server.url);
    for (const leave of ["destroy", "resetAndDestroy"] as const) {
      for (const path of ["/verify?from=ndjson", "/convert?from=json"]) {
        const socket = connect(Number(port), "127.0.0.1");
        passed = 0;
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 99\r\n\r\n[1,`,
        );
        await until(() => passed > 0);
        const before = entries.length;
        socket[leave]();
        await until(() => entries.length > before);
      }
    }
    deepEqual(
      entries.map(({ end }) => end),
      Array(4).fill("aborted"),
    );
    deepEqual(errors, []);
    // Nothing is under way any more.
    await server.close(60);
  });

  test("is so whatever the runtime says then", async () => {
    for (const reason of ["closed", undefined, new TypeError("closed")]) {
      const entries: AccessEntry[] = [];
      const app = createApp({ log: (entry) => entries.push(entry) });
      const client = new AbortController();
      const answer = app.request("/verify?from=ndjson", {
        method: "POST",
        body: new ReadableStream({ pull: () => client.abort(reason) }),
        signal: client.signal,
        duplex: "half",
      } as RequestInit);
      equal((await answer).status, 400);
      deepEqual(entries.map(({ end }) => end), ["aborted"]);
    }
  });
});

test("a failure that is no Error ends its request, too", async () => {
  const entries: AccessEntry[] = [];
  const app = createApp({
    log: (entry) => entries.push(entry),
    page: () => Promise.reject("text"),
  });
  await rejects(async () => await app.request("/"));
  deepEqual(entries.map(({ end }) => end), ["failed"]);
});

test("a runtime's own server can be had", async () => {
  const server = await serve({ nodeHttp: false });
  equal(await (await fetch(`${server.url}/health`)).text(), '{"ok":true}');
  await server.close();
});
