import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "bun:test";
import { type Bytes, formatOf, loads, RemoteError } from "../../mod.ts";
import { serve, type ServeOptions } from "../../src/server/mod.ts";
import {
  bytesOf,
  collectBytes,
  counted,
  drain,
  errorOf,
  pause,
  until,
  utf8,
} from "./_helpers.ts";

const LINES = utf8('{"id":1234567}\n'.repeat(4_369));

/** Runs a server on a free port for as long as the work takes. */
async function serving(
  work: (url: string) => Promise<void>,
  options: ServeOptions = {},
): Promise<void> {
  const server = await serve(options);
  try {
    await work(server.url);
  } finally {
    await server.close();
  }
}

function post(
  url: string,
  body: BodyInit | ReadableStream<Bytes>,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(
    url,
    { ...init, method: "POST", body, duplex: "half" } as RequestInit,
  );
}

describe("serve", () => {
  test("answers at its address until it is closed", async () => {
    const server = await serve();
    match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(`${server.url}/health`);
    deepEqual(await response.json(), { ok: true });
    await server.close();
    await rejects(fetch(`${server.url}/health`));
  });

  test("a port that is taken is an error", () =>
    serving(async (url) => {
      await rejects(serve({ port: Number(new URL(url).port) }));
    }));

  test("values make the way there and back", () =>
    serving(async (url) => {
      const response = await post(
        `${url}/convert?from=json&to=brine&compress=zstd`,
        '{"a":[1,"ü"]}',
      );
      deepEqual(await loads(await bytesOf(response)), { a: [1, "ü"] });
    }));

  test("statuses, over a port as without", () =>
    serving(async (url) => {
      const statusOf = async (path: string, body: string) =>
        (await errorOf(await post(url + path, body)))[0];
      equal(await statusOf("/convert?from=json&to=brine", "{"), 400);
      equal(
        await statusOf("/convert?from=json&to=brine", "1".repeat(2_000)),
        413,
      );
      equal(await statusOf("/convert?from=yaml&to=brine", "1"), 415);
      equal(await statusOf("/nothing", "1"), 404);
      equal(await statusOf("/health", "1"), 405);
    }, { maxBodyBytes: 1_000 }));

  test("30 MB up and down, with the upload far from held whole", () =>
    serving(async (url) => {
      const source = counted((i) => i < 480 ? LINES : undefined);
      const response = await post(
        `${url}/convert?from=ndjson&to=brine&compress=zstd`,
        source.stream,
      );
      let values = 0;
      await (response.body as ReadableStream<Bytes>)
        .pipeThrough(formatOf("brine").batches().decoder())
        .pipeTo(
          new WritableStream({
            write: ({ length }) => void (values += length),
          }),
        );
      equal(values, 480 * 4_369);
    }));

  test("a slow reader holds the source back", () =>
    serving(async (url) => {
      const source = counted((i) => i < 3_200 ? LINES : undefined);
      const response = await post(
        `${url}/convert?from=ndjson&to=ndjson`,
        source.stream,
      );
      const reader = response.body!.getReader();
      await reader.read();
      // Sockets on either side hold some megabytes; of 200 the rest has to wait.
      let before = -1;
      while (source.pulled !== before) {
        before = source.pulled;
        await pause(150);
      }
      ok(source.pulled < 1_600, `${source.pulled} chunks are under way`);
      await reader.cancel();
    }));

  test("a client that goes away stops the source", () =>
    serving(async (url) => {
      const aborted = new AbortController();
      const source = counted(() => pause(1).then(() => LINES));
      const response = await post(
        `${url}/convert?from=ndjson&to=brine`,
        source.stream,
        { signal: aborted.signal },
      );
      await response.body!.getReader().read();
      aborted.abort();
      await until(() => source.cancelled !== undefined);
    }));

  test("a failure under way: the last message of brine and lines, and otherwise no end", () =>
    serving(async (url) => {
      for (const to of ["brine", "lines", "ndjson", "msgpack", "json-array"]) {
        let begin!: () => void;
        const begun = new Promise<void>((resolve) => begin = resolve);
        const source = counted(async (i) => {
          if (i < 8) return LINES;
          await begun;
          return i === 8 ? utf8("?\n") : undefined;
        });
        const response = await post(
          `${url}/convert?from=ndjson&to=${to}`,
          source.stream,
        );
        equal(response.status, 200);
        begin();
        if (to === "brine" || to === "lines") {
          const values = new Blob([await bytesOf(response)])
            .stream() as ReadableStream<Bytes>;
          await rejects(
            values.pipeThrough(formatOf(to).batches().decoder()).pipeTo(
              new WritableStream(),
            ),
            RemoteError,
          );
        } else {
          const { error } = await drain(response.body as ReadableStream<Bytes>);
          ok(error, `${to} ended as if it were whole`);
        }
      }
    }));

  test("a gzip bomb is stopped by the limit", () =>
    serving(async (url) => {
      const blanks = counted((i) =>
        i < 320 ? new Uint8Array(64 << 10).fill(0x20) : undefined
      );
      const bomb = await collectBytes(
        blanks.stream.pipeThrough(
          new CompressionStream("gzip"),
        ) as ReadableStream<Bytes>,
      );
      const response = await post(`${url}/convert?from=ndjson&to=brine`, bomb, {
        headers: { "content-encoding": "gzip" },
      });
      deepEqual((await errorOf(response)).slice(0, 2), [413, "LimitError"]);
    }, { maxDecodedBytes: 1e6 }));

  test("closing lets what is under way come to its end, and takes nothing new", async () => {
    const server = await serve();
    let end!: () => void;
    const ending = new Promise<undefined>((resolve) =>
      end = () => resolve(undefined)
    );
    const source = counted((i) => i < 40 ? LINES : ending);
    const response = await post(
      `${server.url}/convert?from=ndjson&to=ndjson`,
      source.stream,
    );
    const reading = drain(response.body as ReadableStream<Bytes>);
    await until(() => source.pulled > 40);
    const closed = server.close(60);
    // Either nobody listens any more, or it says so.
    const refused = await fetch(`${server.url}/formats`).then(
      (response) => response.body!.cancel().then(() => response.status),
      () => "refused",
    );
    ok(["refused", 200].includes(refused));
    const more = await post(`${server.url}/verify?from=json`, "1").then(
      (response) => response.body!.cancel().then(() => response.status),
      () => "refused",
    );
    ok(["refused", 503].includes(more), String(more));
    end();
    const { text, error } = await reading;
    equal(error, undefined);
    equal(text.length, 40 * LINES.length);
    await closed;
    await rejects(fetch(`${server.url}/health`));
  });

  test("an answer of HTTP/1.0 that breaks off ends by a reset, a whole one does not", () =>
    serving(async (url) => {
      const end = (body: string) =>
        new Promise<string>((resolve) => {
          const socket = connect(Number(new URL(url).port), "127.0.0.1");
          let answer = "";
          socket.on("data", (data) => answer += data);
          socket.on("end", () => resolve(answer));
          socket.on("error", ({ code }: Error & { code?: string }) =>
            resolve(code!));
          socket.write(
            "POST /convert?from=ndjson&to=ndjson HTTP/1.0\r\n" +
              `content-length: ${body.length}\r\n\r\n${body}`,
          );
        });
      const body = '{"id":1234567}\n'.repeat(40_000);
      match(await end(body), /^HTTP\/1\.\d 200[^]*1234567}\n$/);
      equal(await end(body + "!\n"), "ECONNRESET");
    }));

  test("a request that does not come to its body is given up, and a slow body is not", () =>
    serving(async (url) => {
      const send = (first: string, drops: string) =>
        new Promise<string>((resolve) => {
          const socket = connect(Number(new URL(url).port), "127.0.0.1");
          let answer = "";
          socket.on("data", (data) => answer += data);
          socket.on("error", () => {});
          socket.write(first);
          let next = 0;
          const dripping = setInterval(() => socket.write(drops[next++]!), 300);
          socket.on("close", () => {
            clearInterval(dripping);
            resolve(answer);
          });
        });
      const [head, body] = await Promise.all([
        send("GET /health HTTP/1.1\r\n", "x".repeat(1_000)),
        send(
          "POST /verify?from=json HTTP/1.1\r\nhost: a\r\n" +
            "content-length: 9\r\nconnection: close\r\n\r\n",
          "123456789",
        ),
      ]);
      // What was said at the end may be lost with the connection.
      match(head, /^(HTTP\/1.1 408 |$)/);
      match(body, /^HTTP\/1.1 200 [^]*"ok":true/);
    }, { idleSeconds: 1 }));

  /** An answer to a body that does not end. */
  async function endless(url: string) {
    const source = counted((i) =>
      i < 40 ? LINES : new Promise<undefined>(() => {})
    );
    const to = `${url}/convert?from=ndjson&to=ndjson`;
    const { body } = await post(to, source.stream);
    return { reading: drain(body as ReadableStream<Bytes>) };
  }

  test("closing again, at once, does not wait for the first", async () => {
    const server = await serve();
    const { reading } = await endless(server.url);
    const first = server.close(60);
    await server.close();
    await first;
    ok((await reading).error);
  });

  test("closing breaks off what takes too long", async () => {
    const server = await serve();
    const { reading } = await endless(server.url);
    await server.close(0.05);
    ok((await reading).error);
  });
});
