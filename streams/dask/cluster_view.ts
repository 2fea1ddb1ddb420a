import type { Cluster } from "./_cluster.ts";
import { type Dataset, Datasets } from "./dataset.ts";
import { type DaskKey, entriesOf, KeyMap } from "./keys.ts";
import type { WaitOptions } from "./options.ts";

/**
 * What there is in a cluster, as its scheduler tells it: the part of a `Client` that changes nothing.
 *
 * @example
 * ```ts
 * import { Client, type ClusterView, CommClosedError } from "@brine/brine/dask";
 * import { rejects } from "node:assert/strict";
 *
 * async function bytesIn(view: ClusterView): Promise<number> {
 *   let sum = 0;
 *   for (const size of (await view.nbytes()).values()) sum += size;
 *   return sum;
 * }
 * await rejects(Client.connect("tcp://127.0.0.1:1").then(bytesIn), CommClosedError);
 * ```
 */
export class ClusterView {
  readonly #cluster: Cluster;
  readonly #datasets: Datasets;

  /** @internal */
  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#datasets = new Datasets(cluster);
  }

  /**
   * What the scheduler tells of itself and of its workers.
   *
   * @param options What ends the wait.
   * @returns Its `address`, `id`, `type`, and `workers` by address, among others.
   */
  async identity(options: WaitOptions = {}): Promise<Record<string, unknown>> {
    const answer = await this.#cluster.ask("identity", {}, options);
    return Object(answer) as Record<string, unknown>;
  }

  /**
   * The workers that hold each key.
   *
   * @param keys The keys. @default all that the scheduler knows
   * @param options What ends the wait.
   * @returns Their addresses; none of a key that is not computed, or not known.
   */
  whoHas(
    keys?: readonly DaskKey[],
    options: WaitOptions = {},
  ): Promise<KeyMap<string[]>> {
    return this.#byKey("who_has", keys, options);
  }

  /**
   * The keys that each worker holds.
   *
   * @param workers The addresses of workers. @default all
   * @param options What ends the wait.
   * @returns The keys, by address.
   */
  async hasWhat(
    workers?: readonly string[],
    options: WaitOptions = {},
  ): Promise<Map<string, DaskKey[]>> {
    const args = workers === undefined ? {} : { workers };
    const answer = await this.#cluster.ask("has_what", args, options);
    return new Map(entriesOf(answer) as Iterable<[string, DaskKey[]]>);
  }

  /**
   * How large values are, as their workers estimate it.
   *
   * @param keys The keys. @default all that are in memory
   * @param options What ends the wait.
   * @returns The sizes in bytes.
   * @throws {RemoteError} If the scheduler does not know one of the keys.
   */
  nbytes(
    keys?: readonly DaskKey[],
    options: WaitOptions = {},
  ): Promise<KeyMap<number>> {
    return this.#byKey("nbytes", keys, options, { summary: false });
  }

  /**
   * The keys that are in the memory of workers.
   *
   * @param options What ends the wait.
   * @returns The keys, each once.
   */
  async keys(options: WaitOptions = {}): Promise<DaskKey[]> {
    const all = new KeyMap<true>();
    for (const keys of (await this.hasWhat(undefined, options)).values()) {
      for (const key of keys) all.set(key, true);
    }
    return [...all.keys()];
  }

  /**
   * The names under which something is published.
   *
   * @param options What ends the wait.
   * @returns The names, in order.
   */
  async listDatasets(options: WaitOptions = {}): Promise<DaskKey[]> {
    const answer = await this.#cluster.ask("publish_list", {}, options);
    return Array.isArray(answer) ? answer : [];
  }

  /**
   * What is published under a name.
   *
   * @param name The name.
   * @param options What ends the wait.
   * @returns Its keys, and the value beside them; `undefined` if there is nothing of that name.
   */
  getDataset(
    name: DaskKey,
    options: WaitOptions = {},
  ): Promise<Dataset | undefined> {
    return this.#datasets.get(name, options);
  }

  async #byKey<T>(
    op: string,
    keys: readonly DaskKey[] | undefined,
    options: WaitOptions,
    others = {},
  ): Promise<KeyMap<T>> {
    const args = keys === undefined ? others : { ...others, keys };
    const answer = await this.#cluster.ask(op, args, options);
    return new KeyMap(entriesOf(answer) as Iterable<[DaskKey, T]>);
  }
}
