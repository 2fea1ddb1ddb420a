import type { Bytes } from "../types.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;
const DELETE = 0x7f;
const HEX = "0123456789abcdef";

const encoder = new TextEncoder();

/**
 * Gathers JSON text as bytes. What `JSON.stringify` makes goes through one pass that puts the spaces where Python has them,
 * and escapes what is not ASCII.
 */
export class TextRun {
  /** Whether a space follows every comma and colon. */
  readonly #spaced: boolean;
  readonly #ascii: boolean;
  #buffer: Bytes = new Uint8Array(1 << 16);
  #length = 0;
  readonly #scratch: Scratch = new Scratch();

  constructor(spaced: boolean, ascii: boolean) {
    this.#spaced = spaced;
    this.#ascii = ascii;
  }

  get length(): number {
    return this.#length;
  }

  /** A few characters, as they are: what stands between values is not escaped. */
  add(text: string): void {
    this.#reserve(3 * text.length);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > DELETE) return this.#addBytes(encoder.encode(text.slice(i)));
      this.#buffer[this.#length++] = code;
    }
  }

  #addBytes(bytes: Bytes): void {
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Text that may be long, as it is but for what is not ASCII. */
  addText(text: string): void {
    this.#pass(text, false);
  }

  /** The text of many values, `skip` characters less on either side. */
  addRun(text: string, skip: number): void {
    this.#pass(skip === 0 ? text : text.slice(skip, -skip), this.#spaced);
  }

  /** What was gathered; the next begins anew. */
  take(): Bytes {
    const taken = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #pass(text: string, spaced: boolean): void {
    const bytes = this.#scratch.encode(text);
    const plain = bytes.length === text.length && !text.includes("\x7f");
    if (plain || !this.#ascii) {
      this.#reserve(2 * bytes.length);
      if (spaced) this.#length = space(bytes, this.#buffer, this.#length);
      else {
        this.#buffer.set(bytes, this.#length);
        this.#length += bytes.length;
      }
      return;
    }
    this.#reserve(6 * bytes.length);
    this.#length = escape(bytes, this.#buffer, this.#length, spaced);
  }

  #reserve(room: number): void {
    const needed = this.#length + room;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

/** Encodes text into memory that it uses again. */
class Scratch {
  #bytes: Bytes = new Uint8Array(1 << 14);

  encode(text: string): Bytes {
    if (this.#bytes.length < 3 * text.length) {
      if (text.length > 1 << 20) return encoder.encode(text);
      this.#bytes = new Uint8Array(6 * text.length);
    }
    const { written } = encoder.encodeInto(text, this.#bytes);
    return this.#bytes.subarray(0, written);
  }
}

/** Copies JSON text, with a space after each comma and colon between values; gives back where it ends. */
function space(from: Bytes, to: Bytes, at: number): number {
  const end = from.length;
  for (let i = 0; i < end;) {
    const byte = from[i++]!;
    to[at++] = byte;
    if (byte === QUOTE) {
      while (i < end) {
        const next = from[i++]!;
        to[at++] = next;
        if (next === QUOTE) break;
        if (next === BACKSLASH) to[at++] = from[i++]!;
      }
    } else if (byte === COMMA || byte === COLON) to[at++] = SPACE;
  }
  return at;
}

/** The same, and writes what is not ASCII as `\uXXXX`. */
function escape(from: Bytes, to: Bytes, at: number, spaced: boolean): number {
  let inString = false;
  for (let i = 0; i < from.length;) {
    const byte = from[i++]!;
    if (byte >= DELETE) {
      let point = byte;
      if (byte >= 0xf0) {
        point = (byte & 7) << 18 | (from[i++]! & 63) << 12 |
          (from[i++]! & 63) << 6 | from[i++]! & 63;
      } else if (byte >= 0xe0) {
        point = (byte & 15) << 12 | (from[i++]! & 63) << 6 | from[i++]! & 63;
      } else if (byte >= 0xc0) point = (byte & 31) << 6 | from[i++]! & 63;
      if (point > 0xffff) {
        at = unit(to, at, 0xd7c0 + (point >> 10));
        point = 0xdc00 | point & 0x3ff;
      }
      at = unit(to, at, point);
      continue;
    }
    to[at++] = byte;
    if (byte === QUOTE) inString = !inString;
    else if (byte === BACKSLASH) to[at++] = from[i++]!;
    else if (spaced && !inString && (byte === COMMA || byte === COLON)) {
      to[at++] = SPACE;
    }
  }
  return at;
}

function unit(to: Bytes, at: number, code: number): number {
  to[at++] = BACKSLASH;
  to[at++] = 0x75;
  for (let shift = 12; shift >= 0; shift -= 4) {
    to[at++] = HEX.charCodeAt(code >> shift & 15);
  }
  return at;
}
