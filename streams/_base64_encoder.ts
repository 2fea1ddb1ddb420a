import { type Alphabet, asciiBytes, lettersOf } from "../src/base64_ascii.ts";
import { concat } from "../src/bytes.ts";
import type { Bytes } from "../src/types.ts";

/** Of a chunk of any size, so much is one string at a time. */
const PIECE = 3 * 64 * 1024;
const NOTHING: Bytes = new Uint8Array(0);

/** How the letters are broken into lines, if they are. */
export interface Lines {
  /** Letters in a line, a multiple of four. */
  readonly length: number;
  readonly end: Bytes;
}

/** Bytes to letters. */
export class Base64Encoder implements Transformer<Bytes, Bytes> {
  readonly #alphabet: Alphabet;
  readonly #lines: Lines | undefined;
  /** One or two bytes that do not make four letters yet. */
  #rest: Bytes = NOTHING;
  /** Letters in the line at hand. */
  #column = 0;

  constructor(alphabet: Alphabet, lines: Lines | undefined) {
    this.#alphabet = alphabet;
    this.#lines = lines;
  }

  transform(
    chunk: Bytes,
    controller: TransformStreamDefaultController<Bytes>,
  ): void {
    for (let at = 0; at < chunk.length; at += PIECE) {
      const letters = this.#encode(chunk.subarray(at, at + PIECE));
      if (letters.length > 0) controller.enqueue(this.#broken(letters));
    }
  }

  flush(controller: TransformStreamDefaultController<Bytes>): void {
    if (this.#rest.length > 0) {
      const letters = lettersOf(this.#rest, this.#alphabet);
      controller.enqueue(this.#broken(asciiBytes(letters)));
    }
    if (this.#lines && this.#column > 0) {
      controller.enqueue(this.#lines.end.slice());
    }
  }

  #encode(bytes: Bytes): Bytes {
    const rest = this.#rest;
    const total = rest.length + bytes.length;
    if (total < 3) {
      this.#rest = concat([rest, bytes.slice()]);
      return NOTHING;
    }
    // What was left over becomes a whole three, with the first bytes of these.
    const head = rest.length > 0 ? 3 - rest.length : 0;
    const end = bytes.length - total % 3;
    let text = lettersOf(bytes.subarray(head, end), this.#alphabet);
    if (head > 0) {
      const three = concat([rest, bytes.subarray(0, head)]);
      text = lettersOf(three, this.#alphabet) + text;
    }
    this.#rest = bytes.slice(end);
    return asciiBytes(text);
  }

  /** The letters with the line ends between them. */
  #broken(letters: Bytes): Bytes {
    if (!this.#lines) return letters;
    const { length, end } = this.#lines;
    const breaks = Math.floor((this.#column + letters.length) / length);
    const broken = new Uint8Array(letters.length + breaks * end.length);
    let to = 0;
    for (let at = 0; at < letters.length;) {
      const line = letters.subarray(at, at + length - this.#column);
      broken.set(line, to);
      at += line.length;
      to += line.length;
      this.#column += line.length;
      if (this.#column < length) break;
      broken.set(end, to);
      to += end.length;
      this.#column = 0;
    }
    return broken;
  }
}
