/**
 * The elements of one JSON array.
 *
 * @module
 */
import { ElementParser } from "../src/json/elements.ts";
import { documentAround, parsePath } from "../src/json/path.ts";
import type { Bytes } from "../src/types.ts";
import { many, one } from "./_gather_stream.ts";
import {
  batchesStream,
  limitsOf,
  valuesStream,
} from "./_json_decoder_stream.ts";
import { type JsonTextOptions, textStream } from "./_json_encoder_stream.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode jsonArray} and {@linkcode jsonArrayBatches}. */
export interface JsonArrayOptions extends JsonTextOptions {
  /** Which array: `$`, any number of `.name`, `["name"]` or `[index]`, and `[*]` at the end. @default {"$[*]"} */
  readonly path?: string;
}

const NAME = "json-array";

/**
 * A stage between values and a JSON document whose array they are the elements of. The array may be endless: neither
 * direction holds more than a piece of it, and the decoder is about as fast as `JSON.parse`.
 *
 * The array is the document, or, by `path`, somewhere in it, as in `{"items":[…]}`. The decoder skips what else is there,
 * but checks it. The encoder writes only what is needed around the array.
 *
 * @param options The path of the array, limits, sizes, and whether to be lossy.
 * @returns A stage named `json-array`. Its decoder errors with {@linkcode FormatError}, {@linkcode TruncatedError} if the
 * document was cut, and {@linkcode LimitError}; its encoder with {@linkcode SerializeError}.
 * @throws {SyntaxError} If the path is none.
 *
 * @example
 * ```ts
 * import { jsonArray } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const bytes = new Blob(['{"total":2,"items":[{"id":1},{"id":2}]}']).stream();
 * const items = bytes.pipeThrough(jsonArray({ path: "$.items[*]" }).decoder());
 * const ids: number[] = [];
 * for await (const item of items) ids.push((item as { id: number }).id);
 * deepEqual(ids, [1, 2]);
 * ```
 */
export function jsonArray(
  options: JsonArrayOptions = {},
): Stage<unknown, Bytes> {
  const steps = parsePath(options.path ?? "$[*]");
  return {
    name: NAME,
    encoder: () => textStream(NAME, one, frameOf(steps), options),
    decoder: () =>
      valuesStream(new ElementParser(NAME, steps, limitsOf(options))),
  };
}

/**
 * As {@linkcode jsonArray}, but a chunk is a batch of elements, which is faster.
 *
 * @param options The path of the array, limits, sizes, and whether to be lossy.
 * @returns A stage named `json-array`; its errors are those of {@linkcode jsonArray}.
 * @throws {SyntaxError} If the path is none.
 *
 * @example
 * ```ts
 * import { jsonArrayBatches } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const { readable, writable } = jsonArrayBatches({ path: "$.items[*]" }).encoder();
 * const writer = writable.getWriter();
 * writer.write([1, 2]);
 * writer.close();
 * equal(await new Response(readable).text(), '{"items":[1,2]}');
 * ```
 */
export function jsonArrayBatches(
  options: JsonArrayOptions = {},
): Stage<readonly unknown[], Bytes> {
  const steps = parsePath(options.path ?? "$[*]");
  return {
    name: NAME,
    encoder: () => textStream(NAME, many, frameOf(steps), options),
    decoder: () =>
      batchesStream(new ElementParser(NAME, steps, limitsOf(options))),
  };
}

function frameOf(steps: readonly (string | number)[]) {
  return { ...documentAround(steps), separator: "," };
}
