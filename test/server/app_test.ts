import { deepEqual, equal, match, ok } from "node:assert/strict";
import { describe, test } from "bun:test";
import {
  type Bytes,
  codecOf,
  dumps,
  errorMessage,
  formatOf,
  formats,
  frames,
  loads,
  messageBatches,
} from "../../mod.ts";
import { createApp } from "../../src/server/mod.ts";
import {
  bytesOf,
  collectBytes,
  errorOf,
  post,
  streamOf,
  utf8,
} from "./_helpers.ts";

const app = createApp();
/** Files of numpy hold arrays and nothing else. */
const isArrays = (name: string) => ["npy", "npz"].includes(name);
const names = formats.map(({ name }) => name).filter((name) => !isArrays(name));

/** What every format can hold; a document holds one value, so each is a body of its own as well. */
const VALUES = [
  null,
  true,
  -1.5,
  2 ** 31,
  "",
  "ünï\u2028 \u0000 😀",
  [],
  {},
  [[], [1, [2]]],
  { a: { b: [null, "c"] }, "": 1, "$": "$" },
];

async function encoded(name: string, values: unknown[]): Promise<Bytes> {
  const { encoder } = formatOf(name).batches();
  return await collectBytes(streamOf(values).pipeThrough(encoder()));
}

async function decoded(name: string, bytes: Bytes): Promise<unknown[]> {
  const stream = new Blob([bytes]).stream() as ReadableStream<Bytes>;
  const values: unknown[] = [];
  await stream.pipeThrough(formatOf(name).batches().decoder()).pipeTo(
    new WritableStream({
      write: (batch) => {
        values.push(...batch);
      },
    }),
  );
  return values;
}

describe("POST /convert", () => {
  for (const from of names) {
    for (const to of names) {
      test(`${from} to ${to}`, async () => {
        const single = [from, to].includes("json");
        const cases = single ? VALUES.map((value) => [value]) : [VALUES, []];
        for (const values of cases) {
          const path = `/convert?from=${from}&to=${to}`;
          const response = await post(app, path, await encoded(from, values));
          const type = formatOf(to).mediaTypes[0] ?? "application/json";
          equal(response.headers.get("content-type"), type);
          deepEqual(await decoded(to, await bytesOf(response)), values);
        }
      });
    }
  }

  test("keeps every type between typed formats", async () => {
    const value = {
      at: new Date(5),
      set: new Set([1n]),
      data: new Float32Array(3),
    };
    const lines = await bytesOf(
      await post(app, "/convert?from=brine&to=lines", await dumps(value)),
    );
    deepEqual(await decoded("lines", lines), [value]);
  });

  test("compress is of frames, or else of the whole", async () => {
    const body = JSON.stringify(Array(20_000).fill("same"));
    for (const codec of ["gzip", "brotli", "zstd", "deflate"]) {
      const path = `/convert?from=json&compress=${codec}&to=`;
      const brine = await bytesOf(await post(app, path + "brine", body));
      ok(brine.length < 5_000);
      equal((await loads<string[]>(brine)).length, 20_000);

      const response = await post(app, path + "ndjson", body);
      const coding = codec === "brotli" ? "br" : codec;
      equal(response.headers.get("content-encoding"), coding);
      const coded = await bytesOf(response);
      const stream = new Blob([coded]).stream() as ReadableStream<Bytes>;
      const plain = stream.pipeThrough(codecOf(codec).decoder());
      equal(await new Response(plain).text(), body + "\n");
    }
    const response = await post(
      app,
      "/convert?from=json&to=ndjson&compress=deflate-raw",
      body,
    );
    deepEqual((await errorOf(response)).slice(0, 2), [415, "UnknownNameError"]);
  });

  test("Content-Encoding is taken off, twice too", async () => {
    for (
      const codings of [
        ["gzip"],
        ["deflate"],
        ["br"],
        ["zstd"],
        ["X-Gzip"],
        ["zstd", "gzip"],
        ["identity"],
        [],
      ]
    ) {
      let bytes = utf8('{"a":1}\n');
      for (const coding of codings) {
        const name = { br: "brotli", "X-Gzip": "gzip" }[coding] ?? coding;
        if (name === "identity") continue;
        const stream = new Blob([bytes]).stream() as ReadableStream<Bytes>;
        bytes = await collectBytes(stream.pipeThrough(codecOf(name).encoder()));
      }
      const response = await post(app, "/convert?from=ndjson&to=json", bytes, {
        "content-encoding": codings.join(", "),
      });
      equal(await response.text(), '{"a":1}');
    }
  });

  test("formats by Content-Type and Accept", async () => {
    const convert = (type: string, accept?: string) =>
      post(app, "/convert", '{"a":1}', {
        "content-type": type,
        ...accept !== undefined && { accept },
      });
    const typeOf = async (...args: [string, string?]) =>
      (await convert(...args)).headers.get("content-type");
    equal(
      await typeOf("application/x-ndjson", "application/msgpack"),
      "application/vnd.msgpack",
    );
    equal(
      await typeOf(
        "Application/JSON; charset=utf-8",
        "text/html, application/jsonl;q=0.5",
      ),
      "application/x-ndjson",
    );
    equal(
      await typeOf("application/json", "text/html, */*;q=0.1"),
      "application/vnd.brine",
    );
    equal(await typeOf("application/json"), "application/vnd.brine");
    // What is refused by `q=0` is not what anything means.
    equal(
      await typeOf("application/json", "*/*, application/vnd.brine;q=0"),
      "application/vnd.brine+jsonl",
    );
    equal(
      await typeOf("application/json", "application/json;q=0, */*"),
      "application/vnd.brine",
    );
    equal((await convert("application/json", "*/*;q=0")).status, 415);
    equal((await convert("text/html")).status, 415);
    equal((await convert("application/json", "text/html")).status, 415);
    equal((await post(app, "/convert", new Uint8Array(3))).status, 415);
  });

  test("path is where the array is, in the body or else in the answer", async () => {
    const convert = async (query: string, body: string) => {
      const response = await post(app, `/convert?${query}`, body);
      return [response.status, await response.text()];
    };
    const path = encodeURIComponent("$.items[*]");
    deepEqual(
      await convert(
        `from=json-array&to=ndjson&path=${path}`,
        '{"n":2,"items":[1,2]}',
      ),
      [200, "1\n2\n"],
    );
    deepEqual(
      await convert(
        `from=json-array&to=json-array&path=${path}`,
        '{"n":2,"items":[1,2]}',
      ),
      [200, "[1,2]"],
    );
    deepEqual(
      await convert(`from=ndjson&to=json-array&path=${path}`, "1\n2\n"),
      [200, '{"items":[1,2]}'],
    );
    equal((await convert(`from=ndjson&to=ndjson&path=${path}`, "1\n"))[0], 400);
    equal(
      (await convert("from=json-array&to=ndjson&path=items", "[]"))[0],
      400,
    );
  });

  test("lossy is asked for, or refused", async () => {
    const body = await dumps({ at: new Date(0) });
    const convert = (query: string) =>
      post(app, `/convert?from=brine&to=json${query}`, body);
    deepEqual(await errorOf(await convert("")), [
      422,
      "SerializeError",
      undefined,
      undefined,
    ]);
    const { error } = await (await convert("&lossy=false")).json();
    match(error.path, /at/);
    equal(
      await (await convert("&lossy=true")).text(),
      '{"at":"1970-01-01T00:00:00.000Z"}',
    );
    equal((await convert("&lossy=maybe")).status, 400);
  });

  test("an unknown name is 415, and tells those that are known", async () => {
    for (
      const query of [
        "from=yaml&to=json",
        "from=json&to=yaml",
        "from=json&to=brine&compress=yaml",
      ]
    ) {
      const response = await post(app, `/convert?${query}`, "1");
      equal(response.status, 415);
      const { error } = await response.json();
      equal(error.name, "UnknownNameError");
      match(error.message, /known are .*(ndjson|gzip)/);
    }
    const response = await post(app, "/convert?from=json&to=json", "1", {
      "content-encoding": "compress",
    });
    equal(response.status, 415);
  });

  test("an empty body is no value, or cut, as the format has it", async () => {
    const statuses: Record<string, unknown> = {};
    for (const from of names) {
      const response = await post(app, `/convert?from=${from}&to=ndjson`);
      statuses[from] = response.status === 200
        ? await response.text()
        : (await errorOf(response)).slice(0, 2);
    }
    const cut = [400, "TruncatedError"];
    deepEqual(statuses, {
      brine: cut,
      lines: cut,
      ndjson: "",
      "json-seq": "",
      "json-array": cut,
      json: cut,
      msgpack: "",
      pickle: "",
      dask: "",
    });
  });

  test("an empty body is told what it should be", async () => {
    for (const from of ["json", "json-array"]) {
      const response = await post(app, `/convert?from=${from}&to=ndjson`);
      const { error } = await response.json();
      match(error.message, /expected a value, found the end/);
    }
  });

  test("damage before the first byte of the answer is 400, with stage and offset", async () => {
    const bad = utf8('[{"a":1},{"b":?}]');
    for (const to of names) {
      for (const from of ["json", "json-array"]) {
        const [status, name, stage, offset] = await errorOf(
          await post(app, `/convert?from=${from}&to=${to}`, bad),
        );
        deepEqual([status, name, stage, offset], [
          400,
          "FormatError",
          from,
          14,
        ]);
      }
    }
  });

  for (const from of names) {
    test(`a damaged or cut ${from} never passes as whole`, async () => {
      const whole = await encoded(from, from === "json" ? [VALUES] : VALUES);
      const check = async (bytes: Bytes) => {
        const response = await post(
          app,
          `/convert?from=${from}&to=lines`,
          bytes,
        );
        if (response.status !== 200) return (await errorOf(response))[0];
        const end = await decoded("lines", await bytesOf(response)).then(
          () => "whole",
          (error) => error.name,
        );
        return end;
      };
      const ends = new Set<unknown>();
      for (let cut = 0; cut < whole.length; cut += 1 + (whole.length >> 6)) {
        ends.add(await check(whole.subarray(0, cut)));
      }
      const noEnd = ["ndjson", "json-seq", "msgpack", "pickle", "dask"]
        .includes(from);
      // Between two values, these have no way to tell.
      deepEqual(
        [...ends].filter((end) => end !== 400 && end !== "RemoteError"),
        noEnd ? ["whole"] : [],
      );
      if (!["brine", "lines"].includes(from)) return;
      for (let at = 0; at < whole.length; at += 1 + (whole.length >> 6)) {
        const damaged = whole.slice();
        damaged[at]! ^= 1;
        ok([400, 413].includes(await check(damaged) as number), `byte ${at}`);
      }
    });
  }

  test("a name in the data that nothing is registered under is 415", async () => {
    const message = { header: { serializer: "yaml" }, frames: [] };
    const body = await dumps(message, frames() as never);
    deepEqual(
      (await errorOf(await post(app, "/convert?from=brine&to=json", body)))
        .slice(0, 2),
      [415, "UnknownNameError"],
    );
  });

  test("a body that tells of a failure is 422", async () => {
    const body = await dumps(
      errorMessage("the disk is full"),
      frames() as never,
    );
    for (
      const path of [
        "/convert?from=brine&to=lines",
        "/verify?from=brine",
        "/verify?from=brine&deep=true",
      ]
    ) {
      deepEqual(await errorOf(await post(app, path, body)), [
        422,
        "RemoteError",
        undefined,
        undefined,
      ]);
    }
  });
});

describe("limits", () => {
  const small = createApp({ maxBodyBytes: 1_000, maxDecodedBytes: 100_000 });
  const zeros = new Uint8Array(200_000);

  test("a body that announces too much is refused unread", async () => {
    const headers = { "content-length": "1001" };
    const response = await post(
      small,
      "/convert?from=json&to=json",
      "1",
      headers,
    );
    deepEqual((await errorOf(response)).slice(0, 3), [
      413,
      "LimitError",
      "body",
    ]);
  });

  test("a body that turns out to be too much is refused", async () => {
    const body = new Blob(["1\n".repeat(501)]).stream();
    const response = await post(small, "/convert?from=json-seq&to=json", body);
    ok([400, 413].includes(response.status));
    const more = await post(
      small,
      "/verify?from=ndjson",
      new Blob(["1\n".repeat(501)]).stream(),
    );
    deepEqual((await errorOf(more)).slice(0, 2), [413, "LimitError"]);
  });

  test("a bomb in Content-Encoding is stopped", async () => {
    for (const coding of ["gzip", "deflate", "zstd"]) {
      const stream = new Blob([zeros.fill(0x20)]).stream() as ReadableStream<
        Bytes
      >;
      const bomb = await collectBytes(
        stream.pipeThrough(codecOf(coding).encoder()),
      );
      ok(bomb.length < 1_000);
      const response = await post(
        small,
        "/convert?from=ndjson&to=ndjson",
        bomb,
        { "content-encoding": coding },
      );
      deepEqual((await errorOf(response)).slice(0, 2), [413, "LimitError"]);
    }
  });

  test("a bomb in the frames is stopped, in many as in one", async () => {
    const wire = messageBatches({ codec: codecOf("zstd"), maxBytes: 1 });
    const bomb = await dumps([zeros, zeros], wire);
    ok(bomb.length < 1_000);
    for (
      const path of [
        "/convert?from=brine&to=lines",
        "/verify?from=brine&deep=true",
      ]
    ) {
      const frame = createApp({ format: { maxFrameBytes: 150_000 } });
      deepEqual((await errorOf(await post(frame, path, bomb))).slice(0, 2), [
        413,
        "LimitError",
      ]);
      deepEqual((await errorOf(await post(small, path, bomb))).slice(0, 3), [
        413,
        "LimitError",
        "compress",
      ]);
    }
  });

  test("so is one in many frames of one message", async () => {
    const wire = messageBatches({ codec: codecOf("zstd") });
    const bomb = await dumps([{ a: zeros, b: zeros.slice() }], wire);
    const message = createApp({ format: { maxMessageBytes: 300_000 } });
    const response = await post(
      message,
      "/verify?from=brine&deep=true",
      bomb,
    );
    deepEqual((await errorOf(response)).slice(0, 3), [
      413,
      "LimitError",
      "compress",
    ]);
  });

  test("limits of messages are passed on", async () => {
    const limited = createApp({ format: { maxMessageBytes: 300 } });
    const value = "x".repeat(1_000);
    for (const from of ["brine", "lines"]) {
      const body = await encoded(from, [value]);
      const response = await post(
        limited,
        `/convert?from=${from}&to=json`,
        body,
      );
      deepEqual((await errorOf(response)).slice(0, 3), [
        413,
        "LimitError",
        from === "brine" ? "frames" : "lines",
      ]);
    }
  });

  test("codings upon codings are refused", async () => {
    const headers = { "content-encoding": "gzip, gzip, gzip" };
    equal(
      (await post(app, "/convert?from=json&to=json", "1", headers)).status,
      413,
    );
  });
});

describe("POST /inspect", () => {
  const lines = async (response: Response) =>
    (await response.text()).trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );

  test("a line for each message, and the totals", async () => {
    const value = { data: new Uint8Array(50_000) };
    const bytes = await encodedWith("zstd", [value, value]);
    const response = await post(app, "/inspect", bytes);
    equal(response.headers.get("content-type"), "application/x-ndjson");
    const [start, message, end, last, ...more] = await lines(response);
    deepEqual(more, []);
    equal(start.start, 1);
    deepEqual([message.offset, message.family, message.values], [
      start.byteLength,
      "json",
      2,
    ]);
    deepEqual(message.frames.map(({ codec }: { codec: unknown }) => codec), [
      null,
      "zstd",
      "zstd",
    ]);
    ok(message.frames[1].byteLength < 1_000);
    deepEqual(end.end, { messages: 1, values: 2 });
    equal(end.offset + end.byteLength, bytes.length);
    deepEqual(last, { total: { messages: 1, values: 2, bytes: bytes.length } });
  });

  test("the last line is the error, with its place, after all that was right", async () => {
    const bytes = await encodedWith(undefined, [1]);
    const [, message, last, ...more] = await lines(
      await post(app, "/inspect", bytes.subarray(0, -1)),
    );
    deepEqual(more, []);
    equal(message.values, 1);
    equal(last.error.name, "TruncatedError");
    equal(last.error.offset, bytes.length - 1);
    deepEqual([last.total.messages, last.total.values], [1, 1]);
  });

  test("what is no stream of Brine is 400", async () => {
    for (const body of ["", "[1, 2]", new Uint8Array(99)]) {
      const response = await post(app, "/inspect", body);
      equal((await errorOf(response))[2], "frames");
      equal(response.status, 400);
    }
  });
});

async function encodedWith(
  codec: string | undefined,
  values: unknown[],
): Promise<Bytes> {
  const stage = messageBatches(
    codec === undefined ? {} : { codec: codecOf(codec) },
  );
  return await collectBytes(streamOf(values).pipeThrough(stage.encoder()));
}

describe("POST /verify", () => {
  test("tells what was found", async () => {
    for (const name of names) {
      const values = name === "json" ? [VALUES] : VALUES;
      const body = await encoded(name, values);
      for (const deep of ["", "&deep=true"]) {
        const response = await post(app, `/verify?from=${name}${deep}`, body);
        equal(response.status, 200);
        const framed = ["brine", "lines"].includes(name);
        deepEqual(await response.json(), {
          ok: true,
          ...framed && { messages: 1 },
          values: values.length,
          bytes: body.length,
        });
      }
    }
  });

  test("deep looks into the frames", async () => {
    const body = await dumps({
      header: { serializer: "json" },
      frames: [utf8("{")],
    }, frames() as never);
    equal((await post(app, "/verify?from=brine", body)).status, 200);
    equal((await post(app, "/verify?from=brine&deep=true", body)).status, 400);
  });

  test("every cut is an error", async () => {
    for (const name of ["brine", "lines"]) {
      const body = await encoded(name, [1, 2]);
      for (let cut = 0; cut < body.length; cut += 7) {
        const response = await post(
          app,
          `/verify?from=${name}`,
          body.subarray(0, cut),
        );
        deepEqual((await errorOf(response)).slice(0, 2), [
          400,
          "TruncatedError",
        ]);
      }
    }
  });
});

describe("the other routes", () => {
  test("GET /formats lists all of them", async () => {
    const told = await (await app.request("/formats")).json();
    deepEqual(
      told.formats.map(({ name }: { name: string }) => name),
      formats.map(({ name }) => name),
    );
    ok(told.codecs.includes("zstd"));
    deepEqual(told.contentEncodings, ["gzip", "deflate", "br", "zstd"]);
  });

  test("GET /health", async () => {
    deepEqual(await (await app.request("/health")).json(), { ok: true });
  });

  test("an unknown path is 404, a wrong method 405, in JSON", async () => {
    deepEqual((await errorOf(await app.request("/nothing"))).slice(0, 2), [
      404,
      "NotFoundError",
    ]);
    const response = await app.request("/convert");
    equal(response.headers.get("allow"), "POST");
    deepEqual((await errorOf(response)).slice(0, 2), [
      405,
      "MethodNotAllowedError",
    ]);
    equal((await post(app, "/health", "")).status, 405);
  });

  test("other origins only if asked for", async () => {
    const headers = { origin: "https://example.com" };
    const allowed = async (options: object) =>
      (await post(createApp(options), "/convert?from=json", "{", headers))
        .headers.get("access-control-allow-origin");
    equal(await allowed({}), null);
    equal(await allowed({ cors: "*" }), "*");
    equal(
      await allowed({ cors: ["https://example.com"] }),
      "https://example.com",
    );
  });

  test("a failure of the server is 500 without details, and goes to onError", async () => {
    const seen: unknown[] = [];
    const failing = createApp({ onError: (error) => seen.push(error) });
    const secret = new Error("the password is swordfish");
    const body = new ReadableStream<Bytes>({
      pull() {
        throw secret;
      },
    });
    const response = await post(failing, "/convert?from=ndjson&to=brine", body);
    equal(response.status, 500);
    deepEqual(await response.json(), {
      error: { name: "InternalError", message: "The server failed" },
    });
    equal(seen.length, 1);
    equal(seen[0], secret);
  });
});
