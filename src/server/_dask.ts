import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { RemoteError } from "../../mod.ts";
import { plainFor } from "../../streams/_plain_for.ts";
import { answer } from "./_answer.ts";
import type { DaskDatasets, ServerOptions, Settings } from "./options.ts";
import { queryOf, toOf } from "./_query.ts";
import { daskQuery, noQuery } from "./_schemas.ts";
import { signalOf } from "./_signal.ts";

type Dask = NonNullable<ServerOptions["dask"]>;

/** The client: made when it is first needed, and again when it has gone. */
function clientOf(dask: Dask): () => Promise<DaskDatasets> {
  if (typeof dask !== "function") return () => Promise.resolve(dask);
  let client: Promise<DaskDatasets> | undefined;
  const forget = () => client = undefined;
  return () => {
    if (client) return client;
    const made = Promise.resolve(dask());
    made.then(({ closed }) => closed?.then(forget, forget), forget);
    return client = made;
  };
}

/**
 * What Dask does not give is no failure of this server; but what a task failed by is told as it is. Nothing is waited for when
 * nobody waits for the answer any more.
 */
async function asked<T>(
  signal: AbortSignal,
  work: () => T | Promise<T>,
): Promise<T> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([stopped, work()]);
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof RemoteError) throw cause;
    const names = [cause, (cause as Error | undefined)?.cause].map((error) =>
      (error as Error | undefined)?.name
    );
    throw names.includes("TimeoutError")
      ? new HTTPException(504, {
        message: "Cannot wait any longer for Dask",
        cause,
      })
      : new HTTPException(502, { message: "Cannot get this of Dask", cause });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** `GET /dask` and `GET /dask/:name`: what is published at a scheduler of Dask. */
export function datasets(dask: Dask, settings: Settings): {
  list(c: Context): Promise<Response>;
  send(c: Context): Promise<Response>;
} {
  const connected = clientOf(dask);
  return {
    async list(c) {
      queryOf(c, noQuery);
      const names = await asked(
        signalOf(c),
        async () => await (await connected()).listDatasets(),
      );
      return c.json(names.filter((name) => typeof name === "string"));
    },
    async send(c) {
      const { part = "keys", ...query } = queryOf(c, daskQuery);
      const to = toOf(c, query.to);
      const lossy = query.lossy === "true";
      const signal = signalOf(c);
      const client = await asked(signal, connected);
      const name = c.req.param("name")!;
      const dataset = await asked(signal, () => client.getDataset(name));
      if (!dataset) {
        throw new HTTPException(404, { message: "Cannot find this dataset" });
      }
      const values = part === "value"
        ? batches(signal, [dataset], (dataset) => dataset.value())
        : batches(
          signal,
          dataset.keys,
          async (key) => (await client.gather([key]))[0],
        );
      return await answer(
        c,
        // Formats of Python hold what there is as it is: an array of floats does not become one of what they look like.
        plainFor(values, to, lossy),
        {
          to,
          compress: query.compress,
          options: { ...settings.format, lossy },
        },
        settings,
      );
    },
  };
}

/** One after another, when it is wanted: no more than one is held. */
function batches<T>(
  signal: AbortSignal,
  items: readonly T[],
  read: (item: T) => unknown,
): ReadableStream<readonly unknown[]> {
  let next = 0;
  return new ReadableStream<readonly unknown[]>({
    async pull(controller) {
      if (next === items.length) return controller.close();
      controller.enqueue([await asked(signal, () => read(items[next++]!))]);
    },
  }, { highWaterMark: 0 });
}
