/**
 * The server over a port, against the pipeline without it, and against what one would write by hand with Hono. The client has a
 * process of its own, so that `--cpu` counts the server alone.
 */
import process from "node:process";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { formatOf } from "../mod.ts";
import { serve } from "../src/server/mod.ts";
import type { Bytes } from "../src/types.ts";
import { chunksOf, type Errand, toBrine, valuesIn } from "./_client.ts";
import { chunks, lengthOf, streamOf, sum } from "./_data.ts";
import { type Case, detailOf, type Figure, race } from "./_measure.ts";
import { Peer } from "./_peer.ts";

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

/** Starts the client, on the runtime that runs this. */
function startClient(): Peer {
  const options = "Deno" in globalThis ? ["run", "-A", "--no-check"] : [];
  return new Peer(process.execPath, "_client.ts", options);
}

/** There and back, each against the pipeline with no server around it. */
async function againstPipelines(
  input: readonly Bytes[],
  rounds: number,
  post: (path: string, what: Pick<Errand, "body" | "count">) => unknown,
): Promise<Figure[]> {
  const there = await race(rounds, {
    pipeline: () => valuesIn(toBrine(input)),
    server: () =>
      post("/convert?from=ndjson&to=brine&compress=zstd", {
        body: "ndjson",
        count: "values",
      }),
  });
  const brine = await chunksOf(toBrine(input));
  const back = await race(rounds, {
    pipeline: () => sum(toNdjson(brine), lengthOf),
    server: () =>
      post("/convert?from=brine&to=ndjson", { body: "brine", count: "bytes" }),
  });
  const names = ["NDJSON to brine in zstd", "and back"];
  return [there, back].map((times, i) => ({
    name: `server: ${names[i]}, against the pipeline alone`,
    value: times.pipeline / times.server,
    unit: "x",
    atLeast: 0.8,
    detail: detailOf(times),
  }));
}

function toNdjson(brine: readonly Bytes[]): ReadableStream<Bytes> {
  return streamOf(brine)
    .pipeThrough(formatOf("brine").batches().decoder())
    .pipeThrough(formatOf("ndjson").batches().encoder());
}

/** NDJSON to NDJSON in gzip, against what does it by hand. */
async function againstHand(
  url: string,
  rounds: number,
  post: (url: string) => Promise<number>,
): Promise<Figure[]> {
  const theirs = await listen(handMade());
  try {
    const times = await race(rounds, {
      "in stages": () => post(`${theirs.url}/stages`),
      "in one": () => post(`${theirs.url}/one`),
      server: () => post(`${url}/convert?from=ndjson&to=ndjson&compress=gzip`),
    });
    return [
      {
        name: "server: NDJSON in gzip, against Hono with stages by hand",
        value: times["in stages"] / times.server,
        unit: "x",
        atLeast: 1,
        detail: detailOf(times),
      },
      {
        name: "server: the same, against one loop that checks nothing",
        value: times["in one"] / times.server,
        unit: "x",
        atLeast: 1,
      },
    ];
  } finally {
    theirs.close();
  }
}

export const servers: Case = async ({ quick }) => {
  const megabytes = quick ? 1 : 30;
  const rounds = quick ? 1 : 7;
  const input = [...chunks(megabytes, false)];
  const ours = await serve({ maxBodyBytes: 2 ** 40 });
  const client = startClient();
  const post = async (
    url: string,
    what: Pick<Errand, "body" | "count"> = { body: "ndjson", count: "bytes" },
  ) => {
    const errand: Errand = { url, megabytes, ...what };
    return Number(await client.ask(JSON.stringify(errand)) || NaN);
  };
  try {
    return [
      ...await againstPipelines(
        input,
        rounds,
        (path, what) => post(ours.url + path, what),
      ),
      ...await againstHand(ours.url, rounds, post),
    ];
  } finally {
    client.close();
    await ours.close();
  }
};
