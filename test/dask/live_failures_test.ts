/** With the real Dask: workers that die and schedulers that stop, while something is under way. */
import { afterAll, beforeAll, describe, test } from "bun:test";
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { type AddressInfo, connect as tcp, createServer } from "node:net";
import process from "node:process";
import {
  Client,
  CommClosedError,
  connect,
  type DaskKey,
  LostKeyError,
} from "../../streams/dask/mod.ts";
import { TruncatedError } from "../../mod.ts";
import type { NdArray } from "../../src/pickle/mod.ts";
import { type DaskVersion, isBun, Python, versions } from "./_cluster.ts";

const KEYS = Array.from({ length: 20 }, (_, i) => `many-${i}`);

function suite({ name, python, isMissing }: DaskVersion): void {
  let peer: Python;
  if (!isMissing) {
    beforeAll(async () => {
      const clusters = ["cut=tcp:1", "dying=tcp:2", "lost=tcp:2"];
      peer = await Python.start(python, ...clusters, "stopped=tcp:1");
    });
    afterAll(() => peer?.end());
  }
  const live = (title: string, body: () => Promise<void>) =>
    test.skipIf(isMissing)(title, body, 60_000);

  describe(`Dask ${name}, when something goes wrong`, () => {
    live("a message that is cut is told from one that never came", async () => {
      const cluster = "cut";
      await peer.run("large", { cluster, key: "large", items: 1_000_000 });
      const [[worker, pid]] = Object.entries(peer.clusters.cut!.workers) as [
        [string, number],
      ];
      // Between the two, something that kills the worker when so many bytes have come from it.
      const proxy = createServer((near) => {
        const far = tcp(Number(worker.split(":").at(-1)), "127.0.0.1");
        let passed = 0;
        near.pipe(far);
        far.on("data", (chunk: Uint8Array) => {
          passed += chunk.length;
          near.write(chunk);
          if (passed < 1_000_000) return;
          process.kill(pid, "SIGKILL");
          far.removeAllListeners("data");
          far.destroy();
          near.end();
        });
        for (const socket of [near, far]) socket.on("error", () => {});
      });
      const port = await new Promise<number>((resolve) =>
        proxy.listen(0, "127.0.0.1", () => {
          resolve((proxy.address() as AddressInfo).port);
        })
      );
      const comm = await connect(`tcp://127.0.0.1:${port}`);
      const data = comm.request("get_data", { keys: ["large"], who: null });
      await rejects(data, (error: TruncatedError) => {
        ok(error instanceof TruncatedError);
        match(error.message, /was lost within a message/);
        ok(error.offset! > 900_000 && error.offset! < 8_000_000);
        return true;
      });
      ok(comm.isClosed);
      await rejects(comm.request("ping"), TruncatedError);
      proxy.close();
    });

    live("another worker gives what one cannot that dies", async () => {
      const { address, workers } = peer.clusters.dying!;
      const [first] = Object.keys(workers);
      const client = await Client.connect(address);
      const data = KEYS.map((key, i): [string, unknown] => [
        key,
        new Float64Array(100_000).fill(i),
      ]);
      const to = { direct: true, broadcast: true };
      await client.scatter(new Map(data), to);
      for (const holders of (await client.whoHas(KEYS)).values()) {
        equal(holders.length, 2);
      }
      // It answers no more, but is not gone either, until it is waited for.
      process.kill(workers[first!]!, "SIGSTOP");
      const gathering = client.gather(KEYS);
      await client.identity();
      process.kill(workers[first!]!, "SIGKILL");
      const arrays = await gathering as NdArray[];
      deepEqual(arrays.map((array) => array.get(99_999)), [...KEYS.keys()]);
      await client.close();
    });

    live(
      "what is lost with its last worker is lost, or computed again",
      async () => {
        const { address, workers } = peer.clusters.lost!;
        const [first, second] = Object.keys(workers);
        const client = await Client.connect(address);
        const to = { workers: [first!] };
        const [key] = await client.scatter([new Uint8Array(5)], to);
        await client.scatter({ stays: 1 }, { workers: [second!] });
        const make = { cluster: "lost", key: "many", count: 1, items: 5 };
        await peer.run("many", make);
        const notices = client.notices().getReader();
        process.kill(workers[first!]!, "SIGKILL");
        await rejects(client.gather([key!]), (error: LostKeyError) => {
          ok(error instanceof LostKeyError);
          deepEqual(error.keys, [key]);
          return true;
        });
        // Older ones say nothing of data that no task makes.
        if (name.startsWith("2026")) {
          const { value } = await notices.read();
          deepEqual(value!.key, key);
          match(value!.kind, /^(lost|cancelled)$/);
        }
        deepEqual(await client.gather(["stays"]), [1]);
        const [array] = await client.gather(["many-0"]) as NdArray[];
        deepEqual(array!.toArray(), [0, 0, 0, 0, 0]);
        await client.close();
      },
    );

    live("a scheduler that stops is told of in time", async () => {
      const { address, pid } = peer.clusters.stopped!;
      const client = await Client.connect(address, { timeout: 300 });
      const [key] = await client.scatter([1]) as [DaskKey];
      const later = { key: "later", seconds: 30, cluster: "stopped" };
      await peer.run("later", later);
      const waiting = client.gather("later");
      waiting.catch(() => {});
      await client.whoHas([key]);
      process.kill(pid, "SIGSTOP");
      const start = performance.now();
      await rejects(client.gather([key]), (error: CommClosedError) => {
        match(error.message, /nothing came or went for 300 ms$/);
        return error instanceof CommClosedError && error.address === address;
      });
      await rejects(connect(address, { timeout: 200 }), (error: Error) => {
        match(error.message, /^Cannot connect to tcp:.*no answer for 200 ms$/);
        return error instanceof CommClosedError;
      });
      ok(performance.now() - start < 5_000);
      const signal = AbortSignal.timeout(50);
      await rejects(client.identity({ signal }), { name: "TimeoutError" });
      process.kill(pid, "SIGKILL");
      await client.closed;
      await rejects(waiting, CommClosedError);
      await rejects(client.gather([key]), CommClosedError);
      await rejects(client.notices().getReader().read(), CommClosedError);
      await rejects(connect(address), (error: Error) => {
        match(error.message, /^Cannot connect to tcp:/);
        return error instanceof CommClosedError;
      });
      await client.close();
    });
  });
}

// Bun tries all, Deno what matters most.
versions.slice(0, isBun ? 2 : 1).forEach(suite);
