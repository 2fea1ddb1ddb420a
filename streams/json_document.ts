/**
 * One value as one JSON text.
 *
 * @module
 */
import { DocumentParser } from "../src/json/document_parser.ts";
import { DocumentWriter } from "../src/json/document_writer.ts";
import type { Bytes } from "../src/types.ts";
import { DocumentPuller, type PieceWriter } from "./_document_puller.ts";
import { limitsOf, valuesStream } from "./_json_decoder_stream.ts";
import { DEFAULT_MAX_DEPTH } from "../src/json/limits.ts";
import { PullStream } from "./_pull_stream.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode jsonDocument}. */
export interface JsonDocumentOptions {
  /** Arrays and objects within each other, both ways. @default {1_000} */
  readonly maxDepth?: number;
  /** Bytes of text that the decoder takes. @default {268_435_456} */
  readonly maxValueBytes?: number;
  /** Milliseconds after which the encoder sends on what it has, when it waits for something. @default {25} */
  readonly maxDelay?: number;
  /** Bytes that the encoder gathers before it sends them on. @default {65_536} */
  readonly maxBytes?: number;
  /** Write what `JSON.stringify` writes, instead of refusing what JSON does not bring back. @default {false} */
  readonly lossy?: boolean;
}

const NAME = "json";

/**
 * A stage between one value and its JSON text.
 *
 * The encoder writes the text piece by piece, as it is read, so that a huge value needs little memory besides itself. The
 * value may hold promises, which are awaited, and async iterables and `ReadableStream`s of values, which become arrays;
 * they are pulled no faster than the text is read, and let go of when the reader cancels. The decoder has to hold the
 * whole text; {@linkcode jsonArray} does not.
 *
 * @param options Limits, sizes, and whether to be lossy.
 * @returns A stage named `json`. Its decoder errors with {@linkcode FormatError}, {@linkcode TruncatedError} and
 * {@linkcode LimitError}; its encoder with {@linkcode SerializeError}, also at no value or more than one.
 *
 * @example
 * ```ts
 * import { jsonDocument } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * async function* rows() {
 *   yield { id: 1 };
 *   yield { id: 2 };
 * }
 * const { readable, writable } = jsonDocument().encoder();
 * const writer = writable.getWriter();
 * writer.write({ name: Promise.resolve("x"), rows: rows() });
 * writer.close();
 * equal(await new Response(readable).text(), '{"name":"x","rows":[{"id":1},{"id":2}]}');
 * ```
 */
export function jsonDocument(
  options: JsonDocumentOptions = {},
): Stage<unknown, Bytes> {
  const { maxValueBytes = 256 << 20 } = options;
  const limits = limitsOf({ ...options, maxValueBytes });
  return {
    name: NAME,
    encoder: () =>
      new PullStream(new DocumentPuller(writerOf(options), options)),
    decoder: () => valuesStream(new DocumentParser(NAME, limits)),
  };
}

function writerOf(
  { maxDepth = DEFAULT_MAX_DEPTH, lossy = false }: JsonDocumentOptions,
): (value: unknown) => PieceWriter {
  return (value) => {
    const writer = new DocumentWriter(NAME, value, { maxDepth, lossy });
    return {
      get waiting() {
        return writer.waiting;
      },
      get length() {
        return writer.length;
      },
      fill: (length) => writer.fill(length),
      take: () => encoder.encode(writer.take()),
      supply: (result) => writer.supply(result),
    };
  };
}

const encoder = new TextEncoder();
