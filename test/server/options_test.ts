import { deepEqual, equal, match, ok } from "node:assert/strict";
import { describe, test } from "bun:test";
import {
  type AccessEntry,
  createApp,
  type ServerOptions,
} from "../../src/server/mod.ts";
import { formatOf, RemoteError } from "../../mod.ts";
import {
  bytesOf,
  counted,
  drain,
  errorOf,
  post,
  until,
  utf8,
} from "./_helpers.ts";

const LINES = utf8('{"id":1234567}\n'.repeat(4_369));
const CONVERT = "/convert?from=ndjson&to=ndjson";

/** An app, and what it has logged. */
function logging(options: ServerOptions = {}) {
  const entries: AccessEntry[] = [];
  const app = createApp({ ...options, log: (entry) => entries.push(entry) });
  return { app, entries };
}

describe("a token", () => {
  const app = createApp({ token: ["one", "two"], metrics: true });

  test("is wanted by all that does or tells anything", async () => {
    for (const path of ["/convert", "/inspect", "/verify"]) {
      const response = await post(app, path, "1");
      equal(response.status, 401);
      match(response.headers.get("www-authenticate")!, /^Bearer /);
      ok(response.headers.get("x-request-id"));
      equal((await response.json()).error.name, "UnauthorizedError");
    }
    for (const path of ["/formats", "/metrics"]) {
      equal((await app.request(path)).status, 401);
    }
    for (const path of ["/health", "/openapi.json", "/docs"]) {
      equal((await app.request(path)).status, 200);
    }
  });

  test("lets in who has one of them, and nobody else", async () => {
    const statusOf = async (authorization: string) =>
      (await app.request("/formats", { headers: { authorization } })).status;
    equal(await statusOf("Bearer one"), 200);
    equal(await statusOf("Bearer two"), 200);
    equal(await statusOf("Bearer three"), 401);
    equal(await statusOf("Basic one"), 400);
  });
});

describe("time", () => {
  test("that is up is 408, when nothing has come", async () => {
    const { app, entries } = logging({ maxSeconds: 0.02 });
    const source = counted(() => new Promise(() => {}));
    const response = await post(app, CONVERT, source.stream);
    equal(response.status, 408);
    match((await response.json()).error.message, /longer than 0.02 s/);
    ok(source.cancelled);
    equal(entries[0]!.status, 408);
  });

  test("that is up later is the last message", async () => {
    const { app, entries } = logging({ maxSeconds: 0.2 });
    const source = counted((i) => i < 8 ? LINES : new Promise(() => {}));
    const response = await post(
      app,
      "/convert?from=ndjson&to=brine",
      source.stream,
    );
    const bytes = new Blob([await bytesOf(response)]);
    let error: unknown;
    let values = 0;
    try {
      const batches =
        (bytes.stream() as ReadableStream<Uint8Array<ArrayBuffer>>)
          .pipeThrough(formatOf("brine").batches().decoder());
      for await (
        const { length } of batches as unknown as AsyncIterable<unknown[]>
      ) {
        values += length;
      }
    } catch (thrown) {
      error = thrown;
    }
    ok(values > 0);
    ok(error instanceof RemoteError);
    equal(entries[0]!.end, "failed");
    match(entries[0]!.error!, /longer/);
  });

  test("is up for those who do not read, too", async () => {
    const { app, entries } = logging({ maxSeconds: 0.05 });
    const source = counted(() => LINES);
    const response = await post(app, CONVERT, source.stream);
    const reader = response.body!.getReader();
    await reader.read();
    await until(() => entries.length > 0);
    ok(source.cancelled);
    equal(entries[0]!.end, "failed");
  });
});

describe("requests at once", () => {
  test("are limited; who ends makes room", async () => {
    const { app } = logging({ maxConcurrent: 2, metrics: true });
    const open = async () => {
      const response = await post(app, CONVERT, counted(() => LINES).stream);
      equal(response.status, 200);
      return response.body!;
    };
    const [first, second] = [await open(), await open()];
    const refused = await post(app, CONVERT, "1\n");
    equal(refused.headers.get("retry-after"), "1");
    equal((await errorOf(refused))[0], 503);
    equal((await app.request("/health")).status, 200);
    match(await (await app.request("/metrics")).text(), /in_flight 2\n/);
    await first.cancel();
    equal(await (await post(app, CONVERT, "1\n")).text(), "1\n");
    await second.cancel();
  });
});

test("bytes are told as they pass, in and out", async () => {
  const told: number[] = [];
  const app = createApp({ onBytes: (count) => told.push(count) });
  const body = '{"a":1}\n';
  const path = "/convert?from=ndjson&to=json-array";
  const answer = await bytesOf(await post(app, path, body));
  equal(told.reduce((a, b) => a + b), body.length + answer.length);
});

describe("the log", () => {
  test("has a line for each request, at its end", async () => {
    const { app, entries } = logging();
    const response = await post(app, CONVERT, '{"a": 1}\n', {
      "x-request-id": "abc",
    });
    equal(response.headers.get("x-request-id"), "abc");
    equal(entries.length, 0);
    await response.text();
    const [{ time, seconds, ...entry }] = entries as [AccessEntry];
    deepEqual(entry, {
      id: "abc",
      method: "POST",
      path: "/convert",
      status: 200,
      end: "whole",
      received: 9,
      sent: 8,
    });
    ok(seconds >= 0);
    ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
  });

  test("tells who went away, and what failed", async () => {
    const { app, entries } = logging({ onError() {} });
    const away = await post(app, CONVERT, counted(() => LINES).stream);
    await away.body!.cancel();
    const failing = counted((i) => {
      if (i < 8) return LINES;
      throw new Error("gone");
    });
    await drain((await post(app, CONVERT, failing.stream)).body as never);
    await (await post(app, CONVERT, "?")).text();
    deepEqual(
      entries.map(({ status, end }) => `${status} ${end}`),
      ["200 aborted", "200 failed", "400 whole"],
    );
    match(entries[1]!.error!, /gone/);
    match(entries[2]!.error!, /FormatError/);
  });

  test("is told of a HEAD and of a status without a body", async () => {
    const { app, entries } = logging({ cors: "*" });
    await app.request("/health", { method: "HEAD" });
    await app.request("/convert", {
      method: "OPTIONS",
      headers: { origin: "https://a.example" },
    });
    deepEqual(entries.map(({ status }) => status), [200, 204]);
  });
});

describe("GET /metrics", () => {
  test("counts requests, bytes and durations", async () => {
    const app = createApp({ metrics: true });
    for (const body of ["1\n", "2\n", "?"]) {
      await (await post(app, CONVERT, body)).text();
    }
    await (await app.request("/no/such")).text();
    const response = await app.request("/metrics");
    match(response.headers.get("content-type")!, /^text\/plain; version=0.0.4/);
    const lines = (await response.text()).split("\n");
    const expected = [
      'brine_requests_total{method="POST",route="/convert",status="200",end="whole"} 2',
      'brine_requests_total{method="POST",route="/convert",status="400",end="whole"} 1',
      'brine_requests_total{method="GET",route="other",status="404",end="whole"} 1',
      'brine_received_bytes_total{route="/convert"} 5',
      'brine_request_seconds_count{route="/convert"} 3',
      'brine_request_seconds_bucket{route="/convert",le="+Inf"} 3',
      "brine_requests_in_flight 0",
    ];
    deepEqual(expected.filter((line) => !lines.includes(line)), []);
    // Each line is a comment or a sample.
    for (const line of lines.slice(0, -1)) {
      match(
        line,
        /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"\\]*",?)+\})? [\d.e+-]+)$/,
      );
    }
  });

  test("is there only if asked for", async () => {
    equal((await createApp().request("/metrics")).status, 404);
  });
});

describe("headers", () => {
  test("tell browsers to do nothing with an answer", async () => {
    const { headers } = await createApp().request("/health");
    match(headers.get("content-security-policy")!, /^default-src 'none'/);
    equal(headers.get("x-content-type-options"), "nosniff");
    equal(headers.get("cross-origin-resource-policy"), "same-origin");
  });

  test("let other origins in where that is asked for", async () => {
    const { headers } = await createApp({ cors: "*" }).request("/health", {
      headers: { origin: "https://a.example" },
    });
    equal(headers.get("access-control-allow-origin"), "*");
    equal(headers.get("cross-origin-resource-policy"), "cross-origin");
  });
});

describe("a page", () => {
  test("answers what no route does, with a policy of its own", async () => {
    const app = createApp({
      page: (request) =>
        new URL(request.url).pathname === "/"
          ? new Response("page", {
            headers: { "content-security-policy": "default-src 'self'" },
          })
          : new Response(null, { status: 404 }),
    });
    const response = await app.request("/");
    equal(await response.text(), "page");
    equal(
      response.headers.get("content-security-policy"),
      "default-src 'self'",
    );
    equal((await app.request("/formats")).status, 200);
    equal((await app.request("/else")).status, 404);
    equal((await app.request("/", { method: "POST" })).status, 404);
  });
});

describe("the query", () => {
  test("has no names that are not known, and no values that mean nothing", async () => {
    for (const query of ["form=ndjson", "from=ndjson&to=json&lossy=1"]) {
      equal(
        (await errorOf(await post(createApp(), `/convert?${query}`, "1")))[0],
        400,
      );
    }
  });
});
