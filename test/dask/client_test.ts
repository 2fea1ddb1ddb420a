/** A client, with schedulers and workers that do as the test says. */
import { describe, test } from "bun:test";
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import {
  Client,
  type ClientOptions,
  CommClosedError,
  type KeyNotice,
  LostKeyError,
  toSerialize,
} from "../../streams/dask/mod.ts";
import { RemoteError } from "../../mod.ts";
import { type FakeComm, type FakePeer, fakePeer } from "./_fake_peer.ts";

type Fields = Record<string, unknown>;
type Answer = (request: Fields) => unknown;

/** What was said to a scheduler by the stream, and a way to answer. */
interface Heard {
  readonly said: Fields[];
  /** Settles when something with this `op` was said. */
  heard(op: string): Promise<Fields>;
  tell(...messages: Fields[]): void;
  hangUp(): void;
}

const UNEXPECTED = {
  status: "uncaught-error",
  exception_text: "TypeError(\"get() got an unexpected keyword argument 'x'\")",
};

/** A client of a scheduler that answers requests from a table. */
async function withScheduler(
  answers: Record<string, Answer>,
  body: (client: Client, heard: Heard, peer: FakePeer) => Promise<void>,
  options: ClientOptions = {},
): Promise<void> {
  const said: Fields[] = [];
  let waiting: [op: string, done: (message: Fields) => void][] = [];
  let stream: FakeComm;
  const listen = async (comm: FakeComm) => {
    stream = comm;
    comm.write([{ op: "stream-start" }]);
    for (;;) {
      for (const message of await comm.read() as Fields[]) {
        said.push(message);
        for (const [op, done] of waiting) {
          if (op === message.op) done(message);
        }
        waiting = waiting.filter(([op]) => op !== message.op);
        if (message.op === "close-stream") {
          comm.write([{ op: "stream-closed" }]);
        }
      }
    }
  };
  const peer = await fakePeer(async (comm) => {
    await comm.hello();
    for (;;) {
      const request = await comm.read() as Fields;
      if (request.op === "register-client") return await listen(comm);
      comm.write(await answers[request.op as string]?.(request) ?? null);
    }
  });
  const heard: Heard = {
    said,
    heard: (op) => {
      const old = said.find((message) => message.op === op);
      if (old) return Promise.resolve(old);
      return new Promise((done) => waiting.push([op, done]));
    },
    tell: (...messages) => stream.write(messages),
    hangUp: () => stream.socket.destroy(),
  };
  const client = await Client.connect(peer.address, options);
  try {
    await body(client, heard, peer);
  } finally {
    await client.close();
    await peer.close();
  }
}

/** A worker that gives data, when it is not busy; and whether it heard that all has come. */
async function fakeWorker(
  data: Fields,
  busy = 0,
): Promise<FakePeer & { readonly thanked: () => number }> {
  let thanked = 0;
  const peer = await fakePeer(async (comm) => {
    await comm.hello();
    for (;;) {
      const { op, keys } = await comm.read() as Fields;
      equal(op, "get_data");
      if (busy-- > 0) {
        comm.write({ status: "busy" });
        continue;
      }
      const own = (keys as string[]).filter((key) => key in data)
        .map((key) => [key, toSerialize(data[key])]);
      comm.write({ status: "OK", data: Object.fromEntries(own) });
      equal(await comm.read(), "OK");
      thanked++;
    }
  });
  return Object.assign(peer, { thanked: () => thanked });
}

/** Waits for what has nobody to tell of it. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 1));
}

const NOBODY = "tcp://127.0.0.1:1";

describe("gathering", () => {
  test("asks a worker again that is busy, and thanks it", async () => {
    const worker = await fakeWorker({ x: 1, y: "two" }, 3);
    const who_has = () => ({ x: [worker.address], y: [worker.address] });
    await withScheduler({ who_has }, async (client) => {
      deepEqual(await client.gather(["y", "x", "y"]), ["two", 1, "two"]);
      equal(await client.gather("x"), 1);
      await until(() => worker.thanked() === 2);
    });
    await worker.close();
  });

  test("gives up a worker that stays busy", async () => {
    const worker = await fakeWorker({ x: 1 }, Infinity);
    const who_has = () => ({ x: [worker.address] });
    await withScheduler({ who_has }, async (client) => {
      const gathering = client.gather("x", { timeout: 100 });
      await rejects(gathering, /tcp:.* was busy for 100 ms/);
      const signal = AbortSignal.timeout(20);
      await rejects(client.gather("x", { signal }), { name: "TimeoutError" });
    });
    await worker.close();
  });

  test("goes to another holder, when one is gone or no longer has it", async () => {
    const [worker, empty] = [await fakeWorker({ x: 1 }), await fakeWorker({})];
    const holders = [NOBODY, empty.address, worker.address];
    const who_has = () => ({ x: holders });
    await withScheduler({ who_has }, async (client) => {
      for (let i = 0; i < 20; i++) equal(await client.gather("x"), 1);
    });
    await worker.close();
    await empty.close();
  });

  test("goes through the scheduler, when no worker can be reached", async () => {
    const asked: unknown[] = [];
    const answers: Record<string, Answer> = {
      who_has: () => ({ x: [NOBODY], y: [NOBODY] }),
      gather: ({ keys }) => {
        asked.push(keys);
        return { status: "OK", data: { x: toSerialize([1]), y: "plain" } };
      },
    };
    await withScheduler(answers, async (client) => {
      deepEqual(await client.gather(["x", "y"]), [[1], "plain"]);
      deepEqual(await client.gather(["x"], { direct: false }), [[1]]);
      deepEqual(asked, [["x", "y"], ["x"]]);
    });
  });

  test("fails, if the scheduler gets nothing either", async () => {
    const answers: Record<string, Answer> = {
      who_has: () => ({ x: [NOBODY] }),
      gather: () => ({ status: "error", keys: { x: [NOBODY] } }),
    };
    await withScheduler(answers, async (client) => {
      await rejects(client.gather("x"), (error: LostKeyError) => {
        match(error.message, /"x": nobody who holds it can be reached/);
        ok(error.cause instanceof CommClosedError);
        return error instanceof LostKeyError;
      });
    });
  });

  test("waits for what is computed, and hears when it fails or never comes", async () => {
    const worker = await fakeWorker({ x: 1 });
    let holders: string[] = [];
    const answers: Record<string, Answer> = {
      who_has: ({ keys }) =>
        Object.fromEntries(
          (keys as string[]).map((key) => [key, key === "x" ? holders : []]),
        ),
      get_task_status: ({ keys }) =>
        Object.fromEntries(
          (keys as string[]).map((
            key,
          ) => [key, key === "none" ? null : "processing"]),
        ),
    };
    await withScheduler(answers, async (client, { heard, tell, said }) => {
      const gathering = client.gather("x");
      deepEqual((await heard("client-desires-keys")).keys, ["x"]);
      holders = [worker.address];
      tell({ op: "lost-data", key: "x" }, { op: "key-in-memory", key: "x" });
      equal(await gathering, 1);
      deepEqual((await heard("client-releases-keys")).keys, ["x"]);

      said.length = 0;
      const [bad, gone] = [client.gather("bad"), client.wait(["gone"])];
      bad.catch(() => {});
      gone.catch(() => {});
      await heard("client-desires-keys");
      tell({ op: "task-erred", key: "bad", exception: null });
      tell({ op: "cancelled-keys", keys: ["gone"], reason: "why not" });
      await rejects(bad, RemoteError);
      await rejects(gone, /"gone": it was cancelled/);
      await rejects(client.gather("none"), /scheduler does not know of it/);
      const signal = AbortSignal.timeout(20);
      await rejects(client.gather("x2", { signal }), { name: "TimeoutError" });
    });
    await worker.close();
  });
});

describe("connections", () => {
  test("are no more than are allowed, and are used again", async () => {
    const worker = await fakeWorker({ x: 1 });
    const who_has = () => ({ x: [worker.address] });
    await withScheduler({ who_has }, async (client, _, peer) => {
      const all = Array.from({ length: 60 }, () => client.gather("x"));
      equal((await Promise.all(all)).length, 60);
      ok(worker.most <= 3);
      // And the stream.
      ok(peer.most <= 4);
      ok(worker.open.size + peer.open.size <= 6);
    }, { maxPerAddress: 3, maxConnections: 5 });
    await worker.close();
  });

  test("that a worker has ended are not used again", async () => {
    const worker = await fakeWorker({ x: 1 });
    const who_has = () => ({ x: [worker.address] });
    await withScheduler({ who_has }, async (client) => {
      equal(await client.gather("x"), 1);
      for (const socket of worker.open) {
        const gone = new Promise((done) => socket.once("close", done));
        socket.end();
        await gone;
      }
      equal(await client.gather("x"), 1);
    });
    await worker.close();
  });

  test("are waited for in line, which a signal ends", async () => {
    let answer: ((reply: unknown) => void) | undefined;
    const identity = () => new Promise((done) => answer = done);
    await withScheduler({ identity }, async (client) => {
      const first = client.identity();
      const controller = new AbortController();
      const second = client.identity({ signal: controller.signal });
      const third = client.identity();
      await until(() => answer !== undefined);
      controller.abort(new Error("enough"));
      await rejects(second, /enough/);
      const before = answer;
      before!({ n: 1 });
      deepEqual(await first, { n: 1 });
      await until(() => answer !== before);
      const waiting = client.identity();
      waiting.catch(() => {});
      third.catch(() => {});
      await client.close();
      await rejects(waiting, /client was closed/);
      await rejects(third, /client was closed/);
    }, { maxPerAddress: 1 });
  });
});

describe("the stream of a client", () => {
  test("says that it is alive, as often as it is asked to", async () => {
    await withScheduler({}, async (client, { said, heard, tell }) => {
      const beat = await heard("heartbeat-client");
      equal(beat.client, client.id);
      tell({ op: "adjust-heartbeat-interval", interval: 1000 });
      tell({ op: "adjust-heartbeat-interval", interval: -1 }, { op: "what?" });
      await new Promise((done) => setTimeout(done, 30));
      const count = said.length;
      await new Promise((done) => setTimeout(done, 50));
      equal(said.length, count);
    }, { heartbeat: 5 });
  });

  test("holds and releases keys, and says goodbye", async () => {
    const said = await new Promise<Fields[]>((resolve, reject) => {
      withScheduler({ scatter: () => ["x"] }, async (client, heard) => {
        await client.scatter({ x: 1 });
        client.hold(["x", "y"]);
        client.hold(["y"]);
        client.release(["x", "y", "z"]);
        await heard.heard("client-releases-keys");
        await client.close();
        resolve(heard.said);
      }).catch(reject);
    });
    deepEqual(said.map(({ op, keys }) => [op, keys]), [
      ["client-desires-keys", ["y"]],
      ["client-releases-keys", ["x", "y"]],
      ["close-client", undefined],
      ["close-stream", undefined],
    ]);
  });

  test("tells of keys, whatever else comes", async () => {
    await withScheduler({}, async (client, { tell }) => {
      const reader = client.notices().getReader();
      const next = async () => (await reader.read()).value as KeyNotice;
      tell({ op: "unheard of" }, { nothing: 1 });
      tell({ op: "key-in-memory", key: "x", type: new Uint8Array(3) });
      deepEqual(await next(), { kind: "memory", key: "x" });
      tell({ op: "cancelled-keys", keys: [["x", 0], "y"] });
      deepEqual((await next()).key, ["x", 0]);
      deepEqual((await next()).key, "y");
      tell({ op: "task-erred", key: "z", exception: toSerialize("?") });
      const { error } = await next();
      ok(error instanceof RemoteError);
      await client.close();
      equal((await reader.read()).done, true);
      equal((await client.notices().getReader().read()).done, true);
      await client.closed;
    });
  });

  test("fails when the scheduler hangs up", async () => {
    const answers: Record<string, Answer> = {
      who_has: () => ({ x: [] }),
      get_task_status: () => ({ x: "waiting" }),
    };
    await withScheduler(answers, async (client, { heard, hangUp }) => {
      const [waiting, notice] = [
        client.gather("x"),
        client.notices().getReader().read(),
      ];
      waiting.catch(() => {});
      notice.catch(() => {});
      await heard("client-desires-keys");
      hangUp();
      await client.closed;
      await rejects(waiting, CommClosedError);
      await rejects(notice, CommClosedError);
      await rejects(client.wait(["x"]), CommClosedError);
    });
  });
});

describe("datasets", () => {
  test("are published as the scheduler's version has it", async () => {
    for (const isNew of [true, false]) {
      const asked: Fields[] = [];
      const data = toSerialize({ rows: 3 });
      const found = { keys: ["a"], data };
      const answers: Record<string, Answer> = {
        publish_get: ({ names, name }) => {
          if (names && !isNew) return UNEXPECTED;
          if (isNew) return (names as string[]).map((n) => n ? found : null);
          return name ? found : null;
        },
        publish_put: (request) => void asked.push(request),
        publish_delete: (request) => void asked.push(request),
        publish_list: () => ["a"],
      };
      await withScheduler(answers, async (client, { said }) => {
        deepEqual(await client.listDatasets(), ["a"]);
        const dataset = await client.getDataset("a");
        deepEqual([dataset!.keys, dataset!.value()], [["a"], { rows: 3 }]);
        equal(await client.getDataset(""), undefined);
        await client.publishDataset("b", 1, { keys: ["k"] });
        await client.unpublishDataset("b");
        const [put, gone] = asked as [Fields, Fields];
        deepEqual(isNew ? put.names : put.name, isNew ? ["b"] : "b");
        deepEqual(put.keys, isNew ? [["k"]] : ["k"]);
        deepEqual(isNew ? gone.names : gone.name, isNew ? ["b"] : "b");
        const flushed = said.map(({ uid }) => uid);
        deepEqual(flushed, isNew ? [put.uid, gone.uid] : []);
      });
    }
  });
});
