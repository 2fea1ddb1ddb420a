import { concat } from "./bytes.ts";
import { LimitError } from "./errors.ts";
import type { Bytes } from "./types.ts";

const NEWLINE = 10;

/** Chunks of any size to whole lines, without their newlines. Linear: no byte is looked at or copied twice. */
export class LineSplitter {
  /** Where the line that is not whole yet begins in the input. */
  offset = 0;
  readonly #stage: string;
  readonly #maxBytes: number;
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

  /** Bytes of the line that is not whole yet. */
  get restBytes(): number {
    return this.#restBytes;
  }

  /** Calls back with each line that the chunk completes; `offset` is where it begins. */
  push(chunk: Bytes, line: (line: Bytes) => void): void {
    let start = 0;
    for (
      let end;
      (end = chunk.indexOf(NEWLINE, start)) >= 0;
      start = end + 1
    ) {
      this.#keep(chunk.subarray(start, end));
      const whole = concat(this.#rest);
      this.#rest = [];
      this.#restBytes = 0;
      line(whole);
      this.offset += whole.length + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
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
