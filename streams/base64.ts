/**
 * Base64.
 *
 * @module
 */
import type { Bytes } from "../src/types.ts";
import { Base64Decoder } from "./_base64_decoder.ts";
import { Base64Encoder, type Lines } from "./_base64_encoder.ts";
import type { Codec } from "./stage.ts";

/** Options of {@linkcode base64}. */
export interface Base64Options {
  /**
   * Letters in a line, a multiple of four: 76 is what MIME asks for. With it the decoder passes over line ends, wherever
   * they stand.
   *
   * @default {undefined} All letters stand in one line, and a line end is a fault.
   */
  readonly lineLength?: number | undefined;
  /**
   * What ends a line, the last one, too: `"\r\n"` in MIME, `"\n"` in Python's `base64.encodebytes`.
   *
   * @default {"\r\n"}
   */
  readonly lineEnd?: "\r\n" | "\n";
  /**
   * Whether `-` and `_` stand in place of `+` and `/`, so that the letters can stand in a URL.
   *
   * @default {false}
   */
  readonly url?: boolean;
}

/**
 * Base64 (RFC 4648), as ASCII bytes; with `lineLength` as in MIME (RFC 2045, section 6.8).
 *
 * The decoder is strict: it refuses letters of another alphabet, white space, padding that is missing or out of place,
 * bits that are not zero before the padding, and anything after it.
 *
 * @param options Lines and alphabet.
 * @returns The codec. Its decoder fails with {@linkcode FormatError} at the offset of the fault, or with
 * {@linkcode TruncatedError} if it ends within four letters; an end after them cannot be told from a cut.
 * @throws {RangeError} If `lineLength` is not a multiple of four.
 *
 * @example
 * ```ts
 * import { base64 } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const letters = new Blob(["salt"]).stream().pipeThrough(base64().encoder());
 * equal(await new Response(letters).text(), "c2FsdA==");
 * ```
 */
export function base64(options: Base64Options = {}): Codec {
  const { lineLength, lineEnd = "\r\n", url = false } = options;
  if (lineLength !== undefined && !(lineLength > 0 && lineLength % 4 === 0)) {
    throw new RangeError(
      `Cannot break lines after ${lineLength} letters: it is not a multiple of four`,
    );
  }
  const alphabet = url ? "base64url" : "base64";
  const lines: Lines | undefined = lineLength === undefined
    ? undefined
    : { length: lineLength, end: new TextEncoder().encode(lineEnd) };
  return {
    name: "base64",
    encoder: () =>
      new TransformStream<Bytes, Bytes>(new Base64Encoder(alphabet, lines)),
    decoder: () =>
      new TransformStream<Bytes, Bytes>(
        new Base64Decoder(alphabet, lines !== undefined),
      ),
  };
}
