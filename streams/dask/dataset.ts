import type { DeserializeOptions } from "../../src/dask/deserialize.ts";
import { decompressAndDeserialize } from "../../src/dask/read_message.ts";
import { Serialized } from "../../src/dask/values.ts";
import { PyObject } from "../../src/pickle/values/object.ts";
import { PyTuple } from "../../src/pickle/values/sequence.ts";
import { type Cluster, isUnexpectedArgument } from "./_cluster.ts";
import { serialized } from "./_scatter.ts";
import type { DaskKey } from "./keys.ts";
import type { WaitOptions } from "./options.ts";

/**
 * What is published under a name: keys, and a value beside them, which in Python is what is made of these keys.
 *
 * @example
 * ```ts
 * import { Dataset, Serialized, serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const { header, frames } = serialize({ rows: 3 });
 * const dataset = new Dataset("table", ["part-0"], new Serialized(header, frames));
 * deepEqual(dataset.value(), { rows: 3 });
 * ```
 */
export class Dataset {
  /** The name. */
  readonly name: DaskKey;
  /** The keys that are kept for it: what `Client.gather` takes. */
  readonly keys: readonly DaskKey[];
  readonly #data: unknown;

  /**
   * Makes one of its parts.
   *
   * @param name The name.
   * @param keys The keys that are kept for it.
   * @param data The value, as it was sent.
   */
  constructor(name: DaskKey, keys: readonly DaskKey[], data: unknown) {
    this.name = name;
    this.keys = keys;
    this.#data = data;
  }

  /**
   * The value beside the keys. Python's futures and collections are objects of classes that are not known here: of such
   * datasets only the keys are of use.
   *
   * @param options How it is read.
   * @returns The value.
   * @throws {FormatError} If it cannot be read.
   */
  value(options: DeserializeOptions = {}): unknown {
    const data = this.#data;
    return data instanceof Serialized
      ? decompressAndDeserialize(data.header, data.frames, options)
      : data;
  }
}

/**
 * What Python takes for a future of a key. Published, it makes Python's `client.get_dataset(name).result()` the value of the key.
 *
 * @param key The key.
 * @returns A value to publish, or a part of one.
 *
 * @example
 * ```ts
 * import { type Client, toFuture } from "@brine/brine/dask";
 * import { equal } from "node:assert/strict";
 *
 * async function share(client: Client, name: string, data: Float64Array<ArrayBuffer>): Promise<void> {
 *   const keys = await client.scatter([data]);
 *   await client.publishDataset(name, toFuture(keys[0]!), { keys });
 * }
 * equal(share.length, 3);
 * equal(toFuture("x").name, "Future");
 * ```
 */
export function toFuture(key: DaskKey): PyObject {
  return new PyObject("distributed.client", "Future", {
    args: [pythonKey(key)],
  });
}

function pythonKey(key: DaskKey): unknown {
  return typeof key === "object" ? PyTuple.from(key.map(pythonKey)) : key;
}

/** Options for `Client.publishDataset`. */
export interface PublishOptions extends WaitOptions {
  /** Keys to keep as long as the name stands. @default none */
  readonly keys?: readonly DaskKey[] | undefined;
  /** Whether something else may stand under the name. @default {false} */
  readonly override?: boolean | undefined;
}

/** Newer schedulers take many names at once, by other arguments; which kind this one is shows when it is asked for one. */
export class Datasets {
  readonly #cluster: Cluster;
  #takesMany: boolean | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async put(
    name: DaskKey,
    value: unknown,
    options: PublishOptions,
  ): Promise<void> {
    const { keys = [], override = false } = options;
    const data = serialized(value, this.#cluster);
    const { ask, id: client } = this.#cluster;
    const args = await this.#isNew(options)
      ? { names: [name], keys: [keys], data: [data], uid: this.#flush() }
      : { name, keys, data };
    await ask("publish_put", { ...args, override, client }, options);
  }

  async get(
    name: DaskKey,
    options: WaitOptions,
  ): Promise<Dataset | undefined> {
    const { ask, id: client } = this.#cluster;
    const args = await this.#isNew(options)
      ? { names: [name] }
      : { name, client };
    const how = { ...options, deserialize: false };
    const answer = await ask("publish_get", args, how);
    const found = Array.isArray(answer) ? answer[0] : answer;
    if (!found) return undefined;
    const { keys, data } = found as { keys: DaskKey[]; data: unknown };
    return new Dataset(name, keys, data);
  }

  async delete(name: DaskKey, options: WaitOptions): Promise<void> {
    const { ask, id: client } = this.#cluster;
    const args = await this.#isNew(options)
      ? { names: [name], client, uid: this.#flush() }
      : { name };
    await ask("publish_delete", args, options);
  }

  /** What was told by the stream comes first. Older schedulers hang up on who tells them this. */
  #flush(): string {
    const uid = crypto.randomUUID();
    this.#cluster.tell("publish_flush_batched_send", { uid });
    return uid;
  }

  async #isNew(options: WaitOptions): Promise<boolean> {
    if (this.#takesMany !== undefined) return this.#takesMany;
    try {
      await this.#cluster.ask("publish_get", { names: [] }, options);
      return this.#takesMany = true;
    } catch (error) {
      if (!isUnexpectedArgument(error)) throw error;
      return this.#takesMany = false;
    }
  }
}
