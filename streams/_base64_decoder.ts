import { type Alphabet, bitsOf, decodeInto, PAD } from "../src/base64_ascii.ts";
import { FormatError, TruncatedError } from "../src/errors.ts";
import type { Bytes } from "../src/types.ts";

const PIECE = 4 * 64 * 1024;
const LF = 10;
const CR = 13;

/** Letters to bytes. */
export class Base64Decoder implements Transformer<Bytes, Bytes> {
  readonly #alphabet: Alphabet;
  readonly #lines: boolean;
  /** Up to three letters that are not four yet, and where each stood. */
  readonly #quad: number[] = [];
  readonly #places: number[] = [];
  /** Bytes before the piece at hand. */
  #offset = 0;
  #padded = false;

  /** @param lines Whether line ends are passed over. */
  constructor(alphabet: Alphabet, lines: boolean) {
    this.#alphabet = alphabet;
    this.#lines = lines;
  }

  transform(
    chunk: Bytes,
    controller: TransformStreamDefaultController<Bytes>,
  ): void {
    for (let at = 0; at < chunk.length; at += PIECE) {
      const piece = chunk.subarray(at, at + PIECE);
      const letters = this.#lines ? withoutLineEnds(piece) : piece;
      const bytes = this.#decode(letters, piece);
      this.#offset += piece.length;
      if (bytes.length > 0) controller.enqueue(bytes);
    }
  }

  flush(): void {
    this.#quad.forEach((_, i) => this.#check(i));
    if (this.#quad.length === 0) return;
    throw new TruncatedError("base64", "the last four letters are not whole", {
      offset: this.#offset,
    });
  }

  #decode(letters: Bytes, piece: Bytes): Bytes {
    // Padding ends the letters, so what comes before it has none, and that is the fast way.
    const pad = letters.indexOf(PAD);
    const plain = pad < 0 ? letters.length : pad;
    const held = this.#quad.length;
    const head = held > 0 ? Math.min(4 - held, letters.length) : 0;
    const body = Math.max(0, Math.floor((plain - head) / 4)) * 4;
    const out = new Uint8Array(
      Math.floor((held + letters.length) / 4) * 3,
    );
    let length = 0;
    const take = (index: number) => {
      this.#push(letters[index]!, () => placeOf(index, letters, piece));
      length += this.#finish(out, length);
    };
    for (let i = 0; i < head; i++) take(i);
    if (body > 0) {
      if (this.#padded) {
        this.#refuseAfterPadding(this.#offset + placeOf(head, letters, piece));
      }
      const run = letters.subarray(head, head + body);
      const room = out.subarray(length, length + body / 4 * 3);
      if (!decodeInto(run, room, this.#alphabet)) {
        const fault = run.findIndex((letter) => this.#bits(letter) < 0);
        throw this.#refuseLetter(
          run[fault]!,
          this.#offset + placeOf(head + fault, letters, piece),
        );
      }
      length += room.length;
    }
    for (let i = head + body; i < letters.length; i++) take(i);
    return out.subarray(0, length);
  }

  #push(letter: number, place: () => number): void {
    const offset = this.#offset + place();
    if (this.#padded) this.#refuseAfterPadding(offset);
    this.#quad.push(letter);
    this.#places.push(offset);
  }

  /** Writes what four letters stand for, if there are four; gives back how many bytes that was. */
  #finish(out: Bytes, at: number): number {
    if (this.#quad.length < 4) return 0;
    for (let i = 0; i < 4; i++) this.#check(i);
    let bits = 0;
    for (const letter of this.#quad) {
      bits = bits << 6 | (letter === PAD ? 0 : this.#bits(letter));
    }
    const pads = this.#quad.filter((letter) => letter === PAD).length;
    if (pads > 0 && (bits & (pads === 2 ? 0xffff : 0xff)) !== 0) {
      throw this.#refuse(
        "the bits before the padding are not zero",
        this.#places[3 - pads]!,
      );
    }
    this.#padded = pads > 0;
    this.#quad.length = this.#places.length = 0;
    for (let i = 0; i < 3 - pads; i++) out[at + i] = bits >> (16 - 8 * i);
    return 3 - pads;
  }

  /** Padding stands third and fourth, or fourth. */
  #check(index: number): void {
    const letter = this.#quad[index]!;
    const offset = this.#places[index]!;
    if (letter !== PAD) {
      if (this.#bits(letter) < 0) throw this.#refuseLetter(letter, offset);
      if (index === 3 && this.#quad[2] === PAD) {
        this.#refuseAfterPadding(offset);
      }
      return;
    }
    if (index < 2) throw this.#refuse("the padding is out of place", offset);
  }

  #bits(letter: number): number {
    return bitsOf(letter, this.#alphabet);
  }

  #refuseAfterPadding(offset: number): never {
    throw this.#refuse("there are letters after the padding", offset);
  }

  #refuseLetter(letter: number, offset: number): FormatError {
    const hex = letter.toString(16).padStart(2, "0");
    return this.#refuse(`0x${hex} is no letter of ${this.#alphabet}`, offset);
  }

  #refuse(message: string, offset: number): FormatError {
    return new FormatError("base64", message, { offset });
  }
}

function withoutLineEnds(bytes: Bytes): Bytes {
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    kept[length] = byte;
    if (byte !== LF && byte !== CR) length++;
  }
  return kept.subarray(0, length);
}

/** Where a letter stood in the piece, before the line ends were taken out; counted from the nearer side. */
function placeOf(index: number, letters: Bytes, piece: Bytes): number {
  if (letters.length === piece.length) return index;
  const isEnd = (at: number) => piece[at] === LF || piece[at] === CR;
  if (index < letters.length / 2) {
    let at = 0;
    for (let left = index; left > 0 || isEnd(at); at++) if (!isEnd(at)) left--;
    return at;
  }
  let at = piece.length - 1;
  let left = letters.length - 1 - index;
  for (; left > 0 || isEnd(at); at--) if (!isEnd(at)) left--;
  return at;
}
