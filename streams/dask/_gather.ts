import { FormatError, TruncatedError } from "../../src/errors.ts";
import { type Cluster, delay } from "./_cluster.ts";
import { failureOf } from "./_remote_error.ts";
import { CommClosedError, LostKeyError } from "./errors.ts";
import { type DaskKey, entriesOf, KeyMap } from "./keys.ts";
import type { WaitOptions } from "./options.ts";

/** How values are gathered. */
export interface GatherWays extends WaitOptions {
  readonly direct: boolean;
}

/** Keys that are asked of a worker in one go. */
const BATCH = 256;
/** Milliseconds before a worker that is busy is asked again; and before who has what is asked again. */
const BUSY = 50;
const AGAIN = 150;
const RETRIES = 4;

/** The values of keys as they were sent, from whoever holds them; one that is still computed is waited for. */
export async function gatherParts(
  cluster: Cluster,
  keys: readonly DaskKey[],
  ways: GatherWays,
): Promise<KeyMap<unknown>> {
  const gathering = new Gathering(cluster, ways);
  await gathering.all(keys);
  return gathering.found;
}

/** Settles when keys are in memory. Those that the scheduler does not know would be waited for in vain. */
export async function waitFor(
  cluster: Cluster,
  keys: readonly DaskKey[],
  { signal, timeout }: WaitOptions,
): Promise<void> {
  const answer = await cluster.ask("get_task_status", { keys }, {
    signal,
    timeout,
  });
  const states = new KeyMap(entriesOf(answer));
  const unknown = keys.filter((key) => !states.get(key));
  if (unknown.length > 0) {
    throw new LostKeyError(unknown, "the scheduler does not know of it");
  }
  await cluster.wanted.wait(keys, signal);
}

class Gathering {
  readonly found: KeyMap<unknown> = new KeyMap();
  readonly #cluster: Cluster;
  readonly #ways: GatherWays;
  readonly #timeout: number;
  /** Workers that cannot be reached. */
  readonly #gone = new Set<string>();
  #cause: unknown;

  constructor(cluster: Cluster, ways: GatherWays) {
    this.#cluster = cluster;
    this.#ways = ways;
    this.#timeout = ways.timeout ?? cluster.timeout;
  }

  async all(keys: readonly DaskKey[]): Promise<void> {
    const { signal, direct } = this.#ways;
    let left = [...new KeyMap(keys.map((key) => [key, 0])).keys()];
    for (let tries = 0; left.length > 0; tries++) {
      if (tries > RETRIES) {
        const why = "nobody who holds it can be reached";
        throw new LostKeyError(left, why, { cause: this.#cause });
      }
      if (tries > 0) await delay(AGAIN * 2 ** (tries - 1), signal);
      const holders = await this.#locate(left);
      if (direct) left = await this.#fromWorkers(holders);
      if (left.length > 0) left = await this.#fromScheduler(left);
    }
  }

  /** Who holds keys; those that nobody holds yet are waited for. */
  async #locate(keys: readonly DaskKey[]): Promise<KeyMap<string[]>> {
    const holders = await this.#whoHas(keys);
    const without = keys.filter((key) => !holders.get(key)?.length);
    if (without.length === 0) return holders;
    await waitFor(this.#cluster, without, this.#ways);
    for (const [key, addresses] of await this.#whoHas(without)) {
      holders.set(key, addresses);
    }
    return holders;
  }

  async #whoHas(keys: readonly DaskKey[]): Promise<KeyMap<string[]>> {
    const answer = await this.#cluster.ask("who_has", { keys }, this.#ways);
    return new KeyMap(entriesOf(answer) as Iterable<[DaskKey, string[]]>);
  }

  /** Asks workers for what they hold, others when one is busy or gone; the keys that none of them gave. */
  async #fromWorkers(holders: KeyMap<string[]>): Promise<DaskKey[]> {
    const busy = new Set<string>();
    let last = performance.now();
    for (;;) {
      const left = [...holders.keys()].filter((key) => !this.found.has(key));
      const plan = this.#plan(left, holders, busy);
      if (plan.length === 0) {
        const isBusy = left.some((key) =>
          holders.get(key)!.some((address) => busy.has(address))
        );
        if (!isBusy) return left;
        if (performance.now() - last > this.#timeout) {
          throw this.#tooBusy([...busy][0]!);
        }
        await delay(BUSY, this.#ways.signal);
        busy.clear();
        continue;
      }
      const results = await Promise.all(
        plan.map(([address, keys]) => this.#ask(address, keys, holders)),
      );
      results.forEach((wasBusy, i) => {
        if (wasBusy) busy.add(plan[i]![0]);
        else last = performance.now();
      });
    }
  }

  /** For each key one of those who hold it, by chance. */
  #plan(
    keys: readonly DaskKey[],
    holders: KeyMap<string[]>,
    busy: ReadonlySet<string>,
  ): [address: string, keys: DaskKey[]][] {
    const full: [string, DaskKey[]][] = [];
    const open = new Map<string, DaskKey[]>();
    for (const key of keys) {
      const ready = holders.get(key)!.filter((address) =>
        !busy.has(address) && !this.#gone.has(address)
      );
      const address = ready[Math.floor(Math.random() * ready.length)];
      if (address === undefined) continue;
      let batch = open.get(address);
      if (!batch || batch.length === BATCH) {
        batch = [];
        open.set(address, batch);
        full.push([address, batch]);
      }
      batch.push(key);
    }
    return full;
  }

  /** Asks one worker; whether it was busy. What it does not have is not asked of it again. */
  async #ask(
    address: string,
    keys: readonly DaskKey[],
    holders: KeyMap<string[]>,
  ): Promise<boolean> {
    let data: KeyMap<unknown> | undefined;
    try {
      data = await getData(this.#cluster, address, keys, this.#ways);
    } catch (error) {
      const isLost = error instanceof CommClosedError ||
        error instanceof TruncatedError;
      if (!isLost || this.#ways.signal?.aborted) throw error;
      this.#gone.add(address);
      this.#cause = error;
      return false;
    }
    if (!data) return true;
    for (const key of keys) {
      if (data.has(key)) this.found.set(key, data.get(key));
      else {
        const others = holders.get(key)!.filter((other) => other !== address);
        holders.set(key, others);
      }
    }
    return false;
  }

  /** The scheduler fetches them, from workers that can only be reached from there; the keys that it did not get. */
  async #fromScheduler(keys: readonly DaskKey[]): Promise<DaskKey[]> {
    const options = { ...this.#ways, deserialize: false };
    const answer = Object(
      await this.#cluster.ask("gather", { keys }, options),
    ) as Record<string, unknown>;
    if (answer.status === "OK") {
      for (const [key, part] of entriesOf(answer.data)) {
        this.found.set(key, part);
      }
    }
    return keys.filter((key) => !this.found.has(key));
  }

  #tooBusy(address: string): Error {
    const text = `${address} was busy for ${this.#timeout} ms`;
    return new CommClosedError(address, text, { cause: this.#cause });
  }
}

/** What a worker holds of some keys; `undefined` if it is busy. It waits to hear that all has come. */
function getData(
  cluster: Cluster,
  address: string,
  keys: readonly DaskKey[],
  { signal, timeout }: GatherWays,
): Promise<KeyMap<unknown> | undefined> {
  return cluster.pool.use(address, (comm) =>
    comm.exchange(async () => {
      const request = { op: "get_data", keys, who: cluster.id, reply: true };
      await comm.send(request, { signal, timeout });
      const options = { signal, timeout, deserialize: false };
      const reply = await comm.receive(options);
      const what = `Cannot get data from ${address}`;
      const failure = failureOf(reply, what, cluster.read);
      if (failure) throw failure;
      const { status, data } = Object(reply) as Record<string, unknown>;
      if (status === "busy") return undefined;
      if (status !== "OK") {
        throw new FormatError("dask", `${address} gives no data`);
      }
      await comm.send("OK", { signal, timeout });
      return new KeyMap(entriesOf(data));
    }), signal);
}
