import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, test } from "bun:test";
import { loads } from "../../mod.ts";
import { loads as unpickled, PyTuple } from "../../src/pickle/mod.ts";
import { createApp } from "../../src/server/mod.ts";
import { dumpRecord } from "../../streams/prefect/mod.ts";
import { bytesOf, errorOf, until, utf8 } from "./_helpers.ts";

const RECORD =
  '{"metadata":{"storage_key":"list","serializer":{"type":"json"}},"result":"[1, {\\"a\\": NaN}]"}';

let base: string;
let folder: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "stored-"));
  folder = join(base, "results");
  await mkdir(join(folder, "inner"), { recursive: true });
  await writeFile(join(base, "secret"), "secret");
  await writeFile(join(folder, "inner", "secret"), "secret");
  await symlink(join(base, "secret"), join(folder, "link"));
  await symlink(base, join(folder, "up"));
  await writeFile(join(folder, "list"), RECORD);
  await writeFile(join(folder, "damaged"), RECORD.slice(0, -20));
  await writeFile(join(folder, "digits"), "0123456789");
  await writeFile(join(folder, "empty"), "");
  await writeFile(join(folder, "naïve.json"), RECORD);
});
afterAll(() => rm(base, { recursive: true }));

function get(path: string, headers: Record<string, string> = {}) {
  const app = createApp({ files: folder, prefect: pathToFileURL(folder) });
  return app.request(path, { headers });
}

describe("GET /prefect/:key", () => {
  test("is the value, in the format that is asked for", async () => {
    deepEqual(await loads(await bytesOf(await get("/prefect/list"))), [1, {
      a: NaN,
    }]);
    const json = await get("/prefect/list?to=json&lossy=true");
    equal(await json.text(), '[1,{"a":null}]');
    equal((await get("/prefect/list?to=json")).status, 422);
    const accepted = await get("/prefect/na%C3%AFve.json?part=items", {
      accept: "application/vnd.brine+jsonl",
    });
    equal(accepted.headers.get("content-type"), "application/vnd.brine+jsonl");
    equal(accepted.status, 200);
    await accepted.text();
  });

  test("or its items, its blob, or its metadata", async () => {
    const items = await get("/prefect/list?part=items&to=ndjson&lossy=true");
    equal(await items.text(), '1\n{"a":null}\n');
    equal(
      await (await get("/prefect/list?part=blob")).text(),
      '[1, {"a": NaN}]',
    );
    const { metadata, format, expired } = await (await get(
      "/prefect/list?part=metadata",
    )).json();
    equal(metadata.storage_key, "list");
    equal(typeof format, "string");
    equal(expired, false);
  });

  test("that was pickled is plain where the format has no types of Python", async () => {
    const value = PyTuple.of<unknown>(1, PyTuple.of("a"));
    const record = await dumpRecord(value, { serializer: "pickle" });
    await writeFile(join(folder, "pickled"), record);
    const plain = [1, ["a"]];
    deepEqual(await loads(await bytesOf(await get("/prefect/pickled"))), plain);
    const json = await get("/prefect/pickled?to=json");
    equal(await json.text(), '[1,["a"]]');
    const pickle = await get("/prefect/pickled?to=pickle");
    deepEqual(unpickled(await bytesOf(pickle)), value);
    const [status, name] = await errorOf(
      await get("/prefect/pickled?part=items"),
    );
    equal(status, 422);
    equal(name, "RequestError");
  });

  test("that is missing is 404, and damaged 422, with what is wrong", async () => {
    equal((await errorOf(await get("/prefect/none")))[0], 404);
    for (const key of ["damaged", "empty", "digits"]) {
      const response = await get(`/prefect/${key}`);
      equal(response.status, 422, key);
      match((await response.json()).error.message, /^Cannot decode /);
    }
  });

  test("is not there unless a place is given", async () => {
    equal((await createApp().request("/prefect/list")).status, 404);
  });
});

describe("the folder", () => {
  const escapes = [
    "..%2Fsecret",
    "%2e%2e%2fsecret",
    "..%5Csecret",
    "%2Fetc%2Fpasswd",
    "inner%2Fsecret",
    "inner%2fsecret",
    "..%252Fsecret",
    "list%00",
    "list%00.json",
    "list%0a",
    "...",
    "C%3A",
    "x".repeat(300),
  ];
  // The last is short enough as text, and not as a name of a file.
  const missing = [
    "link",
    "up",
    "inner",
    "none",
    "up%20",
    "%C3%BC".repeat(200),
  ];
  const elsewhere = ["../secret", "%2e%2e/secret", "inner/secret", "up/secret"];

  for (const route of ["prefect", "files"]) {
    for (const key of escapes) {
      test(`/${route}/${key.slice(0, 20)} is refused`, async () => {
        const response = await get(`/${route}/${key}`);
        equal(response.status, 400);
        ok(!(await response.text()).includes("secret"));
      });
    }
    for (const key of [...missing, ...elsewhere]) {
      test(`/${route}/${key.slice(0, 20)} is not there`, async () => {
        equal((await get(`/${route}/${key}`)).status, 404);
      });
    }
  }
});

test("a folder may come later than the server", async () => {
  const files = join(base, "later");
  const app = createApp({ files });
  equal((await app.request("/files/a")).status, 404);
  await mkdir(files);
  await writeFile(join(files, "a"), "b");
  equal(await (await app.request("/files/a")).text(), "b");
});

describe("GET /files/:key", () => {
  test("is the file, with its length and its version", async () => {
    const response = await get("/files/digits");
    equal(response.headers.get("content-length"), "10");
    equal(response.headers.get("accept-ranges"), "bytes");
    const tag = response.headers.get("etag")!;
    match(tag, /^"[\w-]+"$/);
    equal(await response.text(), "0123456789");
    const same = await get("/files/digits", { "if-none-match": tag });
    equal(same.status, 304);
    for (const tags of [`"else", W/${tag}`, "*"]) {
      equal(
        (await get("/files/digits", { "if-none-match": tags })).status,
        304,
      );
    }
    const other = await get("/files/digits", { "if-none-match": '"else"' });
    equal(await other.text(), "0123456789");
    equal(await (await get("/files/empty")).text(), "");
  });

  for (
    const [range, status, text, told] of [
      ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
      ["Bytes=0-3", 206, "0123", "bytes 0-3/10"],
      ["bytes=7-", 206, "789", "bytes 7-9/10"],
      ["bytes=7-99", 206, "789", "bytes 7-9/10"],
      ["bytes=-4", 206, "6789", "bytes 6-9/10"],
      ["bytes=-40", 206, "0123456789", "bytes 0-9/10"],
      ["bytes=10-", 416, "", "bytes */10"],
      ["bytes=-0", 416, "", "bytes */10"],
      ["bytes=5-3", 200, "0123456789", null],
      ["bytes=-", 200, "0123456789", null],
      ["bytes=0-1,3-4", 200, "0123456789", null],
      ["lines=0-1", 200, "0123456789", null],
    ] as const
  ) {
    test(`range ${range}`, async () => {
      const response = await get("/files/digits", { range });
      equal(response.status, status);
      equal(response.headers.get("content-range"), told);
      equal(await response.text(), text);
    });
  }

  test("of another version is sent whole", async () => {
    const ranged = (tag: string) =>
      get("/files/digits", { range: "bytes=8-", "if-range": tag });
    equal((await ranged('"else"')).status, 200);
    const { headers } = await get("/files/digits");
    equal(await (await ranged(headers.get("etag")!)).text(), "89");
  });

  test("by HEAD has no body", async () => {
    const app = createApp({ files: folder });
    const response = await app.request("/files/digits", { method: "HEAD" });
    equal(response.status, 200);
    equal(response.headers.get("content-length"), "10");
    equal(await response.text(), "");
    const headers = { range: "bytes=0-1" };
    const part = await app.request("/files/digits", {
      method: "HEAD",
      headers,
    });
    equal(part.status, 200);
  });
});

describe("a prefix of URLs", () => {
  const asked: string[] = [];
  let gone = 0;
  let url: string;
  const server = createServer((request, response) => {
    asked.push(request.url!);
    if (request.url === "/results/away") {
      response.writeHead(302, { location: "/secret" });
      return void response.end();
    }
    if (request.url === "/results/broken") {
      response.writeHead(500);
      return void response.end("the password is swordfish");
    }
    if (request.url === "/results/hangs") {
      return void response.on("close", () => gone++);
    }
    if (request.url === "/results/stops") {
      response.writeHead(200, { "content-length": RECORD.length });
      response.write(RECORD.slice(0, 30));
      return void setTimeout(() => response.destroy(), 20);
    }
    if (request.url === "/results/zipped") {
      response.writeHead(200, { "content-encoding": "gzip", etag: '"1"' });
      return void response.end(gzipSync("0123456789"));
    }
    if (request.url === "/results/digits") {
      if (request.headers.range === "bytes=8-") {
        response.writeHead(206, {
          "content-range": "bytes 8-9/10",
          etag: '"1"',
        });
        return void response.end("89");
      }
      response.setHeader("set-cookie", "a=b");
      return void response.end("0123456789");
    }
    if (request.url === "/results/li%20st") return void response.end(RECORD);
    response.writeHead(request.url === "/secret" ? 200 : 404);
    response.end("secret");
  });
  let app: ReturnType<typeof createApp>;
  beforeAll(async () => {
    await new Promise<void>((resolve) =>
      server.listen(0, "127.0.0.1", () => resolve())
    );
    const { port } = server.address() as AddressInfo;
    url = `http://127.0.0.1:${port}/results/`;
    app = createApp({ files: url, prefect: url });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test("is read below it, and ranges are passed on", async () => {
    const value = await app.request("/prefect/li%20st?to=json&lossy=true");
    equal(await value.text(), '[1,{"a":null}]');
    const whole = await app.request("/files/digits");
    equal(await whole.text(), "0123456789");
    equal(whole.headers.get("set-cookie"), null);
    const part = await app.request("/files/digits", {
      headers: { range: "bytes=8-" },
    });
    equal(part.status, 206);
    equal(part.headers.get("content-range"), "bytes 8-9/10");
    equal(await part.text(), "89");
    equal((await app.request("/files/none")).status, 404);
  });

  test("is not left, by a redirect or by a name", async () => {
    for (const key of ["away", "broken"]) {
      const response = await app.request(`/files/${key}`);
      equal(response.status, 502);
      ok(
        !(await response.text()).includes(
          "s" + (key === "away" ? "ecret" : "wordfish"),
        ),
      );
    }
    asked.length = 0;
    equal((await app.request("/files/..%2Fsecret")).status, 400);
    equal((await app.request("/files/..%5csecret")).status, 400);
    equal((await app.request("/files/%2e%2e%2fsecret")).status, 400);
    deepEqual(asked, []);
  });

  test("is read no longer than there is time, or somebody who waits", async () => {
    const late = createApp({ files: url, prefect: url, maxSeconds: 0.05 });
    for (const route of ["files", "prefect"]) {
      equal((await late.request(`/${route}/hangs`)).status, 408);
    }
    await until(() => gone === 2);
    const client = new AbortController();
    const { signal } = client;
    const answer = app.request("/files/hangs", { signal });
    setTimeout(() => client.abort(), 20);
    await answer;
    await until(() => gone === 3);
  });

  test("that fails is 502", async () => {
    const told: unknown[] = [];
    const onError = (error: unknown) => told.push(error);
    const nobody = createServer();
    await new Promise<void>((resolve) => nobody.listen(0, () => resolve()));
    const { port } = nobody.address() as AddressInfo;
    await new Promise((resolve) => nobody.close(resolve));
    const files = `http://127.0.0.1:${port}/`;
    const refused = createApp({ files, onError });
    equal((await refused.request("/files/a")).status, 502);
    const broken = createApp({ prefect: url, onError });
    const [status, name] = await errorOf(
      await broken.request("/prefect/stops"),
    );
    deepEqual([status, name], [502, "UpstreamError"]);
    equal(told.length, 2);
  });

  test("that compresses unasked is 502", async () => {
    const response = await app.request("/files/zipped");
    equal(response.status, 502);
    match(await response.text(), /in gzip, which was not asked for/);
  });

  test("has to be one", () => {
    throws(() => createApp({ files: "https://a.example/b" }), {
      name: "TypeError",
      message: /it has to end with "\/"/,
    });
    throws(() => createApp({ files: "https://a.example/b/?c=" }), TypeError);
  });
});

test("a file that becomes shorter breaks the answer off", async () => {
  const path = join(folder, "shrinking");
  await writeFile(path, utf8("x".repeat(1_000_000)));
  const response = await get("/files/shrinking");
  const reader = response.body!.getReader();
  await reader.read();
  await writeFile(path, "");
  let error: unknown;
  try {
    while (!(await reader.read()).done);
  } catch (thrown) {
    error = thrown;
  }
  ok(error);
});
