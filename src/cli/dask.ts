import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { style } from "./style.ts";
import { type Bytes, messages, ndjson } from "../../mod.ts";
import {
  Client,
  type DaskKey,
  LostKeyError,
  readNpy,
  toFuture,
  writeNpy,
} from "../../streams/dask/mod.ts";
import { jsonable } from "../../streams/prefect/mod.ts";
import { NdArray } from "../pickle/values/ndarray.ts";
import { portable } from "../prefect/portable.ts";
import { CliError, EXIT, ioError } from "./errors.ts";
import { type Input, openInput, openOutput, STDIO, writeOut } from "./files.ts";
import { identify, reader } from "./formats.ts";
import { target, wrapped } from "./target.ts";
import {
  type Column,
  formatBytes,
  formatRow,
  formatTitles,
  plural,
} from "./text.ts";

/** What the commands about clusters are told. */
export interface DaskOptions {
  readonly address: string;
  /** In seconds. */
  readonly timeout: number;
  /** Files of certificates. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly certKey?: string | undefined;
}

/** Runs something with a client, which is gone afterwards. */
async function withClient<T>(
  options: DaskOptions,
  body: (client: Client) => Promise<T>,
): Promise<T> {
  const [ca, cert, key] = await Promise.all(
    [options.ca, options.cert, options.certKey].map(textOf),
  );
  const timeout = options.timeout * 1000;
  const client = await Client.connect(options.address, {
    timeout,
    tls: { ca, cert, key },
  });
  try {
    return await body(client);
  } catch (error) {
    if (!(error instanceof LostKeyError)) throw error;
    throw new CliError(error.message, EXIT.unknownName, { cause: error });
  } finally {
    await client.close();
  }
}

async function textOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw ioError("open", path, error);
  }
}

const COLUMNS: readonly Column[] = [
  { title: "key", width: 44, align: "left" },
  { title: "size", width: 8 },
  { title: "workers", width: 0, align: "left" },
];

/** Lists the keys in a cluster, and what is published. */
export function listCluster(
  options: DaskOptions & { readonly json: boolean },
): Promise<void> {
  return withClient(options, async (client) => {
    const [holders, sizes, names] = await Promise.all([
      client.whoHas(),
      client.nbytes(),
      client.listDatasets(),
    ]);
    const keys = [...holders].map(([key, workers]) => ({
      key,
      nbytes: sizes.get(key) ?? null,
      workers,
    })).sort((a, b) => shown(a.key) < shown(b.key) ? -1 : 1);
    if (options.json) {
      return await writeOut(`${JSON.stringify({ keys, datasets: names })}\n`);
    }
    await writeOut(`${style.bold(formatTitles(COLUMNS))}\n`);
    for (const { key, nbytes, workers } of keys) {
      const size = nbytes === null ? "" : formatBytes(nbytes);
      const where = workers.join(" ") || "not computed";
      await writeOut(`${formatRow(COLUMNS, [shown(key), size, where])}\n`);
    }
    for (const name of names) {
      const dataset = await client.getDataset(name);
      const count = plural(dataset?.keys.length ?? 0, "key");
      await writeOut(`${style.bold("dataset")} ${shown(name)} of ${count}\n`);
    }
  });
}

/** Names come from elsewhere: they are not to move the cursor about. */
function shown(key: DaskKey): string {
  const text = JSON.stringify(key);
  return typeof key === "string" ? text.slice(1, -1) : text;
}

/** What values are written as. */
export const VALUE_FORMATS: readonly string[] = [
  ...["json", "ndjson", "brine", "npy"],
];

/** Writes the value of a key, or what is published under a name. */
export function getValue(
  options: DaskOptions & {
    readonly key: string;
    readonly output: string;
    readonly to: string | undefined;
  },
): Promise<void> {
  const { to, around } = target(options.output, options.to, VALUE_FORMATS);
  return withClient(options, async (client) => {
    const value = await valueOf(client, keyOf(options.key));
    const output = await openOutput(options.output);
    await wrapped(streamOf(value, to), around).pipeTo(output);
  });
}

async function valueOf(client: Client, key: DaskKey): Promise<unknown> {
  try {
    return (await client.gather([key]))[0];
  } catch (error) {
    if (!(error instanceof LostKeyError)) throw error;
    const dataset = await client.getDataset(key);
    if (!dataset) throw error;
    const { keys } = dataset;
    if (keys.length === 0) return dataset.value();
    const values = await client.gather(keys);
    return keys.length === 1 ? values[0] : values;
  }
}

/** A key that is a tuple is written as in JSON. */
function keyOf(text: string): DaskKey {
  if (!text.startsWith("[")) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function streamOf(value: unknown, to: string): ReadableStream<Bytes> {
  if (to === "npy") {
    if (!(value instanceof NdArray)) {
      throw new CliError("Cannot write npy: it is no array", EXIT.badInput);
    }
    return ReadableStream.from([writeNpy(value)]);
  }
  if (to === "brine") {
    // What JSON has no word for need not be lost where the output has one.
    const made = portable(typedOf(value));
    return ReadableStream.from([made]).pipeThrough(messages().encoder());
  }
  const made = jsonable(value);
  // As JSON all of it is one line; else the items of a list are one each.
  const rows = Array.isArray(made) && to === "ndjson" ? made : [made];
  return ReadableStream.from(rows)
    .pipeThrough(ndjson().encoder()) as ReadableStream<Bytes>;
}

/** An array along one axis as a typed array, if there are such. */
function typedOf(value: unknown): unknown {
  const isPlain = value instanceof NdArray && value.shape.length === 1 &&
    "iuf".includes(value.dtype.kind) &&
    !(value.dtype.kind === "f" && value.dtype.itemsize === 2);
  return isPlain ? value.toTypedArray() : value;
}

/** Puts what is in a file into a cluster, under a key, where it stays until it is removed. */
export function putValue(
  options: DaskOptions & {
    readonly input: string;
    readonly key: string | undefined;
    readonly from: string | undefined;
  },
): Promise<void> {
  return withClient(options, async (client) => {
    const input = await openInput(options.input);
    const value = await valueIn(input, options.from);
    const key = keyOf(options.key ?? nameOf(options.input));
    const keys = await client.scatter(new Map([[key, value]]));
    // So that it outlives this client, and Python finds it by its name.
    const publishing = { keys, override: true };
    await client.publishDataset(key, toFuture(key), publishing);
    await writeOut(`${shown(key)}\n`);
  });
}

/** Takes down what `putValue` has put there, or others have published. */
export function removeValue(
  options: DaskOptions & { readonly key: string },
): Promise<void> {
  return withClient(options, (client) => {
    return client.unpublishDataset(keyOf(options.key));
  });
}

function nameOf(path: string): string {
  return path === STDIO
    ? `brine-${crypto.randomUUID()}`
    : basename(path).replace(/\.\w+(\.(gz|zst|br|lz4|xz|bz2))?$/, "");
}

/** An array of numpy, a document of JSON, or the values of any other format as a list. */
async function valueIn(
  input: Input,
  from: string | undefined,
): Promise<unknown> {
  if (from === "npy" || (from === undefined && /\.npy$/i.test(input.name))) {
    const bytes = await new Response(input.readable).arrayBuffer();
    return readNpy(new Uint8Array(bytes));
  }
  const { format, readable } = await identify(input, from);
  const values: unknown[] = [];
  const batches = readable.pipeThrough(reader(format, {}).decoder())
    .getReader();
  for (;;) {
    const { done, value } = await batches.read();
    if (done) break;
    for (const item of value) values.push(item);
  }
  const isOne = format.name === "json" ||
    (format.python && values.length === 1);
  return isOne ? values[0] : values;
}
