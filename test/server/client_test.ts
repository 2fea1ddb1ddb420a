import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "bun:test";
import {
  type Bytes,
  dumps,
  FormatError,
  messages,
  RemoteError,
} from "../../mod.ts";
import { createApp, createClient } from "../../src/server/mod.ts";
import { collectBytes } from "./_helpers.ts";

const COUNT = 30_000;
let folder: string;
let stored: Bytes;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "client-"));
  const values = new ReadableStream<{ id: number }>({
    start(controller) {
      for (let id = 0; id < COUNT; id++) controller.enqueue({ id });
      controller.close();
    },
  });
  const stage = messages<{ id: number }>({ maxValues: 1_000 });
  stored = await collectBytes(values.pipeThrough(stage.encoder()));
  await writeFile(join(folder, "a.brine"), stored);
  await writeFile(
    join(folder, "result"),
    '{"metadata":{"storage_key":"r","serializer":{"type":"json"}},"result":"[1, 2]"}',
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function all<T>(stream: ReadableStream<T>): Promise<T[]> {
  const values: T[] = [];
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    values.push(next.value);
  }
  return values;
}

const app = () => createApp({ files: folder, prefect: folder, token: "t" });
const client = (options: object = {}) =>
  createClient("http://a.example/", {
    token: "t",
    fetch: (request) => app().fetch(request),
    ...options,
  });

describe("createClient", () => {
  test("has every route", async () => {
    const { formats } = await client().formats();
    ok(formats.some(({ name }) => name === "brine"));
    deepEqual(await all(await client().values("1\n2\n", { from: "ndjson" })), [
      1,
      2,
    ]);
    const bytes = await client().convert("[1,2]", {
      from: "json-array",
      to: "ndjson",
    });
    equal(await new Response(bytes).text(), "1\n2\n");
    deepEqual(
      await client().verify(await dumps(1), { from: "brine", deep: true }),
      {
        ok: true,
        messages: 1,
        values: 1,
        bytes: 372,
      },
    );
    const lines = await all(await client().inspect(await dumps(1)));
    deepEqual(lines.at(-1), { total: { messages: 1, values: 1, bytes: 372 } });
    deepEqual(await all(await client().prefect("result")), [[1, 2]]);
    deepEqual(await all(await client().prefect("result", { part: "items" })), [
      1,
      2,
    ]);
  });

  test("refusals are RemoteErrors, with all that the server says", async () => {
    await rejects(client().convert("1\n?", { from: "ndjson" }), (error) => {
      ok(error instanceof RemoteError);
      const { status, name, offset } = error.cause as Record<string, unknown>;
      deepEqual([status, name, offset], [400, "FormatError", 2]);
      return true;
    });
    await rejects(client({ token: "u" }).formats(), RemoteError);
    await rejects(client().prefect("../x"), RemoteError);
    const broken = client({
      fetch: () => new Response("<html>", { status: 502 }),
    });
    await rejects(broken.formats(), new RemoteError("The server says 502"));
  });

  test("the token goes nowhere else", async () => {
    const seen: (string | null)[] = [];
    const spy = client({
      headers: { "x-key": "k" },
      fetch(request: Request) {
        seen.push(
          request.headers.get("authorization"),
          request.headers.get("x-key"),
        );
        return new Response(stored.slice());
      },
    });
    await all(spy.download("https://b.example/a.brine"));
    await all(spy.download("files/a.brine"));
    deepEqual(seen, [null, null, "Bearer t", "k"]);
  });
});

/** A server that breaks off after so many bytes of each answer. */
function breaking(lengths: number[], how: "error" | "close" = "error") {
  const ranges: (string | null)[] = [];
  const fetch = async (request: Request) => {
    ranges.push(request.headers.get("range"));
    const response = await app().fetch(request);
    let left = lengths.shift() ?? Infinity;
    const body = (response.body as ReadableStream<Bytes>).pipeThrough(
      new TransformStream<Bytes, Bytes>({
        transform(chunk, controller) {
          if (chunk.length <= left) controller.enqueue(chunk);
          else {
            controller.enqueue(chunk.subarray(0, left));
            if (how === "close") controller.terminate();
            else controller.error(new TypeError("the connection is gone"));
          }
          left -= Math.min(left, chunk.length);
        },
      }),
    );
    return new Response(body, response);
  };
  return { ranges, fetch };
}

describe("download", () => {
  const ids = Array.from({ length: COUNT }, (_, id) => id);
  const idsOf = async (options: object) => {
    const stream = client(options).download<{ id: number }>("files/a.brine", {
      delay: 1,
    });
    return (await all(stream)).map(({ id }) => id);
  };

  for (const how of ["error", "close"] as const) {
    test(`goes on after the last whole message, when the connection ends by ${how}`, async () => {
      const { ranges, fetch } = breaking([50, 100_000, 200_000, 0, 1], how);
      deepEqual(await idsOf({ fetch }), ids);
      equal(ranges.length, 6);
      equal(ranges[0], null);
      // Nothing whole had come.
      equal(ranges[1], null);
      for (const range of ranges.slice(2)) {
        ok(/^bytes=\d+-$/.test(range!), range!);
      }
    });
  }

  test("cut anywhere, each value comes exactly once", async () => {
    for (let cut = 0; cut < stored.length; cut += 40_009) {
      deepEqual(await idsOf({ fetch: breaking([cut]).fetch }), ids);
    }
    for (let back = 1; back < 400; back += 37) {
      deepEqual(
        await idsOf({ fetch: breaking([stored.length - back], "close").fetch }),
        ids,
      );
    }
  });

  test("gives up when nothing whole comes any more", async () => {
    const { ranges, fetch } = breaking([100_000, ...Array(20).fill(10)]);
    await rejects(idsOf({ fetch }), /the connection is gone/);
    equal(ranges.length, 6);
  });

  test("fails at once on damage, on refusal, and when what is stored has changed", async () => {
    const damaged = stored.slice();
    damaged[100_000]! ^= 1;
    let asked = 0;
    const once = (response: () => Response) => ({
      fetch: () => (asked++, Promise.resolve(response())),
    });
    await rejects(idsOf(once(() => new Response(damaged))), FormatError);
    equal(asked, 1);
    asked = 0;
    const refuse = () =>
      Response.json({ error: { message: "no" } }, { status: 404 });
    await rejects(idsOf(once(refuse)), RemoteError);
    equal(asked, 1);
    const later = [503, 429, 408].map((status) => new Response("", { status }));
    const busy = () => later.shift() ?? new Response(stored);
    equal((await idsOf(once(busy))).length, COUNT);
    await rejects(idsOf({ token: "u" }), RemoteError);

    let tag = 0;
    const { fetch } = breaking([100_000]);
    const changing = async (request: Request) => {
      const response = await fetch(request);
      response.headers.set("etag", `"${tag++}"`);
      return response;
    };
    await rejects(idsOf({ fetch: changing }), /has changed/);

    const noRanges = breaking([100_000]);
    const whole = (request: Request) => {
      const headers = new Headers(request.headers);
      headers.delete("range");
      return noRanges.fetch(new Request(request.url, { headers }));
    };
    await rejects(idsOf({ fetch: whole }), /no ranges/);
  });

  test("ends when it is cancelled or given up", async () => {
    const controller = new AbortController();
    const { fetch } = breaking([100_000, 0, 0, 0, 0, 0, 0, 0]);
    const stream = client({ fetch }).download("files/a.brine", {
      signal: controller.signal,
      delay: 1e6,
    });
    const reader = stream.getReader();
    await reader.read();
    setTimeout(() => controller.abort(new Error("enough")), 30);
    await rejects(
      (async () => {
        while (!(await reader.read()).done);
      })(),
      /enough/,
    );
  });
});
