import { deepEqual, equal, rejects } from "node:assert/strict";
import { describe, test } from "bun:test";
import { formatOf, RemoteError } from "../../mod.ts";
import { createApp, type DaskDatasets } from "../../src/server/mod.ts";
import type { Client } from "../../streams/dask/mod.ts";
import { bytesOf } from "./_helpers.ts";

// What the server wants is what the client has.
((client: Client): DaskDatasets => client) satisfies unknown;

const VALUES = new Map<unknown, unknown>([
  ["a", [1, 2]],
  ["b", 0.5],
  ["c", new Map([["x", 1]])],
]);
const gathered: unknown[] = [];
const client: DaskDatasets = {
  listDatasets: () => Promise.resolve(["table", 7, "gone"]),
  getDataset: (name) =>
    Promise.resolve(
      name === "table"
        ? { keys: [...VALUES.keys()], value: () => ({ rows: 3 }) }
        : name === "gone"
        ? { keys: ["a", "lost"], value: () => 1 }
        : undefined,
    ),
  gather(keys) {
    gathered.push(...keys);
    return keys.every((key) => VALUES.has(key))
      ? Promise.resolve(keys.map((key) => VALUES.get(key)))
      : Promise.reject(new Error("a worker has gone"));
  },
};

describe("GET /dask", () => {
  const app = createApp({ dask: client, onError() {} });

  test("names what is published, as far as a path can", async () => {
    deepEqual(await (await app.request("/dask")).json(), ["table", "gone"]);
  });

  test("gives the values of the keys, or the value beside them", async () => {
    const lines = await app.request("/dask/table?to=ndjson");
    equal(await lines.text(), '[1,2]\n0.5\n{"x":1}\n');
    const value = await app.request("/dask/table?part=value&to=json");
    equal(await value.text(), '{"rows":3}');
  });

  test("does not have what is not there", async () => {
    equal((await app.request("/dask/none")).status, 404);
    equal((await app.request("/dask/table?form=json")).status, 400);
    equal((await createApp().request("/dask")).status, 404);
  });

  test("tells a failure under way, or as a status", async () => {
    const bytes = await bytesOf(await app.request("/dask/table"));
    const read = (bytes: Uint8Array<ArrayBuffer>) =>
      (new Blob([bytes]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>)
        .pipeThrough(formatOf("brine").batches().decoder())
        .pipeTo(new WritableStream());
    await read(bytes);
    const response = await app.request("/dask/gone");
    if (response.status === 502) return void await response.body!.cancel();
    await rejects(read(await bytesOf(response)), RemoteError);
  });

  test("connects when it is needed, and again when the client has gone", async () => {
    let made = 0;
    let go!: () => void;
    const lazy = createApp({
      dask: () => {
        made++;
        const closed = new Promise<void>((resolve) => go = resolve);
        return Promise.resolve({ ...client, closed });
      },
    });
    equal(made, 0);
    for (let i = 0; i < 3; i++) {
      await (await lazy.request("/dask")).body!.cancel();
    }
    equal(made, 1);
    go();
    await Promise.resolve();
    await (await lazy.request("/dask")).body!.cancel();
    equal(made, 2);
  });

  test("is waited for no longer than there is time", async () => {
    const app = createApp({
      dask: () => new Promise(() => {}),
      maxSeconds: 0.02,
    });
    equal((await app.request("/dask")).status, 408);
    equal((await app.request("/dask/table")).status, 408);
    const hangs = { ...client, gather: () => new Promise<never>(() => {}) };
    const late = createApp({ dask: hangs, maxSeconds: 0.02 });
    equal((await late.request("/dask/table?to=json")).status, 408);
  });

  test("tries again after it could not", async () => {
    let made = 0;
    const lazy = createApp({
      onError() {},
      dask: () =>
        made++ === 0
          ? Promise.reject(new Error("no scheduler"))
          : Promise.resolve(client),
    });
    equal((await lazy.request("/dask")).status, 502);
    equal((await lazy.request("/dask")).status, 200);
  });
});
