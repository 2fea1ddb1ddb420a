/**
 * Records of results, written.
 *
 * @module
 */
import { SerializeError } from "../../src/errors.ts";
import {
  blockText,
  expirationText,
  type ResultMetadata,
} from "../../src/prefect/metadata.ts";
import type { Bytes } from "../../src/types.ts";
import { collectBytes, streamOf } from "../_collect.ts";
import { serializer } from "./serializer.ts";
import type {
  Serializer,
  SerializerConfig,
  SerializerOptions,
} from "./types.ts";

/** Options of {@linkcode dumpRecord} and {@linkcode recordEncoder}. */
export interface RecordOptions extends SerializerOptions {
  /** What writes the result. @default {"pickle"} */
  readonly serializer?: string | SerializerConfig | Serializer | undefined;
  /** Where the record will be: for local storage, its path. @default {null} */
  readonly storageKey?: string | null | undefined;
  /** From when on it counts as missing: a `Date`, or ISO 8601. @default {null} */
  readonly expiration?: Date | string | null | undefined;
  /** The version of Prefect that it is for. @default {"3.6.28"} */
  readonly prefectVersion?: string | undefined;
  /** The storage block, a UUID. @default {null} */
  readonly storageBlockId?: string | null | undefined;
}

/**
 * The metadata of a record, which are all there is in the metadata file of split storage.
 *
 * @param options What they say.
 * @returns The metadata; `JSON.stringify` makes of them what Prefect writes.
 * @throws {FormatError} If the expiration is no time, or the storage block no UUID.
 *
 * @example
 * ```ts
 * import { resultMetadata } from "@brine/brine/prefect";
 * import { equal } from "node:assert/strict";
 *
 * const { expiration } = resultMetadata({ serializer: "json", expiration: new Date(0) });
 * equal(expiration, "1970-01-01T00:00:00Z");
 * ```
 */
export function resultMetadata(options: RecordOptions = {}): ResultMetadata {
  return {
    storage_key: options.storageKey ?? null,
    expiration: expirationText(options.expiration),
    serializer: serializerOf(options).toJSON(),
    prefect_version: options.prefectVersion ?? "3.6.28",
    storage_block_id: blockText(options.storageBlockId),
  };
}

function serializerOf(options: RecordOptions): Serializer {
  return serializer(options.serializer ?? "pickle", options);
}

/**
 * A result as a record of Prefect 3, byte for byte as Prefect writes it.
 *
 * @param value The result.
 * @param options How it is written, and what is noted down.
 * @returns The record, which goes into a file of Prefect's storage.
 * @throws {SerializeError} If the value cannot be written.
 *
 * @example
 * ```ts
 * import { dumpRecord, openResult } from "@brine/brine/prefect";
 * import { deepEqual } from "node:assert/strict";
 *
 * const record = await dumpRecord([1, 2n ** 70n], { serializer: "json", storageKey: "k" });
 * deepEqual(await (await openResult(record)).value(), [1, 2n ** 70n]);
 * ```
 */
export async function dumpRecord(
  value: unknown,
  options: RecordOptions = {},
): Promise<Bytes> {
  return await collectBytes(
    streamOf([value]).pipeThrough(recordEncoder(options)),
  );
}

/**
 * The same as a stream, piece by piece: of one value; what is async in it is read as it is written.
 *
 * @param options How it is written, and what is noted down.
 * @returns The stream.
 *
 * @example
 * ```ts
 * import { recordEncoder } from "@brine/brine/prefect";
 * import { ok } from "node:assert/strict";
 *
 * async function* rows() {
 *   for (let i = 0; i < 3; i++) yield { i };
 * }
 * const bytes = ReadableStream.from([{ rows: rows() }])
 *   .pipeThrough(recordEncoder({ serializer: "compressed/json" }));
 * ok((await new Response(bytes).text()).startsWith('{"metadata":{"storage_key":null,'));
 * ```
 */
export function recordEncoder(
  options: RecordOptions = {},
): TransformStream<unknown, Bytes> {
  const { readable, writable } = serializerOf(options).encoder();
  const head = JSON.stringify({
    metadata: resultMetadata(options),
    result: "",
  });
  const around = new TransformStream<Bytes, Bytes>(
    new Around(head.slice(0, -2)),
  );
  return { writable, readable: readable.pipeThrough(around) };
}

/** Puts a blob into the string of a record. */
class Around implements Transformer<Bytes, Bytes> {
  readonly #decoder = new TextDecoder("utf-8", {
    fatal: true,
    ignoreBOM: true,
  });
  readonly #encoder = new TextEncoder();
  readonly #head: string;

  constructor(head: string) {
    this.#head = head;
  }

  start(controller: TransformStreamDefaultController<Bytes>): void {
    controller.enqueue(this.#encoder.encode(this.#head));
  }

  transform(
    chunk: Bytes,
    controller: TransformStreamDefaultController<Bytes>,
  ): void {
    const text = JSON.stringify(this.#decode(chunk)).slice(1, -1);
    if (text !== "") controller.enqueue(this.#encoder.encode(text));
  }

  flush(controller: TransformStreamDefaultController<Bytes>): void {
    this.#decode(undefined);
    controller.enqueue(this.#encoder.encode('"}'));
  }

  #decode(chunk: Bytes | undefined): string {
    try {
      return chunk
        ? this.#decoder.decode(chunk, { stream: true })
        : this.#decoder.decode();
    } catch (cause) {
      const message = "the blob of its serializer is not UTF-8";
      throw new SerializeError(message, "$", { cause });
    }
  }
}
