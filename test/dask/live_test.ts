/** With the real Dask: values both ways, in clusters on loopback. */
import { afterAll, beforeAll, describe, test } from "bun:test";
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import {
  Client,
  type ClientOptions,
  connect,
  type Dataset,
  type KeyNotice,
  LostKeyError,
  toFuture,
} from "../../streams/dask/mod.ts";
import { RemoteError } from "../../mod.ts";
import {
  DataFrame,
  NdArray,
  PyException,
  PyTuple,
} from "../../src/pickle/mod.ts";
import { type DaskVersion, isBun, Python, versions } from "./_cluster.ts";

/** As in `cluster.py`. */
const DTYPES = ["|b1", "|i1", "|u1", "<i2", ">i2", "<u2", "<i4", ">i4", "<u4"]
  .concat(["<i8", ">i8", "<u8", "<f2", "<f4", ">f4", "<f8", ">f8"])
  .concat(["<c8", "<c16"]);
const names = new Map([["|b1", "?"], ["|i1", "i1"], ["|u1", "u1"]]);

/** Not `Uint8Array`: that is `bytes`. */
const typedArrays = [
  new Int8Array([1, -2, 3]),
  new Int16Array([1, -2, 3]),
  new Uint16Array([1, 2, 3]),
  new Int32Array([1, -2, 3]),
  new Uint32Array([1, 2, 3]),
  new BigInt64Array([1n, -2n, 3n]),
  new BigUint64Array([1n, 2n, 3n]),
  new Float32Array([1.5, -2, 3]),
  new Float64Array([1.5, -2, 1e300]),
];

/** How many items the array has that is large; as many megabytes as it says, if it does. */
const MEGABYTES = Number(
  isBun ? globalThis.process?.env.BRINE_DASK_MEGABYTES ?? 64 : 8,
);
const LARGE = MEGABYTES * 1e6 / 8;

function suite({ name, python, isMissing }: DaskVersion): void {
  const isNew = name.startsWith("2026");
  let peer: Python;
  let client: Client;
  if (!isMissing) {
    beforeAll(async () => {
      peer = await Python.start(python, "main=tcp:2", "web=ws:1", "safe=tls:1");
      client = await Client.connect(peer.clusters.main!.address);
    });
    afterAll(async () => {
      await client?.close();
      await peer?.end();
    });
  }
  const live = (title: string, body: () => Promise<void>) =>
    test.skipIf(isMissing)(title, body, 60_000);

  /** From Python here, and back to it under another key: what Python says of both. */
  async function bothWays(key: string): Promise<[unknown, unknown, unknown]> {
    await peer.run("put", { key });
    const value = await client.gather(key);
    const back = `${key}, back`;
    await client.scatter({ [back]: value });
    const [a, b] = await Promise.all([
      peer.run("describe", { key }),
      peer.run("describe", { key: back }),
    ]);
    client.release([back]);
    return [value, a, b];
  }

  describe(`Dask ${name}`, () => {
    live("shakes hands", async () => {
      const { address, workers } = peer.clusters.main!;
      const comm = await connect(address);
      equal(comm.remote["pickle-protocol"], 5);
      equal(comm.remote.python?.[0], 3);
      equal(comm.compression, null);
      const identity = await comm.request("identity") as {
        address: string;
        workers: object;
      };
      equal(identity.address, address);
      deepEqual(
        Object.keys(identity.workers).sort(),
        Object.keys(workers).sort(),
      );
      const [worker] = Object.keys(workers);
      const other = await connect(worker!);
      deepEqual(
        new TextDecoder().decode(await other.request("ping") as Uint8Array),
        "pong",
      );
      await Promise.all([comm.close(), other.close()]);
      ok(comm.isClosed && other.isClosed);
    });

    live("gets typed arrays, which Python computes on", async () => {
      const keys = await client.scatter(typedArrays);
      const values = await client.gather(keys) as NdArray[];
      deepEqual(values.map((value) => value.toTypedArray()), typedArrays);
      for (const [i, key] of keys.entries()) {
        const array = typedArrays[i]!;
        let sum = 0;
        for (const item of array) sum += Number(item);
        deepEqual(await peer.run("sum", { key }), [sum, 0]);
        const double = `double-${i}`;
        await peer.run("double", { key, name: double });
        const twice = await client.gather(double) as NdArray;
        equal(Number(twice.get(0)), Number(array[0]) * 2);
        equal(Number(twice.get(2)), Number(array[2]) * 2);
      }
      client.release(keys);
    });

    for (const dtype of DTYPES) {
      live(`gives arrays of ${dtype}, and takes them back`, async () => {
        const key = `array ${names.get(dtype) ?? dtype}`;
        const [value, sent, back] = await bothWays(key);
        ok(value instanceof NdArray);
        deepEqual(value.shape, [2, 3, 4]);
        deepEqual(back, sent);
        deepEqual((sent as unknown[]).slice(0, 2), [dtype, [2, 3, 4]]);
        if (dtype.includes("c")) return;
        const numbers = value.toArray().map(Number);
        const wanted = Array.from({ length: 24 }, (_, i) => i);
        deepEqual(numbers, dtype === "|b1" ? wanted.map((i) => +!!i) : wanted);
      });
    }

    live("keeps the order of an array's axes", async () => {
      const [value, sent, back] = await bothWays("fortran");
      equal((value as NdArray).order, "F");
      deepEqual((value as NdArray).toNested(), [[0, 1, 2], [3, 4, 5]]);
      deepEqual(back, sent);
    });

    live("gives frames of pandas, and takes them back", async () => {
      const [value, sent, back] = await bothWays("frame");
      ok(value instanceof DataFrame);
      const { columns } = value;
      equal(columns.length, 3);
      deepEqual(back, sent);
    });

    live("gives lists, and takes them back", async () => {
      const [value, sent, back] = await bothWays("list");
      deepEqual((value as unknown[]).slice(0, 5), [1, "two", 3.5, null, true]);
      deepEqual(back, sent);
      const key = "long list";
      const long = Array.from({ length: 10_000 }, (_, i) => i / 2);
      await client.scatter({ [key]: long });
      const again = await client.gather(key) as number[];
      ok(again.length === long.length && again.every((x, i) => x === i / 2));
      client.release([key]);
    });

    live(
      "gives exceptions as values, and those of tasks as errors",
      async () => {
        const [value, sent, back] = await bothWays("exception");
        ok(value instanceof PyException);
        deepEqual([value.name, value.args], ["KeyError", ["x", 1]]);
        deepEqual(back, sent);
        await peer.run("fail", { key: "bad" });
        await rejects(client.gather("bad"), (error: RemoteError) => {
          ok(error instanceof RemoteError);
          match(error.message, /The task of "bad" failed: ValueError: salt, 7/);
          match(error.traceback!, /cluster\.py", line \d+, in fail/);
          const { cause } = error;
          ok(cause instanceof PyException);
          deepEqual([cause.name, cause.args], ["ValueError", ["salt", 7]]);
          return true;
        });
      },
    );

    live("tells what goes wrong at the scheduler", async () => {
      await client.publishDataset("twice", 1);
      const again = client.publishDataset("twice", 2);
      await rejects(again, (error: RemoteError) => {
        match(error.message, /^Cannot publish_put at tcp:.*KeyError.*twice/);
        match(error.traceback!, /publish\.py", line \d+, in put/);
        return error instanceof RemoteError;
      });
      await client.publishDataset("twice", 3, { override: true });
      const dataset = await client.getDataset("twice");
      equal(dataset!.value(), 3);
      await client.unpublishDataset("twice");
      equal(await client.getDataset("twice"), undefined);
      await rejects(client.gather("nothing"), LostKeyError);
    });

    live(
      "publishes what Python reads, and reads what it publishes",
      async () => {
        const keys = await client.scatter([new Int32Array([1, 2])]);
        await client.publishDataset("future", toFuture(keys[0]!), { keys });
        client.release(keys);
        equal(
          await peer.run("dataset", { key: "future" }),
          "array([1, 2], dtype=int32)",
        );
        await peer.run("many", { key: "parts", count: 3, items: 2 });
        ok((await client.listDatasets()).includes("parts"));
        const { keys: parts } = await client.getDataset("parts") as Dataset;
        deepEqual(parts, ["parts-0", "parts-1", "parts-2"]);
        const arrays = await client.gather(parts) as NdArray[];
        deepEqual(arrays.map((a) => a.toArray()), [[0, 0], [1, 1], [2, 2]]);
      },
    );

    live("tells of keys, and waits for what is computed", async () => {
      const notices = client.notices().getReader();
      await peer.run("later", { key: "later", seconds: 0.3 });
      client.hold(["later"]);
      equal(await client.gather("later"), "later");
      const told: KeyNotice[] = [];
      do told.push((await notices.read()).value!); while (
        told.at(-1)!.key !== "later"
      );
      equal(told.at(-1)!.kind, "memory");
      await notices.cancel();
      const [key] = await client.scatter([new Uint8Array(1000)]);
      equal((await client.whoHas([key!])).get(key!)!.length, 1);
      ok((await client.nbytes([key!])).get(key!)! >= 1000);
      ok((await client.nbytes()).get(key!)! >= 1000);
      ok((await client.keys()).includes(key!));
      equal((await client.hasWhat()).size, 2);
      client.release([key!, "later"]);
      await client.close();
      client = await Client.connect(peer.clusters.main!.address);
      deepEqual((await client.whoHas([key!])).get(key!), []);
    });

    live("says goodbye", async () => {
      const other = await Client.connect(peer.clusters.main!.address);
      const [key] = await other.scatter([1]);
      ok((await peer.run<string[]>("clients")).includes(other.id));
      const waiting = other.wait([key!, "nothing"]);
      await rejects(waiting, LostKeyError);
      await other.close();
      ok(!(await peer.run<string[]>("clients")).includes(other.id));
      await rejects(other.identity());
      await other.closed;
    });

    live("puts values to workers by itself, and to all of them", async () => {
      const data = new Map([["to all", new Float32Array([0.5])]]);
      const keys = await client.scatter(data, {
        direct: true,
        broadcast: true,
      });
      equal((await client.whoHas(keys)).get("to all")!.length, 2);
      deepEqual(await peer.run("sum", { key: "to all" }), [0.5, 0]);
      const [only] = Object.keys(peer.clusters.main!.workers);
      await client.scatter({ there: [1, 2] }, { workers: [only!] });
      deepEqual((await client.whoHas(["there"])).get("there"), [only]);
      const values = await client.gather(["there", "to all"], {
        direct: false,
      });
      deepEqual(values[0], [1, 2]);
      client.release(["there", "to all"]);
    });

    live("has keys that are tuples", async () => {
      if (!isNew) return;
      const key = ["x", 0, ["y", 1]] as const;
      await client.scatter(new Map([[key, "salt"]]));
      deepEqual(await client.gather([key]), ["salt"]);
      equal((await client.whoHas([key])).get(key)!.length, 1);
      client.release([key]);
      await client.publishDataset("tuple", toFuture(key));
      const value = (await client.getDataset("tuple"))!.value();
      deepEqual((value as { args: unknown[] }).args, [
        PyTuple.from(["x", 0, PyTuple.from(["y", 1])]),
      ]);
      await client.unpublishDataset("tuple");
    });

    live("agrees on a compression", async () => {
      const { address } = peer.clusters.main!;
      const comm = await connect(address, { compression: "lz4" });
      // The newer one never compresses on one machine.
      equal(comm.compression, isNew ? null : "lz4");
      await comm.close();
      const other = await Client.connect(address, { compression: "lz4" });
      const zeros = new Float64Array(100_000);
      const [key] = await other.scatter([zeros]);
      const array = await other.gather([key!]) as NdArray[];
      deepEqual(array[0]!.toTypedArray(), zeros);
      await other.close();
    });

    live(`moves an array of ${MEGABYTES} MB`, async () => {
      const start = performance.now();
      await peer.run("large", { key: "large", items: LARGE });
      const made = performance.now();
      const there = await client.gather("large") as NdArray;
      const gathered = performance.now();
      const array = there.toTypedArray() as Float64Array<ArrayBuffer>;
      equal(array.length, LARGE);
      for (let i = 0; i < LARGE; i += 100_003) equal(array[i], i);
      const read = performance.now();
      await client.scatter({ "large, back": array }, { direct: true });
      const scattered = performance.now();
      const wanted = LARGE * (LARGE - 1) / 2;
      const [sum] = await peer.run<number[]>("sum", { key: "large, back" });
      ok(Math.abs(sum! / wanted - 1) < 1e-6);
      client.release(["large, back"]);
      if (MEGABYTES > 64) {
        const times = [made - start, gathered - made, scattered - read];
        console.log(times.map((ms) => `${Math.round(ms)} ms`));
      }
    });

    live("gathers a hundred at a time", async () => {
      await peer.run("many", { key: "many", count: 100, items: 10_000 });
      const arrays = await Promise.all(
        Array.from({ length: 100 }, (_, i) => client.gather(`many-${i}`)),
      ) as NdArray[];
      arrays.forEach((array, i) => {
        deepEqual(array.shape, [10_000]);
        deepEqual([array.get(0), array.get(9_999)], [i, i]);
      });
    });

    for (const kind of ["web", "safe"]) {
      live(`is reached by ${kind === "web" ? "ws" : "tls"}`, async () => {
        const { cert, key } = peer.tls;
        const options: ClientOptions = kind === "safe"
          ? { tls: { ca: cert, cert, key } }
          : {};
        const { address } = peer.clusters[kind]!;
        const other = await Client.connect(address, options);
        // Longer than a piece of a web socket.
        const data = new Float64Array(1_200_000).fill(0.5);
        const [name] = await other.scatter([data]);
        const sum = await peer.run("sum", { key: name, cluster: kind });
        deepEqual(sum, [600_000, 0]);
        const [array] = await other.gather([name!]) as NdArray[];
        deepEqual(array!.toTypedArray(), data);
        await other.close();
        if (kind === "safe") await rejects(connect(address));
      });
    }
  });
}

versions.forEach(suite);
