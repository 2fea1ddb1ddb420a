import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { describe, test } from "bun:test";
import { Hono } from "hono";
import { cors } from "hono/cors";
import {
  type Bytes,
  dumps,
  formatOf,
  formats,
  loads,
  RemoteError,
} from "../../mod.ts";
import {
  type Brine,
  brine,
  type BrineEnv,
  type BrineOptions,
} from "../../src/server/mod.ts";
import {
  bytesOf,
  collectBytes,
  counted,
  errorOf,
  pause,
  post,
  until,
  utf8,
} from "./_helpers.ts";

function echo(options: BrineOptions = {}) {
  const app = new Hono<BrineEnv>();
  app.use(brine(options));
  app.post("/echo", (c) => c.var.brine.respond(c.var.brine.values()));
  return app as unknown as Hono;
}

async function valuesOf(name: string, bytes: Bytes): Promise<unknown[]> {
  const batches = (new Blob([bytes]).stream() as ReadableStream<Bytes>)
    .pipeThrough(formatOf(name).batches().decoder());
  const all: unknown[] = [];
  const reader = batches.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    all.push(...next.value);
  }
  return all;
}

const VALUES = [{ id: 1, text: "ü" }, { id: 2, text: "" }];

describe("brine()", () => {
  test("has short names, too", async () => {
    // TypeScript knows nothing of them: see `docs/server.md`.
    type Short = { brine: Brine["respond"]; req: { brine: Brine["values"] } };
    const app = new Hono<BrineEnv>();
    app.use(brine());
    app.post("/echo", (c) => {
      const short = c as unknown as Short;
      return short.brine(short.req.brine(), { to: "json-array" });
    });
    const body = '{"a":1}\n{"a":2}\n';
    const headers = { "content-type": "application/x-ndjson" };
    const response = await app.request("/echo", {
      method: "POST",
      body,
      headers,
    });
    equal(await response.text(), '[{"a":1},{"a":2}]');
  });

  for (const { name, mediaTypes: [type], typed } of formats) {
    if (type === undefined || ["npy", "npz"].includes(name)) continue;
    test(`values of ${type}, in and out`, async () => {
      const format = name === "json" ? "json-array" : name;
      const values = typed ? [...VALUES, 5n, new Date(7)] : VALUES;
      const batches = new ReadableStream<readonly unknown[]>({
        start(controller) {
          controller.enqueue(values);
          controller.close();
        },
      });
      const body = await collectBytes(
        batches.pipeThrough(formatOf(format).batches().encoder()),
      );
      const response = await post(echo(), "/echo", body, {
        "content-type": type,
        accept: type,
      });
      equal(response.headers.get("content-type"), type);
      deepEqual(await valuesOf(format, await bytesOf(response)), values);
    });
  }

  test("one value of JSON, if asked for", async () => {
    const response = await post(echo({ json: "json" }), "/echo", '{"a":1}', {
      "content-type": "application/json; charset=utf-8",
      accept: "application/json",
    });
    equal(await response.text(), '{"a":1}');
  });

  test("who takes anything gets brine, or what the app says", async () => {
    const headers = { "content-type": "application/x-ndjson" };
    deepEqual(
      await loads(await bytesOf(await post(echo(), "/echo", "1\n", headers))),
      1,
    );
    const response = await post(
      echo({ otherwise: "ndjson" }),
      "/echo",
      "1\n",
      headers,
    );
    equal(await response.text(), "1\n");
  });

  test("answers with anything that has values", async () => {
    const app = new Hono<BrineEnv>();
    app.use(brine({ otherwise: "ndjson" }));
    app.get("/array", (c) => c.var.brine.respond([1, 2]));
    app.get("/many", (c) => c.var.brine.respond(new Set(Array(1_000).keys())));
    app.get("/later", (c) =>
      c.var.brine.respond((async function* () {
        yield 1;
        await pause(1);
        yield 2;
      })()));
    app.get("/created", (c) => {
      c.header("x-mine", "yes");
      return c.var.brine.respond(["x"], {
        status: 201,
        headers: { "x-more": "too" },
        to: "json-array",
        compress: "gzip",
      });
    });
    equal(await (await app.request("/array")).text(), "1\n2\n");
    equal(
      (await (await app.request("/many")).text()).split("\n").length,
      1_001,
    );
    equal(await (await app.request("/later")).text(), "1\n2\n");
    const created = await app.request("/created");
    equal(created.status, 201);
    equal(created.headers.get("x-mine"), "yes");
    equal(created.headers.get("x-more"), "too");
    equal(created.headers.get("content-encoding"), "gzip");
    const plain: ReadableStream<Bytes> = created.body!.pipeThrough(
      new DecompressionStream("gzip") as never,
    );
    equal(await new Response(plain).text(), '["x"]');
  });

  test("what is wrong with a request is as in the server", async () => {
    const quiet = echo({ maxBodyBytes: 100 });
    const statusOf = async (body: string, type: string, accept = "*/*") =>
      (await errorOf(
        await post(quiet, "/echo", body, { "content-type": type, accept }),
      ))[0];
    equal(await statusOf("?", "application/x-ndjson"), 400);
    equal(await statusOf("1\n".repeat(80), "application/x-ndjson"), 413);
    equal(await statusOf("1", "text/plain"), 415);
    equal(await statusOf("1", "application/x-ndjson", "text/html"), 415);
  });

  test("and has the headers of other middleware", async () => {
    const app = new Hono<BrineEnv>();
    app.use(cors(), brine());
    app.post("/", async (c) => {
      for await (const _ of c.var.brine.values());
      return c.text("");
    });
    const response = await post(app as unknown as Hono, "/", "[1", {
      "content-type": "application/json",
      origin: "https://example.com",
    });
    equal(response.status, 400);
    equal(response.headers.get("access-control-allow-origin"), "*");
    equal(response.headers.get("content-type"), "application/json");
  });

  test("unless the app's own handler of errors answers", async () => {
    const app = echo();
    app.onError((_error, c) => c.text("mine", 418));
    const response = await post(app, "/echo", "?", {
      "content-type": "application/x-ndjson",
    });
    equal(response.status, 418);
    equal(await response.text(), "mine");
  });

  test("a failure of the app stays one", async () => {
    const app = new Hono<BrineEnv>();
    app.use(brine());
    app.onError((_error, c) => c.text("its own", 500));
    app.get("/", () => {
      throw new Error("no");
    });
    equal(await (await app.request("/")).text(), "its own");
  });

  test("a failure under way is the last message", async () => {
    const seen: unknown[] = [];
    const app = new Hono<BrineEnv>();
    app.use(brine({ onError: (error) => seen.push(error) }));
    app.get("/", (c) =>
      c.var.brine.respond((async function* () {
        yield 1;
        await pause(60);
        throw new Error("the password is swordfish");
      })()));
    const bytes = await bytesOf(await app.request("/"));
    await rejects(valuesOf("brine", bytes), RemoteError);
    ok(!new TextDecoder().decode(bytes).includes("swordfish"));
    match(String(seen[0]), /swordfish/);
  });

  test("a reader that stands still, and then goes away, holds back and stops the source", async () => {
    const source = counted(() => utf8('{"id":1234567}\n'.repeat(4_369)));
    const response = await post(echo(), "/echo", source.stream, {
      "content-type": "application/x-ndjson",
    });
    const reader = response.body!.getReader();
    await reader.read();
    await pause(100);
    const { pulled } = source;
    await pause(100);
    ok(source.pulled - pulled <= 1, "still pulling");
    await reader.cancel();
    await until(() => source.cancelled !== undefined);
  });

  test("an iterator is told that nobody wants more", async () => {
    let ended = false;
    const app = new Hono<BrineEnv>();
    app.use(brine());
    app.get("/", (c) =>
      c.var.brine.respond((async function* () {
        try {
          for (;;) {
            yield "x".repeat(100_000);
          }
        } finally {
          ended = true;
        }
      })()));
    const reader = (await app.request("/")).body!.getReader();
    await reader.read();
    await reader.cancel();
    await until(() => ended);
  });

  test("a body of one value, from dumps()", async () => {
    const response = await post(
      echo(),
      "/echo",
      await dumps(new Map([[1, 2]])),
      {
        "content-type": "application/vnd.brine",
      },
    );
    deepEqual(await loads(await bytesOf(response)), new Map([[1, 2]]));
  });
});
