import { decodeText } from "./utf8.ts";

/** Text longer than this is decoded for itself. */
const SHORT = 200;
/** Bytes that are made text at once: more would keep more alive for each short text, fewer would be slower. */
const WINDOW = 4096;
const latin1 = new TextDecoder("latin1");

/**
 * Short text out of bytes, fast: a window of the bytes is made text once, each byte a character, and what is ASCII is a
 * slice of that. A call of a decoder for each would take several times as long.
 */
export class Strings {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #window = "";
  #from = 0;
  #to = 0;

  constructor(bytes: Uint8Array, view: DataView) {
    this.#bytes = bytes;
    this.#view = view;
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
    const view = this.#view;
    let bits = 0;
    while (from + 4 <= to) {
      bits |= view.getUint32(from, true);
      from += 4;
    }
    while (from < to) bits |= bytes[from++]!;
    return (bits & 0x80808080) === 0;
  }

  #move(from: number): void {
    const bytes = this.#bytes;
    this.#from = from;
    this.#to = Math.min(bytes.length, from + WINDOW);
    this.#window = latin1.decode(bytes.subarray(from, this.#to));
  }
}
