/**
 * Newline-delimited JSON.
 *
 * @module
 */
import { LineParser } from "../src/json/lines.ts";
import type { Bytes } from "../src/types.ts";
import { many, one } from "./_gather_stream.ts";
import {
  batchesStream,
  limitsOf,
  valuesStream,
} from "./_json_decoder_stream.ts";
import { type JsonTextOptions, textStream } from "./_json_encoder_stream.ts";
import type { Stage } from "./stage.ts";

export type { JsonTextOptions };

/** Options for {@linkcode ndjson} and {@linkcode ndjsonBatches}. */
export type NdjsonOptions = JsonTextOptions;

const NAME = "ndjson";
const FRAME = { suffix: "\n" };

/**
 * A stage between values and {@link https://github.com/ndjson/ndjson-spec | newline-delimited JSON}, also known as JSON
 * Lines: one JSON text on each line.
 *
 * The decoder takes LF and CRLF, skips blank lines and a byte order mark, and does not ask for a line feed after the last
 * value. The encoder refuses what JSON text would not bring back, such as dates and `NaN`, unless it is told to be lossy.
 *
 * @param options Limits, sizes, and whether to be lossy.
 * @returns A stage named `ndjson`. Its decoder errors with {@linkcode FormatError}, or {@linkcode TruncatedError} if the
 * last line has no end, and with {@linkcode LimitError}; its encoder with {@linkcode SerializeError}, whose path begins with the
 * index of the value, such as `$[3].when`.
 *
 * @example
 * ```ts
 * import { ndjson } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const bytes = new Blob(['{"id":1}\n{"id":2}\n']).stream();
 * const ids: number[] = [];
 * for await (const value of bytes.pipeThrough(ndjson().decoder())) {
 *   ids.push((value as { id: number }).id);
 * }
 * deepEqual(ids, [1, 2]);
 * ```
 */
export function ndjson(options: NdjsonOptions = {}): Stage<unknown, Bytes> {
  return {
    name: NAME,
    encoder: () => textStream(NAME, one, FRAME, options),
    decoder: () => valuesStream(new LineParser(NAME, limitsOf(options))),
  };
}

/**
 * As {@linkcode ndjson}, but a chunk is a batch of values, which is faster: a stream passes on each chunk at a cost.
 *
 * @param options Limits, sizes, and whether to be lossy.
 * @returns A stage named `ndjson`; its errors are those of {@linkcode ndjson}.
 *
 * @example
 * ```ts
 * import { ndjsonBatches } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const { readable, writable } = ndjsonBatches().encoder();
 * const writer = writable.getWriter();
 * writer.write([{ id: 1 }, { id: 2 }]);
 * writer.close();
 * equal(await new Response(readable).text(), '{"id":1}\n{"id":2}\n');
 * ```
 */
export function ndjsonBatches(
  options: NdjsonOptions = {},
): Stage<readonly unknown[], Bytes> {
  return {
    name: NAME,
    encoder: () => textStream(NAME, many, FRAME, options),
    decoder: () => batchesStream(new LineParser(NAME, limitsOf(options))),
  };
}
