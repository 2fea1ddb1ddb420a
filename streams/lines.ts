/**
 * The framing of the wire as text.
 *
 * @module
 */
import { FormatError, TruncatedError } from "../src/errors.ts";
import { LineSplitter } from "../src/line_splitter.ts";
import type { Bytes, Message } from "../src/types.ts";
import { EnvelopeReader } from "../src/wire/envelope.ts";
import { packLine, unpackLine } from "../src/wire/lines.ts";
import { enveloping } from "./_envelope_stream.ts";
import { type Puller, PullStream } from "./_pull_stream.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode lines}. */
export interface LinesOptions {
  /** Bytes of the longest line that the decoder accepts. @default {268_435_456} */
  readonly maxLineBytes?: number;
}

const STAGE = "lines";

/**
 * Messages to lines of text: see {@linkcode lines}.
 *
 * @example
 * ```ts
 * import { defaultRegistry, LinesEncoderStream } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const stream = new LinesEncoderStream();
 * const writer = stream.writable.getWriter();
 * writer.write(defaultRegistry.serialize({ a: 1 }));
 * writer.close();
 * const text = await new Response(stream.readable).text();
 * equal(text.split("\n")[1], '{"crc32":"845f5949","header":{"serializer":"json"},"frames":["eyJhIjoxfQ=="]}');
 * ```
 */
export class LinesEncoderStream extends TransformStream<Message, Bytes> {
  /** Takes messages; each leaves as one line. */
  constructor() {
    super(enveloping((message) => [packLine(message)]));
  }
}

/**
 * Lines of text, in chunks of any size, to messages: see {@linkcode lines}.
 *
 * @example
 * ```ts
 * import { dumps, lines, LinesDecoderStream, pipe, serialize } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const bytes = new Blob([await dumps(2n, pipe(serialize(), lines()))]).stream();
 * for await (const { header } of bytes.pipeThrough(new LinesDecoderStream())) {
 *   deepEqual(header, { serializer: "json", tagged: true });
 * }
 * ```
 */
export class LinesDecoderStream extends PullStream<Bytes, Message> {
  /**
   * Takes lines; gives all messages between the first and the last.
   *
   * @param options A limit.
   */
  constructor({ maxLineBytes = 2 ** 28 }: LinesOptions = {}) {
    super(new LinesPuller(maxLineBytes));
  }
}

class LinesPuller implements Puller<Bytes, Message> {
  readonly #envelope = new EnvelopeReader(STAGE);
  readonly #splitter: LineSplitter;
  #ended = false;

  constructor(maxLineBytes: number) {
    this.#splitter = new LineSplitter(STAGE, maxLineBytes);
  }

  push(chunk: Bytes): void {
    this.#splitter.push(chunk);
  }

  end(): void {
    this.#ended = true;
  }

  next(): readonly Message[] | undefined {
    const splitter = this.#splitter;
    const envelope = this.#envelope;
    while (!envelope.ended) {
      const { offset } = splitter;
      const line = splitter.next();
      if (!line) break;
      const message = unpackLine(line, offset);
      if (envelope.accept(message, offset)) return [message];
    }
    const { offset, restBytes } = splitter;
    if (envelope.ended && restBytes > 0) {
      throw new FormatError(STAGE, "there are bytes after the end", { offset });
    }
    if (this.#ended && !envelope.ended) {
      throw new TruncatedError(STAGE, "the stream has no end", {
        offset: offset + restBytes,
      });
    }
    return undefined;
  }
}

/**
 * The framing of the wire for places that carry only text: the same messages as {@linkcode frames}, with the same first
 * and last one, each a line of JSON with its frames in base64 and a checksum.
 *
 * @param options A limit.
 * @returns A stage from messages to bytes, named `lines`.
 *
 * @example
 * ```ts
 * import { dumps, lines, loads, pipe, serialize } from "@brine/brine";
 * import { deepEqual, match } from "node:assert/strict";
 *
 * const text = pipe(serialize(), lines());
 * const bytes = await dumps({ data: new Uint8Array([1, 2, 3]) }, text);
 * match(new TextDecoder().decode(bytes), /"frames":\["[^"]+","AQID"\]/);
 * deepEqual(await loads(bytes, text), { data: new Uint8Array([1, 2, 3]) });
 * ```
 */
export function lines(options?: LinesOptions): Stage<Message, Bytes> {
  return {
    name: STAGE,
    encoder: () => new LinesEncoderStream(),
    decoder: () => new LinesDecoderStream(options),
  };
}
