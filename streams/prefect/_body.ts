import { RecordScanner } from "../../src/prefect/record_scanner.ts";
import { FormatError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";

/** A record that is being read: what stands before its body has been, and mostly no more. */
export class RecordBody {
  readonly scanner: RecordScanner;
  readonly #reader: ReadableStreamDefaultReader<Bytes>;
  #pieces: Bytes[] = [];
  #ended = false;

  constructor(reader: ReadableStreamDefaultReader<Bytes>, maxBytes: number) {
    this.#reader = reader;
    this.scanner = new RecordScanner(maxBytes);
  }

  /** Reads until the body begins and the settings of its serializer are known, or else to the end. */
  async open(head: Bytes): Promise<void> {
    const { scanner } = this;
    this.#pieces.push(...scanner.push(head));
    while (!this.#ended && !this.#isKnown()) await this.#more();
  }

  #isKnown(): boolean {
    const { isText, members } = this.scanner;
    return isText &&
      ["metadata", "serializer", "encoding"].some((name) => members.has(name));
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#reader.read();
    if (!done) {
      for (const piece of this.scanner.push(value)) this.#pieces.push(piece);
      return;
    }
    this.#ended = true;
    this.scanner.end();
  }

  /** The body, which is text. */
  stream(): ReadableStream<Bytes> {
    if (!this.scanner.isText) {
      throw new FormatError("record", "the result is no blob, but a value");
    }
    return new ReadableStream<Bytes>({
      pull: async (controller) => {
        while (!this.#ended && this.#pieces.length === 0) await this.#more();
        for (const piece of this.#pieces) controller.enqueue(piece);
        this.#pieces = [];
        if (this.#ended) controller.close();
      },
      cancel: (reason) => this.#reader.cancel(reason),
    }, { highWaterMark: 0 });
  }

  async cancel(reason?: unknown): Promise<void> {
    await this.#reader.cancel(reason);
  }
}
