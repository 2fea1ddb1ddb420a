/** Bytes that are made text at once: more would keep more alive for each short text, fewer would be slower. */
const WINDOW = 4096;
const decoder = new TextDecoder();
/** Where windows are made ready; nothing of it outlives that. */
const words = new Uint32Array(WINDOW / 4);
const copy = new Uint8Array(words.buffer);

/**
 * Short ASCII out of bytes, fast: a window of the bytes is made text once, each byte a character, and each text is a slice of that.
 * A call of a decoder for each would take several times as long. So that all of the window is ASCII, and an engine has a
 * byte for each character of its slices, too, the high bit of all bytes is cleared in a copy.
 */
export class AsciiWindow<B extends ArrayBufferLike = ArrayBufferLike> {
  /** The bytes, to be read as numbers. */
  readonly view: DataView<B>;
  readonly #bytes: Uint8Array<B>;
  #text = "";
  #from = 0;
  #to = 0;

  constructor(bytes: Uint8Array<B>) {
    this.#bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The text from one place to another, at most 4,096 bytes; `undefined` if it is not ASCII. */
  read(from: number, to: number): string | undefined {
    if (!this.#isAscii(from, to)) return undefined;
    if (from < this.#from || to > this.#to) this.#move(from);
    return this.#text.substring(from - this.#from, to - this.#from);
  }

  #isAscii(from: number, to: number): boolean {
    const bytes = this.#bytes;
    const { view } = this;
    let bits = 0;
    for (const words = to - 4; from <= words; from += 4) {
      bits |= view.getInt32(from, true);
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
    this.#text = decoder.decode(copy.subarray(0, to - from));
  }
}
