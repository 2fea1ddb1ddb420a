import { concat } from "./bytes.ts";
import { LimitError } from "./errors.ts";
import type { Bytes } from "./types.ts";

const NEWLINE = 10;
const NOTHING: Bytes = new Uint8Array(0);

/** Chunks of any size to whole lines, without their newlines. Linear: no byte is looked at or copied twice. */
export class LineSplitter {
  /** Where the next line begins in the input. */
  offset = 0;
  readonly #stage: string;
  readonly #maxBytes: number;
  #chunk: Bytes = NOTHING;
  /** The parts of a line that began in an earlier chunk. */
  #rest: Bytes[] = [];
  #restBytes = 0;

  /**
   * @param stage The stage that errors name.
   * @param maxBytes The longest line to accept.
   */
  constructor(stage: string, maxBytes: number) {
    this.#stage = stage;
    this.#maxBytes = maxBytes;
  }

  /** Bytes after the last whole line that was taken. */
  get restBytes(): number {
    return this.#restBytes + this.#chunk.length;
  }

  /** Takes a chunk in; to be called only when there is no whole line. */
  push(chunk: Bytes): void {
    this.#chunk = chunk;
  }

  /** The next whole line; `undefined` if there is none before the next chunk. */
  next(): Bytes | undefined {
    const chunk = this.#chunk;
    const end = chunk.indexOf(NEWLINE);
    if (end < 0) {
      if (chunk.length > 0) this.#keep(chunk);
      this.#chunk = NOTHING;
      return undefined;
    }
    this.#keep(chunk.subarray(0, end));
    this.#chunk = chunk.subarray(end + 1);
    const line = concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    this.offset += line.length + 1;
    return line;
  }

  #keep(part: Bytes): void {
    this.#restBytes += part.length;
    if (this.#restBytes > this.#maxBytes) {
      throw new LimitError(
        this.#stage,
        "line bytes",
        this.#restBytes,
        this.#maxBytes,
        { offset: this.offset },
      );
    }
    this.#rest.push(part);
  }
}
