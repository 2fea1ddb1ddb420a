/** Checks one character of UTF-8 beyond ASCII, byte by byte, as strictly as a fatal `TextDecoder`. */
export class Utf8Checker {
  #left = 0;
  #low = 0x80;
  #high = 0xbf;

  /** Whether the character goes on. */
  get more(): boolean {
    return this.#left > 0;
  }

  /** Whether a character can begin with this byte. */
  first(byte: number): boolean {
    this.#left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    // Narrower where a longer form than needed, a surrogate, or more than U+10FFFF would begin.
    this.#low = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    this.#high = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
    return byte >= 0xc2 && byte <= 0xf4;
  }

  /** Whether the character can go on with this byte. */
  next(byte: number): boolean {
    const fits = byte >= this.#low && byte <= this.#high;
    this.#left--;
    this.#low = 0x80;
    this.#high = 0xbf;
    return fits;
  }
}
