import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { style } from "./style.ts";
import { messages, ndjson } from "../../mod.ts";
import {
  jsonable,
  type OpenedResult,
  openResult,
} from "../../streams/prefect/mod.ts";
import { portable } from "../prefect/portable.ts";
import type { Bytes } from "../types.ts";
import { openInput, openOutput, writeOut } from "./files.ts";
import { ioError } from "./errors.ts";
import { target, wrapped } from "./target.ts";
import { type Column, formatBytes, formatRow, formatTitles } from "./text.ts";

/** What the commands about results are told. */
export interface PrefectOptions {
  readonly input: string;
  /** What a file was written with that does not say. */
  readonly serializer?: string | undefined;
  /** The file of its metadata, if they have one of their own. */
  readonly metadata?: string | undefined;
}

async function open(options: PrefectOptions): Promise<OpenedResult> {
  const { input, serializer, metadata: other } = options;
  const metadata = other && (await open({ input: other })).metadata;
  const { readable } = await openInput(input);
  return await openResult(readable, {
    serializer,
    // The same on every runtime, whether it has Temporal or not.
    datetimes: "python",
    ...metadata && { metadata: { ...metadata } },
  });
}

/** Shows what is noted down about a result, and the result. */
export async function showResult(
  options: PrefectOptions & { readonly json: boolean },
): Promise<void> {
  const opened = await open(options);
  const { format, metadata } = opened;
  const isThere = format !== "metadata";
  if (options.json) {
    const value = isThere ? jsonable(await opened.value()) : undefined;
    const all = { format, metadata, expired: opened.isExpired(), value };
    return await writeOut(`${JSON.stringify(all, null, 2)}\n`);
  }
  const note = opened.isExpired() ? ` ${style.red("(expired)")}` : "";
  const lines = [
    ["format", format],
    ["storage key", metadata.storage_key],
    ["expiration", metadata.expiration && metadata.expiration + note],
    ["serializer", serializerText(metadata.serializer)],
    ["prefect", metadata.prefect_version],
    ["block", metadata.storage_block_id],
  ].filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${style.bold(name!.padEnd(12))} ${value}`);
  await writeOut(`${lines.join("\n")}\n`);
  if (!isThere) return;
  await writeOut("\n");
  const value = jsonable(await opened.value());
  await writeOut(`${JSON.stringify(value, null, 2)}\n`);
}

/** What results are written as. */
export const RESULT_FORMATS: readonly string[] = ["json", "ndjson", "brine"];

/** Writes a result as something that others read. */
export async function convertResult(
  options: PrefectOptions & {
    readonly output: string;
    readonly to: string | undefined;
    readonly items: boolean;
  },
): Promise<void> {
  const { to, around } = target(options.output, options.to, RESULT_FORMATS);
  const opened = await open(options);
  // What JSON has no word for need not be lost where the output has one.
  const make = to === "brine" ? portable : jsonable;
  const values = options.items
    ? opened.items().pipeThrough(each(make))
    : ReadableStream.from(rowsOf(make(await opened.value()), to));
  const output = await openOutput(options.output);
  const stage = to === "brine" ? messages<unknown>() : ndjson();
  const bytes = values.pipeThrough(stage.encoder()) as ReadableStream<Bytes>;
  await wrapped(bytes, around).pipeTo(output);
}

/** As JSON all of it is one line; else the items of a list are one each. */
function rowsOf(value: unknown, to: string): unknown[] {
  return Array.isArray(value) && to !== "json" ? value : [value];
}

function each(
  make: (item: unknown) => unknown,
): TransformStream<unknown, unknown> {
  return new TransformStream({
    transform(item, controller) {
      controller.enqueue(make(item));
    },
  });
}

function serializerText(config: { readonly type: string }): string {
  const { type, compressionlib, picklelib } = config as Record<string, unknown>;
  const library = compressionlib ?? picklelib;
  return library === undefined ? String(type) : `${type} (${library})`;
}

const COLUMNS: readonly Column[] = [
  { title: "key", width: 36, align: "left" },
  { title: "size", width: 8 },
  { title: "format", width: 8, align: "left" },
  { title: "serializer", width: 28, align: "left" },
  { title: "prefect", width: 8, align: "left" },
  { title: "expiration", width: 0, align: "left" },
];

/** Lists the results in a folder of Prefect's storage. */
export async function listResults(folder: string): Promise<void> {
  let names: string[];
  try {
    names = (await readdir(folder, { recursive: true })).sort();
  } catch (error) {
    throw ioError("open", folder, error);
  }
  await writeOut(`${style.bold(formatTitles(COLUMNS))}\n`);
  for (const name of names) {
    const path = join(folder, name);
    const stats = await stat(path);
    if (!stats.isFile()) continue;
    const cells = await describe(path);
    const row = [name, formatBytes(stats.size), ...cells];
    await writeOut(`${formatRow(COLUMNS, row)}\n`);
  }
}

async function describe(path: string): Promise<string[]> {
  try {
    const opened = await openResult(path, { serializer: "pickle" });
    const { format, metadata } = opened;
    const expiration = metadata.expiration ?? "";
    const cells = [
      format,
      format === "raw" ? "" : serializerText(metadata.serializer),
      metadata.prefect_version ?? "",
      opened.isExpired() ? `${expiration} (expired)` : expiration,
    ];
    await opened.cancel();
    return cells;
  } catch (error) {
    return ["damaged", (error as Error).message.slice(0, 60)];
  }
}
