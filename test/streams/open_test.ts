import { afterAll, beforeAll, describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { mkdtemp, open as openFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  blobSource,
  FormatError,
  messages,
  open,
  type PackedMessage,
  PackedMessageStream,
  type Source,
  TruncatedError,
  urlSource,
  zstd,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";
import type { Bytes } from "../../src/types.ts";
import {
  outcomeOf,
  randomBelow,
  sourceOf,
  STAYS,
  through,
  until,
} from "./_helpers.ts";

const COUNT = 4_000;
const values = Array.from(
  { length: COUNT },
  (_, id) => ({ id, at: new Date(id), name: `station ${id * 7919 % 1009}` }),
);
/** Some 200 messages of 20 values. */
const stage = messages({ maxValues: 20, codec: zstd(), minBytes: 500 });
/** What is read of the end, so as to find the index. */
const TAIL = 16_384;

let bytes: Bytes;
let packed: PackedMessage[];
beforeAll(async () => {
  bytes = concat(await through(values, stage.encoder()) as Bytes[]);
  packed = await through([bytes], new PackedMessageStream()) as PackedMessage[];
});

/** A source that counts the bytes that were read of it. */
function counted(
  source: Source,
): Source & { readonly read: Source["read"]; total(): number } {
  let total = 0;
  return {
    size: () => source.size(),
    async read(start, end) {
      const stream = await source.read(start, end);
      return stream.pipeThrough(
        new TransformStream({
          transform(chunk, controller) {
            total += chunk.length;
            controller.enqueue(chunk);
          },
        }),
      );
    },
    total: () => total,
  };
}

function memorySource(given: Bytes): Source {
  return {
    size: () => given.length,
    read: (start, end) => sourceOf([given.subarray(start, end)]).readable,
  };
}

async function valuesOf(
  source: Source,
  from?: number,
  to?: number,
): Promise<unknown[]> {
  const { items, error } = await outcomeOf(
    (await open(source)).values(from, to),
  );
  if (error !== undefined) throw error;
  return items;
}

describe("open", () => {
  test("tells how much there is, having read the end only", async () => {
    const source = counted(memorySource(bytes));
    const opened = await open(source);
    equal(opened.length, COUNT);
    equal(opened.messages, packed.length - 2);
    equal(source.total(), TAIL);
  });

  test("gives the values of any range, and reads what holds them", async () => {
    const random = randomBelow(5);
    const largest = Math.max(...packed.map(({ byteLength }) => byteLength));
    const source = counted(memorySource(bytes));
    const opened = await open(source);
    for (let i = 0; i < 60; i++) {
      const from = random(COUNT);
      const to = Math.min(COUNT, from + random(i < 30 ? 5 : 500));
      const before = source.total();
      const { items } = await outcomeOf(opened.values(from, to));
      deepEqual(items, values.slice(from, to));
      const most = (Math.ceil((to - from) / 20) + 1) * largest;
      const used = source.total() - before;
      ok(used <= most, `${used} bytes for ${from} to ${to}`);
    }
    deepEqual(await valuesOf(memorySource(bytes)), values);
  });

  test("gives what there is of a range that goes beyond", async () => {
    const source = memorySource(bytes);
    deepEqual(await valuesOf(source, -5, 2), values.slice(0, 2));
    deepEqual(await valuesOf(source, COUNT - 1, 1e9), values.slice(-1));
    deepEqual(await valuesOf(source, 7, 7), []);
    deepEqual(await valuesOf(source, COUNT), []);
    deepEqual(await valuesOf(source, 9, 3), []);
  });

  test("reads nothing before it is asked, and stops when it is told", async () => {
    const source = counted(memorySource(bytes));
    const opened = await open(source);
    const before = source.total();
    const reader = opened.values().getReader();
    await Promise.resolve();
    equal(source.total(), before);
    await reader.read();
    await reader.cancel();

    const part = bytes.subarray(packed[1]!.offset, packed[3]!.offset);
    const hanging = sourceOf([part], STAYS);
    const whole = memorySource(bytes);
    const other = (await open({
      size: () => bytes.length,
      // The end is read first, and then the values.
      read: (start, end) =>
        end === bytes.length ? whole.read(start, end) : hanging.readable,
    })).values().getReader();
    deepEqual((await other.read()).value, values[0]);
    const enough = new Error("enough");
    await other.cancel(enough);
    await until(() => hanging.cancelled() !== undefined);
    equal(hanging.cancelled(), enough);
  });

  test("passes the source's error on as the same object", async () => {
    const failure = new Error("the disk is gone");
    const bad: Source = {
      size: () => bytes.length,
      read: (start, end) =>
        end === bytes.length
          ? memorySource(bytes).read(start, end)
          : Promise.reject(failure),
    };
    const opened = await open(bad);
    const { error } = await outcomeOf(opened.values(0, 10));
    equal(error, failure);
    const worse = { ...bad, read: () => Promise.reject(failure) };
    await rejects(open(worse), (error) => error === failure);
  });

  test("tells where damage is, gives what is before it, and all that is elsewhere", async () => {
    const at = packed[100]!;
    const bad = bytes.slice();
    bad[at.offset + at.byteLength - 3]! ^= 4;
    const opened = await open(memorySource(bad));
    const { items, error } = await outcomeOf(opened.values(1_000, 3_000));
    ok(error instanceof FormatError && error.offset === at.offset, `${error}`);
    deepEqual(items, values.slice(1_000, 99 * 20));
    for (const [from, to] of [[0, 1_980], [2_000, COUNT]] as const) {
      const { items } = await outcomeOf(opened.values(from, to));
      deepEqual(items, values.slice(from, to));
    }
  });

  test("sees that a file was cut, wherever that was", async () => {
    const end = packed.at(-1)!.offset;
    const cuts = new Set([...Array(200).keys(), end, bytes.length - 1]);
    for (let cut = 200; cut < bytes.length; cut += 3_331) cuts.add(cut);
    for (let i = 1; i <= 40; i++) cuts.add(bytes.length - i);
    for (const cut of cuts) {
      await rejects(
        open(memorySource(bytes.subarray(0, cut))),
        (error) => error instanceof TruncatedError,
        `cut after ${cut}`,
      );
    }
  });

  test("sees that it is something else", async () => {
    for (const text of ["x", "something else altogether", "[1]\n".repeat(99)]) {
      const source = memorySource(new TextEncoder().encode(text));
      await rejects(
        open(source),
        (error) =>
          error instanceof FormatError && !(error instanceof TruncatedError),
      );
    }
  });

  test("sees that a source gives less than it has", async () => {
    const short: Source = {
      size: () => bytes.length + 5,
      read: memorySource(bytes).read,
    };
    await rejects(open(short), TruncatedError);
    const gaps: Source = {
      size: () => bytes.length,
      read: (start, end) =>
        memorySource(bytes).read(start, end === bytes.length ? end : end - 1),
    };
    await rejects(valuesOf(gaps, 0, 30), TruncatedError);
  });

  test("reads blobs and files", async () => {
    const blob = new Blob([bytes.subarray(0, 1000), bytes.subarray(1000)]);
    deepEqual(await valuesOf(blobSource(blob), 5, 95), values.slice(5, 95));
    const folder = await mkdtemp(join(tmpdir(), "brine-"));
    try {
      const path = join(folder, "values.brine");
      await writeFile(path, bytes);
      const source = counted(fileSource(path));
      deepEqual(
        await valuesOf(source, 2_000, 2_010),
        values.slice(2_000, 2_010),
      );
      ok(source.total() < TAIL + bytes.length / 20, `${source.total()}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function fileSource(path: string): Source {
  return {
    async size() {
      const file = await openFile(path);
      const { size } = await file.stat();
      await file.close();
      return size;
    },
    async read(start, end) {
      const file = await openFile(path);
      const part = new Uint8Array(end - start);
      await file.read(part, 0, part.length, start);
      await file.close();
      return sourceOf([part]).readable;
    },
  };
}

type Manner = "ranges" | "whole" | "changes" | "cuts" | "less" | "no length";

describe("open over HTTP", () => {
  let server: Server;
  let base: string;
  let sent = 0;
  let version = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const manner = request.url!.slice(1).replace("-", " ") as Manner;
      response.setHeader("etag", `"${version}"`);
      if (request.method === "HEAD") {
        if (manner !== "no length") {
          response.setHeader("content-length", bytes.length);
        }
        return void response.end();
      }
      const range = request.headers.range?.match(/^bytes=(\d+)-(\d+)$/);
      answer(response, manner, Number(range?.[1]), Number(range?.[2]) + 1);
      if (manner === "changes") version++;
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  function answer(
    response: ServerResponse,
    manner: Manner,
    start: number,
    end: number,
  ): void {
    if (manner === "whole") {
      response.setHeader("content-length", bytes.length);
      return void response.end(bytes);
    }
    const isTail = end === bytes.length;
    let part = bytes.subarray(start, end);
    if (manner === "less" && !isTail) part = part.subarray(0, -9);
    sent += part.length;
    response.writeHead(206, {
      "content-length": part.length,
      "content-range": `bytes ${start}-${end - 1}/${bytes.length}`,
    });
    if (manner !== "cuts" || isTail) return void response.end(part);
    response.write(part.subarray(0, part.length / 2), () => {
      setTimeout(() => response.destroy(), 20);
    });
  }

  const at = (manner: Manner) =>
    urlSource(`${base}/${manner.replace(" ", "-")}`);

  test("reads only what is asked for", async () => {
    sent = 0;
    const opened = await open(at("ranges"));
    equal(opened.length, COUNT);
    for (const [from, to] of [[0, 3], [1_999, 2_050], [COUNT - 2, COUNT]]) {
      const { items, error } = await outcomeOf(opened.values(from, to));
      equal(error, undefined);
      deepEqual(items, values.slice(from, to));
    }
    ok(sent < TAIL + bytes.length / 10, `${sent} of ${bytes.length} bytes`);
  });

  test("refuses a server that knows no ranges", async () => {
    await rejects(open(at("whole")), /the server has no ranges/);
  });

  test("sees that the file was changed under way", async () => {
    const opened = await open(at("changes"));
    const { error } = await outcomeOf(opened.values(0, 1));
    ok(error instanceof TypeError && /it has changed/.test(error.message));
  });

  test("passes the failure of a connection on, after what came before", async () => {
    const opened = await open(at("cuts"));
    const { items, error } = await outcomeOf(opened.values(0, 2_000));
    ok(error instanceof Error, `${error}`);
    ok(items.length < 1_500 && items.length % 20 === 0, `${items.length}`);
    deepEqual(items, values.slice(0, items.length));
  });

  test("sees an answer that is too short", async () => {
    const opened = await open(at("less"));
    const { items, error } = await outcomeOf(opened.values(0, 100));
    ok(error instanceof TruncatedError, `${error}`);
    deepEqual(items, values.slice(0, 80));
  });

  test("needs to be told the length", async () => {
    await rejects(open(at("no length")), /its length is not told/);
  });

  test("passes on what the server says instead", async () => {
    const source = urlSource(`${base}/ranges`, {
      fetch: () => Promise.resolve(new Response("no", { status: 403 })),
    });
    await rejects(open(source), /the server says 403/);
  });
});
