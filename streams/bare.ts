/**
 * The framing without a frame around anything.
 *
 * @module
 */
import { TruncatedError } from "../src/errors.ts";
import type { Bytes, Message } from "../src/types.ts";
import { wholeStream } from "./_whole_stream.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode bare}. */
export interface BareOptions {
  /** The family of the only message: there is no header to tell. @default {"json"} */
  readonly serializer?: string;
  /** Bytes that the decoder accepts. @default {268_435_456} */
  readonly maxBytes?: number;
}

/**
 * One message as the bytes of its only frame, without its header: a blob, as Prefect stores one. The reader has to know
 * the family. Bytes of typed arrays must be in the text, so the family `json` has to be `inline`.
 *
 * @param options The family, and a limit.
 * @returns A stage named `bare`.
 * @throws {TypeError} From the encoder, for a second message, one of another family or one of several frames.
 * @throws {LimitError} From the decoder, for more bytes than agreed.
 *
 * @example A value as gzipped JSON in base64
 * ```ts
 * import { bare, base64, dumps, gzip, json, loads, pipe, serialize } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const blob = pipe(serialize({ family: json({ inline: true }) }), bare(), gzip(), base64());
 * const value = { since: new Date(0), data: new Uint8Array(9) };
 * deepEqual(await loads(await dumps(value, blob), blob), value);
 * ```
 */
export function bare(
  { serializer = "json", maxBytes = 2 ** 28 }: BareOptions = {},
): Stage<Message, Bytes> {
  return {
    name: "bare",
    encoder: () => bareEncoder(serializer),
    decoder: () => bareDecoder(serializer, maxBytes),
  };
}

function bareEncoder(serializer: string): TransformStream<Message, Bytes> {
  let used = false;
  return new TransformStream({
    transform({ header, frames }, controller) {
      const refuse = (why: string) => {
        throw new TypeError(`Cannot write the message bare: ${why}`);
      };
      if (used || (header.values ?? 1) !== 1) {
        refuse("bare bytes hold exactly one value");
      }
      if (header.serializer !== serializer) {
        refuse(`it is of family ${header.serializer}, not ${serializer}`);
      }
      if (frames.length !== 1 || header.compression?.some(Boolean)) {
        refuse("it is not just one frame; the family may want `inline: true`");
      }
      used = true;
      controller.enqueue(frames[0]!);
    },
    flush() {
      if (!used) throw new TypeError("Cannot write nothing bare");
    },
  });
}

function bareDecoder(
  serializer: string,
  maxBytes: number,
): TransformStream<Bytes, Message> {
  return wholeStream("bare", maxBytes, (bytes) => {
    if (bytes.length === 0) {
      throw new TruncatedError("bare", "there is nothing", { offset: 0 });
    }
    // Tags are escaped in all that the family writes, so looking for them is always right.
    return { header: { serializer, tagged: true }, frames: [bytes] };
  });
}
