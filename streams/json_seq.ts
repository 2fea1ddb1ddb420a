/**
 * JSON text sequences.
 *
 * @module
 */
import { RecordParser } from "../src/json/records.ts";
import type { Bytes } from "../src/types.ts";
import { many, one } from "./_gather_stream.ts";
import {
  batchesStream,
  limitsOf,
  valuesStream,
} from "./_json_decoder_stream.ts";
import { type JsonTextOptions, textStream } from "./_json_encoder_stream.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode jsonSeq} and {@linkcode jsonSeqBatches}. */
export type JsonSeqOptions = JsonTextOptions;

const NAME = "json-seq";
const FRAME = { prefix: "\x1e", suffix: "\n" };

/**
 * A stage between values and a JSON text sequence,
 * {@link https://www.rfc-editor.org/rfc/rfc7464.html | RFC 7464}: a record separator (U+001E) before each JSON text, and a
 * line feed after it.
 *
 * A record that was cut short can be told from a whole one, unlike a line of NDJSON: a number, `true`, `false` or `null`
 * with nothing after it is not accepted.
 *
 * @param options Limits, sizes, and whether to be lossy.
 * @returns A stage named `json-seq`. Its decoder errors with {@linkcode FormatError}, {@linkcode TruncatedError} if a
 * record was cut, and {@linkcode LimitError}; its encoder with {@linkcode SerializeError}.
 *
 * @example
 * ```ts
 * import { jsonSeq, TruncatedError } from "@brine/brine";
 * import { rejects } from "node:assert/strict";
 *
 * const bytes = new Blob(["\x1e12"]).stream();
 * const reader = bytes.pipeThrough(jsonSeq().decoder()).getReader();
 * await rejects(reader.read(), TruncatedError);
 * ```
 */
export function jsonSeq(options: JsonSeqOptions = {}): Stage<unknown, Bytes> {
  return {
    name: NAME,
    encoder: () => textStream(NAME, one, FRAME, options),
    decoder: () => valuesStream(new RecordParser(NAME, limitsOf(options))),
  };
}

/**
 * As {@linkcode jsonSeq}, but a chunk is a batch of values, which is faster.
 *
 * @param options Limits, sizes, and whether to be lossy.
 * @returns A stage named `json-seq`; its errors are those of {@linkcode jsonSeq}.
 *
 * @example
 * ```ts
 * import { jsonSeqBatches } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const { readable, writable } = jsonSeqBatches().encoder();
 * const writer = writable.getWriter();
 * writer.write([1, 2]);
 * writer.close();
 * equal(await new Response(readable).text(), "\x1e1\n\x1e2\n");
 * ```
 */
export function jsonSeqBatches(
  options: JsonSeqOptions = {},
): Stage<readonly unknown[], Bytes> {
  return {
    name: NAME,
    encoder: () => textStream(NAME, many, FRAME, options),
    decoder: () => batchesStream(new RecordParser(NAME, limitsOf(options))),
  };
}
