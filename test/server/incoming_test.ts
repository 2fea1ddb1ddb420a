/** Bodies as they come in over a port. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { request } from "node:http";
import { connect } from "node:net";
import { describe, test } from "bun:test";
import { type AccessEntry, serve } from "../../src/server/mod.ts";
import { counted, errorOf, until, utf8 } from "./_helpers.ts";

const LINE = '{"id":1234567,"name":"ü 李"}\n';

describe("the body of a request over a port", () => {
  test("comes as it was sent, in whatever pieces", async () => {
    const server = await serve();
    const url = `${server.url}/convert?from=ndjson&to=ndjson`;
    const text = Array.from({ length: 5_000 }, (_, id) => `{"id":${id}}\n`)
      .join("");
    const bytes = utf8(text);
    for (const size of [977, 65_536, bytes.length]) {
      const { stream } = counted((i) =>
        i * size < bytes.length
          ? bytes.slice(i * size, (i + 1) * size)
          : undefined
      );
      const response = await fetch(url, {
        method: "POST",
        body: stream,
        duplex: "half",
      } as RequestInit);
      equal(await response.text(), text);
    }
    equal((await fetch(url, { method: "POST" })).status, 200);
    await server.close();
  });

  test("is refused as soon as it is too long, and the server goes on", async () => {
    const server = await serve({ maxBodyBytes: 1_000_000 });
    const url = `${server.url}/convert?from=ndjson&to=brine`;
    const chunk = utf8(LINE.repeat(2_000));
    const upload = request(url, { method: "POST" });
    let sent = 0;
    const status = await new Promise((resolve, reject) => {
      const send = () => {
        do sent += chunk.length; while (upload.write(chunk));
      };
      upload.on("drain", send);
      upload.on("error", reject);
      upload.on("response", (response) => {
        upload.off("drain", send);
        resolve(response.statusCode);
      });
      send();
    });
    upload.on("error", () => {});
    upload.destroy();
    // It may have begun to answer before.
    ok(status === 413 || status === 200);
    ok(sent >= 1_000_000);
    const small = await fetch(url, { method: "POST", body: "1\n2\n" });
    equal(small.status, 200);
    await small.arrayBuffer();
    const large = await fetch(url, { method: "POST", body: " ".repeat(2e6) });
    equal((await errorOf(large))[0], 413);
    await server.close();
  });

  test("that ends with its connection is none of the server's errors", async () => {
    const entries: AccessEntry[] = [];
    const errors: unknown[] = [];
    let passed = 0;
    const server = await serve({
      log: (entry) => entries.push(entry),
      onError: (error) => errors.push(error),
      onBytes: (count) => passed += count,
    });
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write(
      "POST /convert?from=json&to=brine HTTP/1.1\r\nHost: localhost\r\n" +
        "Content-Length: 1000\r\n\r\n[1,2",
    );
    await until(() => passed > 0);
    socket.destroy();
    await until(() => entries.length > 0);
    equal(entries[0]!.received, 4);
    deepEqual(errors, []);
    await server.close();
  });
});
