/** The server over a port, against the pipeline without it, and against what one would write by hand with Hono. */
import process from "node:process";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { formatOf, frames, zstd } from "../mod.ts";
import { serve } from "../src/server/mod.ts";
import type { Bytes } from "../src/types.ts";
import { chunks, lengthOf, streamOf, sum } from "./_data.ts";
import { type Case, detailOf, race } from "./_measure.ts";

type Text = TransformStream<string, string>;

function lineStream(): Text {
  let rest = "";
  return new TransformStream({
    transform(text, controller) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) controller.enqueue(line);
    },
    flush(controller) {
      if (rest) controller.enqueue(rest);
    },
  });
}

/** A stage for each step, as those of libraries are. */
function inStages(text: ReadableStream<string>): ReadableStream<string> {
  return text.pipeThrough(lineStream())
    .pipeThrough(
      new TransformStream<string, unknown>({
        transform: (line, controller) => controller.enqueue(JSON.parse(line)),
      }),
    )
    .pipeThrough(
      new TransformStream<unknown, string>({
        transform: (value, controller) =>
          controller.enqueue(JSON.stringify(value) + "\n"),
      }),
    );
}

/** All of it for a chunk at once: as fast as it can be, with nothing checked. */
function inOne(text: ReadableStream<string>): ReadableStream<string> {
  let rest = "";
  const again = (line: string) => JSON.stringify(JSON.parse(line)) + "\n";
  return text.pipeThrough(
    new TransformStream({
      transform(text, controller) {
        const lines = (rest + text).split("\n");
        rest = lines.pop()!;
        if (lines.length > 0) controller.enqueue(lines.map(again).join(""));
      },
      flush(controller) {
        if (rest) controller.enqueue(again(rest));
      },
    }),
  );
}

/** NDJSON to NDJSON in gzip: what the platform makes easy. */
function handMade(): Hono {
  const app = new Hono();
  const add = (path: string, json: typeof inOne) =>
    app.post(path, (c) => {
      const body = c.req.raw.body as ReadableStream<Bytes>;
      const zipped = json(body.pipeThrough(new TextDecoderStream()))
        .pipeThrough(new TextEncoderStream())
        .pipeThrough(new CompressionStream("gzip"));
      return c.body(zipped, 200, {
        "content-type": "application/x-ndjson",
        "content-encoding": "gzip",
      });
    });
  add("/stages", inStages);
  add("/one", inOne);
  return app;
}

/** Opens a port as `serve` does it, for an app that it does not know. */
async function listen(
  app: Hono,
): Promise<{ url: string; close: () => unknown }> {
  const { Bun } = globalThis as unknown as {
    Bun?: {
      serve(options: object): { port: number; stop(force: boolean): unknown };
    };
  };
  if (Bun) {
    const server = Bun.serve({
      fetch: app.fetch,
      port: 0,
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    });
    return {
      url: `http://127.0.0.1:${server.port}`,
      close: () => server.stop(true),
    };
  }
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
  }) as import("node:http").Server;
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as import("node:net").AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** How many values messages hold, as they say. */
function valuesIn(bytes: ReadableStream<Bytes>): Promise<number> {
  const messages = bytes.pipeThrough(frames().decoder());
  return sum(messages, ({ header }) => header.values ?? 1);
}

/** Posts the body, and reads what comes; `fetch` has taken off its encoding. */
async function post<T>(
  url: string,
  input: readonly Bytes[],
  read: (bytes: ReadableStream<Bytes>) => Promise<T>,
): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    body: streamOf(input),
    duplex: "half",
  } as RequestInit);
  if (!response.ok) throw new Error(await response.text());
  return await read(response.body as ReadableStream<Bytes>);
}

/** Through a pipeline, with no server around it. */
function convert(input: readonly Bytes[]): Promise<number> {
  return valuesIn(
    streamOf(input)
      .pipeThrough(formatOf("ndjson").batches().decoder())
      .pipeThrough(formatOf("brine").batches({ codec: zstd() }).encoder()),
  );
}

export const servers: Case = async ({ quick }) => {
  const input = [...chunks(quick ? 1 : 30, false)];
  const lengths = (bytes: ReadableStream<Bytes>) => sum(bytes, lengthOf);
  const rounds = quick ? 1 : 5;
  const ours = await serve({ maxBodyBytes: 2 ** 40 });
  const theirs = await listen(handMade());
  try {
    const path = `${ours.url}/convert?from=ndjson`;
    const bare = await race(rounds, {
      pipeline: () => convert(input),
      server: () => post(`${path}&to=brine&compress=zstd`, input, valuesIn),
    });
    const zipped = `${path}&to=ndjson&compress=gzip`;
    const hand = await race(rounds, {
      "in stages": () => post(`${theirs.url}/stages`, input, lengths),
      "in one": () => post(`${theirs.url}/one`, input, lengths),
      server: () => post(zipped, input, lengths),
    });
    const detail = detailOf(hand);
    return [
      {
        name: "server: NDJSON to brine in zstd, against the pipeline alone",
        value: bare.pipeline / bare.server,
        unit: "x",
        atLeast: 0.8,
        detail: detailOf(bare),
      },
      {
        name: "server: NDJSON in gzip, against Hono with stages by hand",
        value: hand["in stages"] / hand.server,
        unit: "x",
        atLeast: 1,
        detail,
      },
      {
        name: "server: the same, against one loop that checks nothing",
        value: hand["in one"] / hand.server,
        unit: "x",
      },
    ];
  } finally {
    await ours.close();
    theirs.close();
    // Connections that are kept for more requests would keep the process.
    setTimeout(() => process.exit(), 1_000).unref?.();
  }
};
