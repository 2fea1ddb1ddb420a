import { describe, test } from "bun:test";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  type Bytes,
  dumps,
  frames,
  type Message,
  messages,
  pipe,
  zstd,
} from "../../mod.ts";
import { inDirectory, linesOf, run, runtimes } from "./_run.ts";

/** Records in many messages. */
async function manyMessages(count: number): Promise<Bytes> {
  const values = Array.from({ length: count }, (_, id) => ({ id }));
  const stream = ReadableStream.from(values).pipeThrough(
    messages({ codec: zstd(), maxValues: 100 }).encoder(),
  );
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

for (const runtime of runtimes) {
  describe(`cli inspect, verify and cat on ${runtime.name}`, () => {
    test("inspect shows the first, the last and what it comes to", async () => {
      const stdin = await manyMessages(3_000);
      const { code, stdout, stderr } = await run(runtime, ["inspect", "-"], {
        stdin,
      });
      deepEqual([code, stderr], [0, ""]);
      const rows = stdout.split("\n").filter((line) =>
        /^ +[\d,]+ {2}json/.test(line)
      );
      equal(rows.length, 15);
      match(
        stdout,
        /offset +family +values +frames +codec +stored +plain +ratio/,
      );
      match(stdout, /… 15 more messages …/);
      match(
        stdout,
        /\n30 messages, 3,000 values, .* stored, .* plain .*, end and index of 30 places\n$/,
      );
      const all = await run(runtime, ["inspect", "-", "--all"], { stdin });
      equal(
        all.stdout.split("\n").filter((line) => /^ +[\d,]+ {2}json/.test(line))
          .length,
        30,
      );
    });

    test("inspect --json is one document, of which the sums are right", async () => {
      const stdin = await dumps(
        { text: "x".repeat(50_000), data: new Float64Array(20_000) },
        messages({ codec: zstd() }),
      );
      const { code, stdout } = await run(runtime, ["inspect", "-", "--json"], {
        stdin,
      });
      equal(code, 0);
      const { file, messages: rows, totals, end, error } = JSON.parse(stdout);
      deepEqual([file, end, error], ["stdin", {
        messages: 1,
        values: 1,
        index: 1,
      }, null]);
      deepEqual(
        [rows.length, rows[0].codecs, rows[0].tagged, rows[0].frames],
        [1, ["zstd"], true, 2],
      );
      ok(rows[0].plainBytes > 210_000 && rows[0].plainBytes < 211_000);
      equal(totals.plainBytes, rows[0].plainBytes);
      equal(totals.storedBytes, stdin.length);
    });

    test("inspect shows what comes before the damage, and where that is", async () => {
      const bytes = await manyMessages(1_000);
      const whole = await run(runtime, ["inspect", "-", "--json"], {
        stdin: bytes,
      });
      const { offset } = JSON.parse(whole.stdout).messages[7];
      bytes[offset + 100]! ^= 1;
      const json = await run(runtime, ["inspect", "-", "--json"], {
        stdin: bytes,
      });
      const { messages: rows, error, end } = JSON.parse(json.stdout);
      deepEqual([json.code, rows.length, error.offset, end], [
        3,
        7,
        offset,
        null,
      ]);
      equal(error.name, "FormatError");
      const table = await run(runtime, ["inspect", "-"], { stdin: bytes });
      equal(table.code, 3);
      match(table.stdout, /\n7 messages, 700 values.*\ndamaged after that\n$/);
      match(
        table.stderr,
        new RegExp(`^brine: .* at byte ${offset}: .*damaged.*\\n$`),
      );
    });

    test("verify: whole, damaged, cut, deep, quiet", async () => {
      const bytes = await manyMessages(1_000);
      const whole = await run(runtime, ["verify", "-"], { stdin: bytes });
      deepEqual(
        [whole.code, whole.stdout],
        [
          0,
          "stdin: ok, 10 messages with 1,000 values, checksums, end and index are right\n",
        ],
      );
      const deep = await run(runtime, ["verify", "-", "--deep"], {
        stdin: bytes,
      });
      match(
        deep.stdout,
        /^stdin: ok, 10 messages with 1,000 values, .*gives 1,000 values\n$/,
      );
      const quiet = await run(runtime, ["verify", "-", "--quiet"], {
        stdin: bytes,
      });
      deepEqual([quiet.code, quiet.stdout, quiet.stderr], [0, "", ""]);
      for (const at of [3, 9, 30, 500, bytes.length - 3]) {
        const damaged = bytes.slice();
        damaged[at]! ^= 0x10;
        const { code, stdout, stderr } = await run(runtime, ["verify", "-"], {
          stdin: damaged,
        });
        deepEqual([code, stdout], [3, ""], `at ${at}`);
        match(stderr, /^brine: Cannot .*\n$/);
      }
      const cut = await run(runtime, ["verify", "-"], {
        stdin: bytes.subarray(0, 900),
      });
      equal(cut.code, 3);
    });

    test("verify: an index that points elsewhere, a frame that is right but makes no sense", async () => {
      const wire = frames();
      const lie = await encode(wire.encoder(), {
        serializer: "json",
        values: 1,
      }, "[1");
      const shallow = await run(runtime, ["verify", "-"], { stdin: lie });
      equal(shallow.code, 0);
      const deep = await run(runtime, ["verify", "-", "--deep"], {
        stdin: lie,
      });
      equal(deep.code, 3);
      const wrongIndex = await withIndex([[120, 0]]);
      const { code, stderr } = await run(runtime, ["verify", "-"], {
        stdin: wrongIndex,
      });
      equal(code, 3);
      match(stderr, /the index tells of value 0 at byte 120, where it is not/);
    });

    test("verify reads other formats to their end, too", async () => {
      const good = await run(runtime, ["verify", "-"], { stdin: linesOf(12) });
      deepEqual([good.code, good.stdout], [0, "stdin: ok, 12 values\n"]);
      const bad = await run(runtime, ["verify", "-"], {
        stdin: `${linesOf(12)}{`,
      });
      equal(bad.code, 3);
    });

    test("cat gives some of the values, from a file, a URL and stdin", () =>
      inDirectory(async (directory) => {
        const file = join(directory, "a.brine");
        const bytes = await manyMessages(5_000);
        await writeFile(file, bytes);
        const wanted = '{"id":4321}\n{"id":4322}\n';
        const range = ["--from", "4321", "--to", "4323"];
        const served = await serveFile(bytes);
        try {
          for (const input of [file, `${served.url}/a.brine`, "-"]) {
            const stdin = input === "-" ? bytes : "";
            const { code, stdout, stderr } = await run(runtime, [
              "cat",
              input,
              ...range,
            ], { stdin });
            deepEqual([code, stdout, stderr], [0, wanted, ""], input);
          }
          ok(served.sent() < bytes.length, "only a part was fetched");
          const missing = await run(runtime, [
            "cat",
            `${served.url}/b.brine`,
            ...range,
          ]);
          equal(missing.code, 1);
          match(missing.stderr, /^brine: Cannot read .*404\n$/);
        } finally {
          await served.close();
        }
        const rest = await run(runtime, [
          "cat",
          file,
          "--from",
          "4998",
          "--format",
          "json-array",
        ]);
        equal(rest.stdout, '[{"id":4998},{"id":4999}]');
        const none = await run(runtime, ["cat", file, "--from", "9999"]);
        deepEqual([none.code, none.stdout], [0, ""]);
        const all = await run(runtime, ["cat", file]);
        equal(all.stdout.split("\n").length, 5_001);
        const output = join(directory, "a.ndjson");
        await run(runtime, ["cat", file, output, "--to", "1"]);
        equal(await readFile(output, "utf8"), '{"id":0}\n');
      }));
  });
}

async function encode(
  encoder: TransformStream<Message, Bytes>,
  header: Message["header"],
  text: string,
): Promise<Bytes> {
  const message = { header, frames: [new TextEncoder().encode(text)] };
  const stream = ReadableStream.from([message]).pipeThrough(encoder);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A stream of one message, whose end tells of another index. */
async function withIndex(index: unknown): Promise<Bytes> {
  const { packFrames, PackedMessageStream, serialize } = await import(
    "../../mod.ts"
  );
  const bytes = await dumps(1, pipe(serialize(), frames()));
  const chunks: Bytes[] = [];
  const packed = new Blob([bytes]).stream().pipeThrough(
    new PackedMessageStream(),
  );
  for await (const { message } of packed) {
    const { header, frames } = message;
    chunks.push(
      ...packFrames({
        header: header.end ? { ...header, index } : header,
        frames,
      }),
    );
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** A server of one file, with ranges. */
async function serveFile(bytes: Bytes): Promise<
  { url: string; sent(): number; close(): Promise<void> }
> {
  let sent = 0;
  const server = createServer(({ url, method, headers }, response) => {
    if (url !== "/a.brine") return response.writeHead(404).end();
    const [, from, to] = headers.range?.match(/bytes=(\d+)-(\d+)/) ?? [];
    const part = from === undefined
      ? bytes
      : bytes.subarray(Number(from), Number(to) + 1);
    response.writeHead(from === undefined ? 200 : 206, {
      "content-length": part.length,
      ...from !== undefined && {
        "content-range": `bytes ${from}-${to}/${bytes.length}`,
      },
    });
    if (method === "HEAD") return response.end();
    sent += part.length;
    response.end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sent: () => sent,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
