import { splitAndCompressed } from "../../src/dask/message.ts";
import { Serialized } from "../../src/dask/values.ts";
import { SHARD } from "../../src/dask/split.ts";
import { type Cluster, isUnexpectedArgument } from "./_cluster.ts";
import { type DaskKey, entriesOf } from "./keys.ts";
import type { ScatterOptions } from "./options.ts";

/** What is scattered: by key, or as a list of values that are given keys. */
export type ScatterData =
  | ReadonlyMap<DaskKey, unknown>
  | readonly unknown[]
  | Readonly<Record<string, unknown>>;

/** Values to workers: through the scheduler, or to them and the scheduler is told. */
export async function scatterValues(
  cluster: Cluster,
  data: ScatterData,
  ways: ScatterOptions,
): Promise<DaskKey[]> {
  const parts = new Map<DaskKey, Serialized>();
  for (const [key, value] of entriesIn(data)) {
    parts.set(key, serialized(value, cluster));
  }
  if (parts.size === 0) return [];
  const keys = [...parts.keys()];
  if (ways.direct) await toWorkers(cluster, parts, ways);
  else await throughScheduler(cluster, parts, ways);
  return keys;
}

function entriesIn(
  data: ScatterData,
): Iterable<readonly [DaskKey, unknown]> {
  if (data instanceof Map) return data;
  if (Array.isArray(data)) {
    return data.map((value) => [`brine-${crypto.randomUUID()}`, value]);
  }
  return Object.entries(data);
}

/** A value by itself, not taken apart as what is marked in a message is: a long list is one pickle, not one for each item. */
export function serialized(value: unknown, cluster: Cluster): Serialized {
  if (value instanceof Serialized) return value;
  const { header, frames } = splitAndCompressed(value, {
    onError: "raise",
    layout: cluster.layout,
    frameSplitSize: SHARD,
  });
  return new Serialized(header, frames);
}

async function throughScheduler(
  cluster: Cluster,
  data: ReadonlyMap<DaskKey, Serialized>,
  ways: ScatterOptions,
): Promise<void> {
  const { workers = null, broadcast = false } = ways;
  const timeout = patienceOf(cluster, ways);
  const args = { data, workers, broadcast, timeout, client: cluster.id };
  await cluster.ask("scatter", args, ways);
}

async function toWorkers(
  cluster: Cluster,
  data: ReadonlyMap<DaskKey, Serialized>,
  ways: ScatterOptions,
): Promise<void> {
  const { broadcast = false } = ways;
  const workers = ways.workers ??
    Object.keys(Object(await cluster.ask("ncores", {}, ways)));
  const copies = Math.min(
    broadcast === true ? workers.length : broadcast || 1,
    workers.length,
  );
  if (workers.length === 0) {
    // Which waits for one, or fails as the scheduler would have it.
    return await throughScheduler(cluster, data, ways);
  }
  const shares = new Map<string, Map<DaskKey, Serialized>>();
  const holders = new Map<DaskKey, string[]>();
  let next = Math.floor(Math.random() * workers.length);
  for (const [key, part] of data) {
    const own: string[] = [];
    for (let i = 0; i < copies; i++) {
      const address = workers[next++ % workers.length]!;
      own.push(address);
      const share = shares.get(address) ?? new Map();
      shares.set(address, share.set(key, part));
    }
    holders.set(key, own);
  }
  const quietly = await quietlyAt(workers[0]!, cluster, ways);
  const answers = await Promise.all(
    [...shares].map(([address, share]) =>
      cluster.pool.use(
        address,
        (comm) =>
          comm.request("update_data", { data: share, ...quietly }, ways),
        ways.signal,
      )
    ),
  );
  const nbytes = new Map<DaskKey, unknown>();
  for (const answer of answers) {
    const sizes = (Object(answer) as Record<string, unknown>).nbytes;
    for (const [key, size] of entriesOf(sizes)) nbytes.set(key, size);
  }
  const args = { who_has: holders, nbytes, client: cluster.id };
  await cluster.ask("update_data", args, ways);
}

/**
 * Older workers would tell the scheduler of keys that it has not heard of, which it then has them forget; newer ones do not
 * know of such an argument.
 */
async function quietlyAt(
  address: string,
  cluster: Cluster,
  ways: ScatterOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const quietly = { report: false };
  return cluster.quietly ??= await cluster.pool.use(address, async (comm) => {
    try {
      await comm.request("update_data", { data: {}, ...quietly }, ways);
      return quietly;
    } catch (error) {
      if (isUnexpectedArgument(error)) return {};
      throw error;
    }
  }, ways.signal);
}

/** In seconds, as Python counts. */
function patienceOf(cluster: Cluster, { timeout }: ScatterOptions): number {
  return Math.min((timeout ?? cluster.timeout) / 1000, 86_400);
}
