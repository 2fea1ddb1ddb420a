import type { Token, TokenSink } from "../graph/layout.ts";
import type { Bytes } from "../types.ts";

const encoder = new TextEncoder();
/** `{"$Graph": […]}`, up to the first token; the 32 bits of how many there are come last. */
const HEAD: Uint8Array = Uint8Array.of(
  ...[0x81, 0xa6, 0x24, 0x47, 0x72, 0x61, 0x70, 0x68],
  ...[0xdd, 0, 0, 0, 0],
);
/** No number takes more. */
const NUMBER = 9;
/** Longer text is for the encoder. */
const SHORT = 48;

/** Text as its UTF-16 code units, each in two bytes, the low one first. */
function unitsOf(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = unit;
    bytes[2 * i + 1] = unit >> 8;
  }
  return bytes;
}

/**
 * The bytes of a batch: each value is whole msgpack that was packed elsewhere, or a graph that is packed here, token by token.
 * In a graph, a bigint is an integer of 64 bits, and a number never is; text with halves of surrogate pairs is binary.
 */
export class TokenPacker implements TokenSink {
  #bytes: Bytes = new Uint8Array(1 << 10);
  #view = new DataView(this.#bytes.buffer);
  /** Where what is whole ends. */
  #whole = 0;
  #at = 0;
  #tokens = 0;

  /** Bytes that are whole. */
  get length(): number {
    return this.#whole;
  }

  /** Takes a value, or a part of one, that is packed. */
  append(bytes: Uint8Array): void {
    this.#at = this.#whole;
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#whole += bytes.length;
  }

  /** Begins a graph; one that was begun and has not ended is dropped. */
  beginGraph(): this {
    this.append(HEAD);
    this.#whole -= HEAD.length;
    this.#at += HEAD.length;
    this.#tokens = 0;
    return this;
  }

  /** After the last token of a graph. */
  endGraph(): void {
    this.#view.setUint32(this.#whole + HEAD.length - 4, this.#tokens);
    this.#whole = this.#at;
  }

  /** All that is whole, for good: what comes next begins a new buffer. */
  take(): Bytes {
    const taken = this.#bytes.subarray(0, this.#whole);
    this.#bytes = new Uint8Array(1 << 10);
    this.#view = new DataView(this.#bytes.buffer);
    this.#whole = 0;
    return taken;
  }

  integer(token: number): void {
    this.#tokens++;
    this.#reserve(NUMBER);
    if (token >= -32 && token < 128 && token === (token | 0)) {
      this.#bytes[this.#at++] = token;
    } else this.#wideNumber(token);
  }

  primitive(token: Token): void {
    switch (typeof token) {
      case "string":
        return this.#text(token);
      case "number":
        return this.integer(token);
    }
    this.#tokens++;
    this.#reserve(1);
    this.#bytes[this.#at++] = token === null ? 0xc0 : token ? 0xc3 : 0xc2;
  }

  bigint(value: bigint): boolean {
    const isSigned = BigInt.asIntN(64, value) === value;
    if (!isSigned && BigInt.asUintN(64, value) !== value) return false;
    this.#tokens++;
    this.#reserve(NUMBER);
    this.#bytes[this.#at] = isSigned ? 0xd3 : 0xcf;
    this.#view.setBigUint64(this.#at + 1, value);
    this.#at += NUMBER;
    return true;
  }

  #wideNumber(token: number): void {
    const bytes = this.#bytes;
    const at = this.#at;
    if (token === (token & 0xffff)) {
      if (token < 0x100) {
        bytes[at] = 0xcc;
        bytes[at + 1] = token;
        this.#at = at + 2;
      } else {
        bytes[at] = 0xcd;
        bytes[at + 1] = token >> 8;
        bytes[at + 2] = token;
        this.#at = at + 3;
      }
    } else if (token === (token | 0) && token >= -0x80 && token < 0) {
      bytes[at] = 0xd0;
      bytes[at + 1] = token;
      this.#at = at + 2;
    } else if (token === (token | 0)) {
      bytes[at] = 0xd2;
      this.#view.setInt32(at + 1, token);
      this.#at = at + 5;
    } else {
      bytes[at] = 0xcb;
      this.#view.setFloat64(at + 1, token);
      this.#at = at + NUMBER;
    }
  }

  #text(text: string): void {
    this.#tokens++;
    const { length } = text;
    if (length > SHORT) return this.#longText(text);
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
      if (unit >= 0x80) return this.#longText(text);
      bytes[at++] = unit;
    }
    this.#at = at;
  }

  #longText(text: string): void {
    if (text.isWellFormed()) this.#counted(encoder.encode(text), 0xd9);
    else this.#counted(unitsOf(text), 0xc4);
  }

  /** @param head The head for a count of one byte; those for two and four follow. */
  #counted(content: Uint8Array, head: number): void {
    const { length } = content;
    this.#reserve(5 + length);
    const bytes = this.#bytes;
    const width = length < 0x100 ? 1 : length < 0x10000 ? 2 : 4;
    bytes[this.#at] = head + (width >> 1);
    for (let i = width, rest = length; i > 0; i--, rest >>>= 8) {
      bytes[this.#at + i] = rest;
    }
    bytes.set(content, this.#at + 1 + width);
    this.#at += 1 + width + length;
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
