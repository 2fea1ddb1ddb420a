import { decompressAndDeserialize } from "../../src/dask/read_message.ts";
import { Serialized } from "../../src/dask/values.ts";
import type { Cluster } from "./_cluster.ts";
import { gatherParts, waitFor } from "./_gather.ts";
import type { Notices } from "./_notices.ts";
import { type OpenCluster, openCluster } from "./_open_cluster.ts";
import { type ScatterData, scatterValues } from "./_scatter.ts";
import type { KeyNotice, SchedulerStream } from "./_scheduler_stream.ts";
import { ClusterView } from "./cluster_view.ts";
import { Datasets, type PublishOptions } from "./dataset.ts";
import type { DaskKey } from "./keys.ts";
import type {
  ClientOptions,
  GatherOptions,
  ScatterOptions,
  WaitOptions,
} from "./options.ts";

/**
 * A client of a cluster of Dask: puts values into its memory, and gets those that are there. What it puts there stays until
 * it releases it, or closes; what is published stays.
 *
 * Functions cannot be submitted from here, since these are Python's. Python publishes what it computes, and it is read here.
 *
 * @example
 * ```ts
 * import { Client, CommClosedError } from "@brine/brine/dask";
 * import { rejects } from "node:assert/strict";
 *
 * async function roundTrip(address: string): Promise<unknown> {
 *   const client = await Client.connect(address, { timeout: 2_000 });
 *   try {
 *     const [key] = await client.scatter([new Float64Array([1, 2, 3])]);
 *     return await client.gather([key!]);
 *   } finally {
 *     await client.close();
 *   }
 * }
 * await rejects(roundTrip("tcp://127.0.0.1:1"), CommClosedError);
 * ```
 */
export class Client extends ClusterView {
  /** The scheduler's address. */
  readonly address: string;
  /** Its name at the scheduler. */
  readonly id: string;
  /** Settles when the scheduler is gone, or the client was closed. */
  readonly closed: Promise<void>;

  readonly #cluster: Cluster;
  readonly #stream: SchedulerStream;
  readonly #notices: Notices;
  readonly #datasets: Datasets;
  readonly #direct: boolean;

  private constructor(open: OpenCluster, { direct = true }: ClientOptions) {
    const { cluster, stream, notices, address } = open;
    super(cluster);
    this.address = address;
    this.id = cluster.id;
    this.closed = notices.closed;
    this.#cluster = cluster;
    this.#stream = stream;
    this.#notices = notices;
    this.#datasets = new Datasets(cluster);
    this.#direct = direct;
  }

  /**
   * Connects to a scheduler and registers with it.
   *
   * @param address The scheduler's address, such as `tcp://127.0.0.1:8786`.
   * @param options What ends waits, what is accepted, and how to get in.
   * @returns The client.
   * @throws {CommClosedError} If there is no way to get there, in time.
   * @throws {FormatError} If this is no scheduler.
   */
  static async connect(
    address: string,
    options: ClientOptions = {},
  ): Promise<Client> {
    return new Client(await openCluster(address, options), options);
  }

  /**
   * Puts values into the memory of workers.
   *
   * @param data The values by key, in a `Map` or an object; or a list of them, which are given keys. Typed arrays and
   * `NdArray`s are arrays of numpy there, and their bytes are not copied here.
   * @param options Where to, and what ends the wait.
   * @returns The keys, in order. They are held until they are released.
   * @throws {SerializeError} If one of them cannot be serialized.
   * @throws {RemoteError} If there is no worker, for as long as the timeout.
   */
  async scatter(
    data: ScatterData,
    options: ScatterOptions = {},
  ): Promise<DaskKey[]> {
    const keys = await scatterValues(this.#cluster, data, options);
    this.#cluster.wanted.hold(keys, { known: true });
    return keys;
  }

  /**
   * The value of a key, or the values of many in order: from a worker that holds it, another if that one is busy or gone,
   * and through the scheduler if no worker can be reached from here. What is still computed is waited for.
   *
   * @param keys The key, or a list of keys. A key that is a tuple stands in a list.
   * @param options Where from, and what ends the wait.
   * @returns The value, or the values.
   * @throws {RemoteError} If the task that makes it failed, with Python's exception as `cause`.
   * @throws {LostKeyError} If nobody has it, nor will.
   * @throws {CommClosedError} If the scheduler is gone.
   */
  gather(keys: string | number, options?: GatherOptions): Promise<unknown>;
  /** Many keys. */
  gather(
    keys: readonly DaskKey[],
    options?: GatherOptions,
  ): Promise<unknown[]>;
  async gather(
    keys: string | number | readonly DaskKey[],
    options: GatherOptions = {},
  ): Promise<unknown> {
    const list = typeof keys === "object" ? keys : [keys];
    const { direct = this.#direct, signal, timeout } = options;
    const ways = { direct, signal, timeout };
    const parts = await gatherParts(this.#cluster, list, ways);
    const read = { ...this.#cluster.read, ...options.read };
    const values = list.map((key) => {
      const part = parts.get(key);
      return part instanceof Serialized
        ? decompressAndDeserialize(part.header, part.frames, read)
        : part;
    });
    return typeof keys === "object" ? values : values[0];
  }

  /**
   * Asks the scheduler to keep keys, which others have put there, until they are released.
   *
   * @param keys The keys.
   */
  hold(keys: readonly DaskKey[]): void {
    this.#cluster.wanted.hold(keys);
  }

  /**
   * Lets go of keys that were scattered or held: what nobody else holds is gone.
   *
   * @param keys The keys.
   */
  release(keys: readonly DaskKey[]): void {
    this.#cluster.wanted.release(keys);
  }

  /**
   * Waits until keys are computed, without getting them.
   *
   * @param keys The keys.
   * @param options What ends the wait.
   * @throws {RemoteError} If the task that makes one failed.
   * @throws {LostKeyError} If the scheduler does not know one, or it was cancelled.
   * @throws {CommClosedError} If the scheduler is gone.
   */
  async wait(
    keys: readonly DaskKey[],
    options: WaitOptions = {},
  ): Promise<void> {
    await waitFor(this.#cluster, keys, options);
  }

  /**
   * What the scheduler tells of keys that are scattered, held or waited for.
   *
   * @returns A stream of all that comes from now on. It fails if the scheduler goes away, or if its reader is 100,000 behind.
   */
  notices(): ReadableStream<KeyNotice> {
    return this.#notices.stream();
  }

  /**
   * Publishes a value, and keys, under a name. Both stay until the name is taken down, or the scheduler ends.
   *
   * @param name The name.
   * @param value What Python's `get_dataset` gives. It is kept by the scheduler, so large values are better scattered.
   * @param options The keys, and what ends the wait.
   * @throws {RemoteError} If the name is taken.
   */
  async publishDataset(
    name: DaskKey,
    value: unknown,
    options: PublishOptions = {},
  ): Promise<void> {
    await this.#datasets.put(name, value, options);
  }

  /**
   * Takes down what is published under a name, if anything is.
   *
   * @param name The name.
   * @param options What ends the wait.
   */
  async unpublishDataset(
    name: DaskKey,
    options: WaitOptions = {},
  ): Promise<void> {
    await this.#datasets.delete(name, options);
  }

  /** Says goodbye and ends all connections. Whoever still waits for something gets an error. */
  async close(): Promise<void> {
    await Promise.all([this.#stream.close(), this.#cluster.pool.close()]);
  }
}
