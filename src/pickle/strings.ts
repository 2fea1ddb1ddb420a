import type { Bytes } from "../types.ts";
import { decodeText } from "./utf8.ts";

/** Text longer than this is decoded for itself. */
const SHORT = 200;
/** Bytes that are made text at once: more would keep more alive for each short text, fewer would be slower. */
const WINDOW = 4096;
const ascii = new TextDecoder();
/** Where windows are made ready; nothing of it outlives that. */
const words = new Uint32Array(WINDOW / 4);
const copy = new Uint8Array(words.buffer);

/**
 * Short text out of bytes, fast: a window of the bytes is made text once, each byte a character, and what is ASCII is a
 * slice of that. A call of a decoder for each would take several times as long. So that the whole window is ASCII, and
 * its slices have a byte for each character in the engine, too, the high bit of all bytes is cleared in a copy.
 */
export class Strings {
  /** The bytes, to be read as numbers. */
  readonly view: DataView<ArrayBuffer>;
  readonly #bytes: Bytes;
  #window = "";
  #from = 0;
  #to = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The text of these bytes, `undefined` if it is malformed. */
  read(from: number, length: number): string | undefined {
    const to = from + length;
    if (length > SHORT || !this.#isAscii(from, to)) {
      return decodeText(this.#bytes.subarray(from, to));
    }
    if (from < this.#from || to > this.#to) this.#move(from);
    return this.#window.substring(from - this.#from, to - this.#from);
  }

  #isAscii(from: number, to: number): boolean {
    const bytes = this.#bytes;
    const { view } = this;
    let bits = 0;
    while (from + 4 <= to) {
      bits |= view.getUint32(from, true);
      from += 4;
    }
    while (from < to) bits |= bytes[from++]!;
    return (bits & 0x80808080) === 0;
  }

  #move(from: number): void {
    const to = Math.min(this.#bytes.length, from + WINDOW);
    copy.set(this.#bytes.subarray(from, to));
    for (let i = 0; i < words.length; i++) words[i] = words[i]! & 0x7f7f7f7f;
    this.#from = from;
    this.#to = to;
    this.#window = ascii.decode(copy.subarray(0, to - from));
  }
}
