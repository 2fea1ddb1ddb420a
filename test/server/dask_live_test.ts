/** The server before the real Dask: what Python publishes, and a scheduler that does not answer. */
import { afterAll, beforeAll, describe, test } from "bun:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import process from "node:process";
import { createApp } from "../../src/server/mod.ts";
import { Client } from "../../streams/dask/mod.ts";
import { Python, versions } from "../dask/_cluster.ts";
import { bytesOf, errorOf } from "./_helpers.ts";

const [{ name, python, isMissing }] = versions as [typeof versions[number]];

describe(`GET /dask, with Dask ${name}`, () => {
  let peer: Python;
  const clients: Client[] = [];
  const told: unknown[] = [];
  /** A server before one of the clusters. */
  const appOf = (cluster: string, timeout?: number) =>
    createApp({
      onError: (error) => told.push(error),
      dask: async () => {
        const { address } = peer.clusters[cluster]!;
        const client = await Client.connect(address, { timeout });
        clients.push(client);
        return client;
      },
    });
  if (!isMissing) {
    beforeAll(async () => {
      peer = await Python.start(python, "main=tcp:1", "stopped=tcp:1");
    });
    afterAll(async () => {
      for (const client of clients) await client.close();
      await peer?.end();
    });
  }
  const live = (title: string, body: () => Promise<void>) =>
    test.skipIf(isMissing)(title, body, 60_000);

  live("gives what Python has published, as JSON", async () => {
    const app = appOf("main");
    await peer.run("put", { key: "list" });
    await peer.run("put", { key: "frame" });
    const names: string[] = await (await app.request("/dask")).json();
    deepEqual(names.sort(), ["frame", "list"]);
    const list = await app.request("/dask/list?to=json&lossy=true");
    equal(list.headers.get("content-type"), "application/json");
    deepEqual((await list.json()).slice(0, 5), [1, "two", 3.5, null, true]);
    const frame = await app.request("/dask/frame?to=json&lossy=true");
    deepEqual(await frame.json(), [
      { id: 1, name: "a", x: 0.5 },
      { id: 2, name: "ü", x: null },
      { id: 3, name: "🧂", x: -1 },
    ]);
  });

  live("gives arrays of numpy as they are", async () => {
    const app = appOf("main");
    const key = "array <f8";
    await peer.run("put", { key });
    const path = `/dask/${encodeURIComponent(key)}`;
    const response = await app.request(`${path}?to=npy`);
    const bytes = await bytesOf(response);
    equal(response.headers.get("content-type"), "application/vnd.numpy");
    // As Python has them, not as numbers look.
    const header = new TextDecoder("latin1").decode(bytes.subarray(0, 128));
    ok(header.includes("'descr': '<f8'") && header.includes("(2, 3, 4)"));
    equal(bytes.length, 128 + 8 * 24);
    deepEqual(
      new Float64Array(bytes.slice(128).buffer),
      Float64Array.from({ length: 24 }, (_, i) => i),
    );
  });

  live(
    "gives many keys one after another, and what a task failed by",
    async () => {
      const app = appOf("main");
      await peer.run("many", { key: "many", count: 5, items: 3 });
      const many = await app.request("/dask/many?to=ndjson&lossy=true");
      equal(
        await many.text(),
        [0, 1, 2, 3, 4].map((i) => `[${i},${i},${i}]\n`).join(""),
      );
      await peer.run("fail", { key: "failed" });
      const failed = await app.request("/dask/failed?to=json");
      equal(failed.status, 422);
      const { error } = await failed.json();
      equal(error.name, "RemoteError");
    },
  );

  live("does not have what nobody has published", async () => {
    const response = await appOf("main").request("/dask/none?to=json");
    deepEqual((await errorOf(response)).slice(0, 2), [404, "RequestError"]);
  });

  live("does not wait for ever for a scheduler that stands still", async () => {
    const app = appOf("stopped", 500);
    await peer.run("put", { cluster: "stopped", key: "list" });
    const { pid } = peer.clusters.stopped!;
    equal((await app.request("/dask")).status, 200);
    process.kill(pid, "SIGSTOP");
    const start = performance.now();
    // On the connection there is, and on one that is made anew.
    for (let i = 0; i < 2; i++) {
      const response = await app.request("/dask/list?to=json");
      deepEqual((await errorOf(response)).slice(0, 2), [504, "UpstreamError"]);
    }
    ok(performance.now() - start < 10_000);
    process.kill(pid, "SIGKILL");
    const response = await app.request("/dask");
    deepEqual((await errorOf(response)).slice(0, 2), [502, "UpstreamError"]);
    // Who runs the server hears more than who asks.
    equal(told.length, 3);
    ok(told.every((error) => String(error).includes("tcp://127.0.0.1")));
  });
});
