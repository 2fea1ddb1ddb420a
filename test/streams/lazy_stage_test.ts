import { describe, test } from "bun:test";
import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  type Bytes,
  formatOf,
  loads,
  ndjsonBatches,
  type Stage,
} from "../../mod.ts";
import { collect, streamOf } from "../../streams/_collect.ts";
import { lazyStage } from "../../streams/_lazy_stage.ts";

type Batches = Stage<readonly unknown[], Bytes>;

const lazy = (load: () => Promise<Batches>): Batches => lazyStage("lazy", load);
const present = lazy(() => Promise.resolve(ndjsonBatches()));
const bytes = new TextEncoder().encode('{"a":1}\n{"a":2}\n');

describe("a stage that is loaded when it is read", () => {
  test("does as the stage does, both ways", async () => {
    deepEqual(await loads(bytes, present), [{ a: 1 }, { a: 2 }]);
    const written = streamOf([[{ a: 1 }], [{ a: 2 }]])
      .pipeThrough(present.encoder());
    equal(await new Response(written).text(), '{"a":1}\n{"a":2}\n');
  });

  test("is not loaded before it is read, and takes nothing", async () => {
    let loads = 0;
    let pulls = 0;
    const stage = lazy(() => {
      loads++;
      return Promise.resolve(ndjsonBatches());
    });
    const source = new ReadableStream<Bytes>({
      pull(controller) {
        pulls++;
        controller.enqueue(bytes);
      },
    }, { highWaterMark: 0 });
    const reader = source.pipeThrough(stage.decoder()).getReader();
    await new Promise((resolve) => setTimeout(resolve, 5));
    deepEqual([loads, pulls <= 1], [0, true]);
    deepEqual((await reader.read()).value, [{ a: 1 }, { a: 2 }]);
    equal(loads, 1);
    await reader.cancel();
  });

  test("fails as itself if it cannot be loaded", async () => {
    const failure = new TypeError("offline");
    const stage = lazy(() => Promise.reject(failure));
    let cancelled: unknown;
    const source = new ReadableStream<Bytes>({
      start: (controller) => controller.enqueue(bytes),
      cancel: (reason) => void (cancelled = reason),
    });
    const values = source.pipeThrough(stage.decoder());
    await rejects(collect(values), (error) => error === failure);
    equal(cancelled, failure);
  });

  for (const [when, reads] of [["before", 0], ["after", 1]] as const) {
    test(`passes cancel on, ${when} it was read`, async () => {
      let cancelled: unknown;
      const source = new ReadableStream<Bytes>({
        pull: (controller) => controller.enqueue(bytes),
        cancel: (reason) => void (cancelled = reason),
      });
      const reader = source.pipeThrough(present.decoder()).getReader();
      for (let i = 0; i < reads; i++) await reader.read();
      await reader.cancel("enough");
      equal(cancelled, "enough");
    });

    test(`passes a failure of its source on, ${when} it was read`, async () => {
      const failure = new Error("cut");
      let source!: ReadableStreamDefaultController<Bytes>;
      const readable = new ReadableStream<Bytes>({
        start: (controller) => void (source = controller),
      });
      const reader = readable.pipeThrough(present.decoder()).getReader();
      if (reads) {
        source.enqueue(bytes);
        await reader.read();
      }
      source.error(failure);
      await rejects(reader.read(), (error) => error === failure);
    });
  }

  test("hears of damage where nobody reads on", async () => {
    const { readable, writable } = present.decoder();
    const writer = writable.getWriter();
    const written = writer.write(new TextEncoder().encode("{]\n"));
    const reader = readable.getReader();
    await rejects(reader.read(), { name: "FormatError" });
    await written.catch(() => {});
    await rejects(writer.closed, { name: "FormatError" });
    await rejects(reader.closed, { name: "FormatError" });
  });

  test("has the name of what it stands for", () => {
    for (const name of ["pickle", "dask", "npy", "npz"]) {
      equal(formatOf(name).batches().name, name);
    }
  });
});
