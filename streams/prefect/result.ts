/**
 * Persisted results: what Prefect stores of what a task or a flow gave.
 *
 * @module
 */
import { concat } from "../../src/bytes.ts";
import { FormatError } from "../../src/errors.ts";
import {
  isExpired,
  type LooseMetadata,
  metadataFrom,
  type ResultMetadata,
} from "../../src/prefect/metadata.ts";
import type { Bytes } from "../../src/types.ts";
import { collect } from "../_collect.ts";
import { RecordBody } from "./_body.ts";
import { formatOf, type ResultFormat, settingsOf } from "./_formats.ts";
import { MAX_BYTES } from "./_json.ts";
import { bytesOfSource, type ResultSource } from "./_source.ts";
import { serializer } from "./serializer.ts";
import type {
  Serializer,
  SerializerConfig,
  SerializerOptions,
} from "./types.ts";

export type { ResultFormat, ResultMetadata, ResultSource };

/** Options of {@linkcode openResult}. */
export interface OpenResultOptions extends SerializerOptions {
  /**
   * What a file is read with that does not say: the results of flows, and those whose metadata are stored elsewhere.
   */
  readonly serializer?: string | SerializerConfig | Serializer | undefined;
  /** The metadata, where they are stored elsewhere: in another file, or in the API's `state.data`. */
  readonly metadata?: LooseMetadata | undefined;
}

/** A result that has been opened. It is read once: by `value`, `items` or `blob`. */
export interface OpenedResult {
  /** How it is stored. */
  readonly format: ResultFormat;
  /** What Prefect notes down about it. */
  readonly metadata: ResultMetadata;
  /** What it was written with. */
  readonly serializer: Serializer;
  /**
   * Whether it counts as missing.
   *
   * @param now When. @default now
   * @returns Whether it does.
   */
  isExpired(now?: Date): boolean;
  /** The value. */
  value(): Promise<unknown>;
  /** The items of a list in JSON, one by one, in bounded memory. */
  items(): ReadableStream<unknown>;
  /** What the serializer wrote, as it comes. */
  blob(): ReadableStream<Bytes>;
  /** Lets go of the source. */
  cancel(reason?: unknown): Promise<void>;
}

/** What tells how it is stored stands at the beginning. */
const HEAD = 1024;

/**
 * Opens a result that Prefect stored: a record of version 3, combined or split; what a flow gave, as it is; a blob of version 2;
 * a data document of version 2.0; or what the API holds as `state.data`. Only the metadata are read; the rest comes when it is
 * asked for, and is never held twice.
 *
 * @param source A path, a URL, a `Response`, a stream, a `Blob` or bytes.
 * @param options What is known besides; and options of its serializer.
 * @returns The result.
 * @throws {FormatError} If it is none of these, and no serializer was named.
 *
 * @example
 * ```ts
 * import { openResult } from "@brine/brine/prefect";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const record = '{"metadata":{"storage_key":"k","serializer":{"type":"json"}},"result":"{\\"a\\": [1, NaN]}"}';
 * const opened = await openResult(new Response(record));
 * equal(opened.metadata.storage_key, "k");
 * deepEqual(await opened.value(), { a: [1, NaN] });
 * ```
 */
export async function openResult(
  source: ResultSource,
  options: OpenResultOptions = {},
): Promise<OpenedResult> {
  const reader = (await bytesOfSource(source)).getReader();
  try {
    return await openFrom(reader, options);
  } catch (error) {
    // Whoever holds a file or a connection open must hear that nobody will read on.
    reader.cancel(error).catch(() => {});
    throw error;
  }
}

async function openFrom(
  reader: ReadableStreamDefaultReader<Bytes>,
  options: OpenResultOptions,
): Promise<OpenedResult> {
  const { head, done } = await readHead(reader);
  const wanted = options.metadata?.serializer ?? options.serializer;
  const format = formatOf(head);
  if (format === "raw") {
    return raw(head, done ? undefined : reader, wanted, options);
  }
  const body = new RecordBody(reader, options.maxBytes ?? MAX_BYTES);
  await body.open(head);
  return ofRecord(body, options);
}

async function readHead(
  reader: ReadableStreamDefaultReader<Bytes>,
): Promise<{ head: Bytes; done: boolean }> {
  const parts: Bytes[] = [];
  for (let length = 0; length < HEAD;) {
    const { done, value } = await reader.read();
    if (done) return { head: concat(parts), done };
    parts.push(value);
    length += value.length;
  }
  return { head: concat(parts), done: false };
}

/** Unknown types are kept, and known ones completed. */
function serializerOf(
  config: SerializerConfig,
  options: OpenResultOptions,
): Serializer {
  return serializer(config, { ...options, keepsUnknown: true });
}

function raw(
  head: Bytes,
  reader: ReadableStreamDefaultReader<Bytes> | undefined,
  wanted: unknown,
  options: OpenResultOptions,
): OpenedResult {
  if (wanted === undefined) {
    throw new FormatError(
      "record",
      "it is no record, so the serializer that wrote it has to be named",
      { offset: 0 },
    );
  }
  const of = serializer(wanted as SerializerConfig, {
    ...options,
    keepsUnknown: true,
  });
  const given = { ...options.metadata, serializer: of.toJSON() };
  let isFirst = true;
  const blob = () =>
    new ReadableStream<Bytes>({
      async pull(controller) {
        if (isFirst && head.length > 0) {
          isFirst = false;
          return controller.enqueue(head);
        }
        const next = await reader?.read();
        if (!next || next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: (reason) => reader?.cancel(reason),
    }, { highWaterMark: 0 });
  const cancel = async (reason?: unknown) => await reader?.cancel(reason);
  return opened(
    "raw",
    metadataFrom(given, (config) => config),
    of,
    blob,
    cancel,
  );
}

function ofRecord(body: RecordBody, options: OpenResultOptions): OpenedResult {
  const { members, isText } = body.scanner;
  const { format, metadata: loose } = settingsOf(body.scanner);
  const metadata = metadataFrom(
    loose,
    (config) => serializerOf(config, options).toJSON(),
  );
  const of = serializerOf(metadata.serializer, options);
  const blob = () => body.stream();
  const result = opened(format, metadata, of, blob, (why) => body.cancel(why));
  if (isText) return result;
  return {
    ...result,
    value: () => {
      const { body: name } = body.scanner;
      const isLiteral = members.get("type") === "literal";
      const key = name ?? (isLiteral ? "value" : undefined);
      if (key !== undefined) return Promise.resolve(members.get(key));
      const where = metadata.storage_key ?? "nowhere";
      return Promise.reject(
        new FormatError(
          "record",
          `the result is not in here: it is at ${where}`,
        ),
      );
    },
  };
}

function opened(
  format: ResultFormat,
  metadata: ResultMetadata,
  of: Serializer,
  blob: () => ReadableStream<Bytes>,
  cancel: (reason?: unknown) => Promise<void>,
): OpenedResult {
  return {
    format,
    metadata,
    serializer: of,
    isExpired: (now = new Date()) => isExpired(metadata, now),
    async value() {
      const values = await collect(blob().pipeThrough(of.decoder()));
      return values[0];
    },
    items: () => blob().pipeThrough(of.items().decoder()),
    blob,
    cancel,
  };
}
