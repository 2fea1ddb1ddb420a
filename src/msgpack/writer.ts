import type { Bytes } from "../types.ts";

const encoder = new TextEncoder();
const FIRST_SIZE = 1 << 10;
/** No number takes more. */
const NUMBER = 9;
/** Longer text is for the encoder. */
const SHORT = 48;
/** The heads of what has a count: with it inside, below a limit, or with one, two or four bytes of it behind. */
type Heads = readonly [
  fixed: number,
  below: number,
  one: number,
  two: number,
  four: number,
];
const TEXT: Heads = [0xa0, 32, 0xd9, 0xda, 0xdb];
const BINARY: Heads = [0, 0, 0xc4, 0xc5, 0xc6];

/**
 * Writes the tokens of a graph as {@link https://github.com/msgpack/msgpack/blob/master/spec.md | msgpack} into one buffer, which
 * grows; whatever is msgpack already is put between them.
 */
export class MsgpackWriter {
  #bytes: Bytes = new Uint8Array(FIRST_SIZE);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  /** Bytes so far. */
  get length(): number {
    return this.#at;
  }

  /** Drops what is behind so many bytes. */
  truncate(length: number): void {
    this.#at = length;
  }

  /** All bytes, for good: what comes next begins a new buffer. */
  take(): Bytes {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#bytes = new Uint8Array(FIRST_SIZE);
    this.#view = new DataView(this.#bytes.buffer);
    this.#at = 0;
    return taken;
  }

  /** Bytes that are msgpack already, or a part of it. */
  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Writes over four bytes that were there already. */
  setUint32(at: number, value: number): void {
    this.#view.setUint32(at, value);
  }

  literal(value: boolean | null): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value === null ? 0xc0 : value ? 0xc3 : 0xc2;
  }

  /** A number in as few bytes as it takes; beyond 32 bits it is a float, since integers of 64 bits are bigints. */
  number(value: number): void {
    this.#reserve(NUMBER);
    if (value >= -32 && value < 128 && value === (value | 0)) {
      this.#bytes[this.#at++] = value;
    } else if (value >= 0 && value < 0x10000 && value === (value | 0)) {
      if (value < 0x100) this.#bytes[this.#at++] = 0xcc;
      else {
        this.#bytes[this.#at++] = 0xcd;
        this.#bytes[this.#at++] = value >> 8;
      }
      this.#bytes[this.#at++] = value;
    } else this.#wideNumber(value);
  }

  /** A bigint of 64 bits, signed or not. */
  bigint(value: bigint): void {
    this.#reserve(NUMBER);
    this.#bytes[this.#at] = value < 0n ? 0xd3 : 0xcf;
    this.#view.setBigUint64(this.#at + 1, value);
    this.#at += NUMBER;
  }

  /** Text; false, and nothing is written, if it holds half a surrogate pair. */
  text(text: string): boolean {
    const { length } = text;
    if (length > SHORT) return this.#wideText(text);
    this.#reserve(2 + length);
    const bytes = this.#bytes;
    let at = this.#at;
    if (length < 32) bytes[at++] = 0xa0 | length;
    else {
      bytes[at++] = 0xd9;
      bytes[at++] = length;
    }
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) return this.#wideText(text);
      bytes[at++] = unit;
    }
    this.#at = at;
    return true;
  }

  binary(bytes: Uint8Array): void {
    this.#counted(bytes, BINARY);
  }

  #wideText(text: string): boolean {
    if (!text.isWellFormed()) return false;
    this.#counted(encoder.encode(text), TEXT);
    return true;
  }

  #wideNumber(value: number): void {
    const view = this.#view;
    const at = this.#at;
    const isShort = value >= -(2 ** 31) && value < 2 ** 32;
    let width = 8;
    if (!isShort || !Number.isInteger(value)) {
      this.#bytes[at] = 0xcb;
      view.setFloat64(at + 1, value);
    } else if (value >= 0) {
      this.#bytes[at] = 0xce;
      view.setUint32(at + 1, value);
      width = 4;
    } else {
      width = value >= -0x80 ? 1 : value >= -0x8000 ? 2 : 4;
      this.#bytes[at] = 0xd0 + (width >> 1);
      for (let i = width, rest = value; i > 0; i--, rest >>= 8) {
        this.#bytes[at + i] = rest;
      }
    }
    this.#at = at + 1 + width;
  }

  #counted(content: Uint8Array, heads: Heads): void {
    this.#head(content.length, heads);
    this.append(content);
  }

  #head(count: number, [fixed, below, one, two, four]: Heads): void {
    this.#reserve(5);
    const at = this.#at;
    if (count < below) this.#bytes[this.#at++] = fixed | count;
    else if (one && count < 0x100) {
      this.#view.setUint16(at, one << 8 | count);
      this.#at += 2;
    } else if (count < 0x10000) {
      this.#bytes[at] = two;
      this.#view.setUint16(at + 1, count);
      this.#at += 3;
    } else {
      this.#bytes[at] = four;
      this.#view.setUint32(at + 1, count);
      this.#at += 5;
    }
  }

  /** Makes place for so many bytes more. */
  #reserve(more: number): void {
    if (this.#at + more > this.#bytes.length) this.#grow(this.#at + more);
  }

  #grow(needed: number): void {
    const { length } = this.#bytes;
    const factor = length < 1 << 20 ? 4 : 2;
    const larger = new Uint8Array(Math.max(factor * length, needed));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
