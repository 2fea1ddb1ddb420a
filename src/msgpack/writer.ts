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
const LIST: Heads = [0x90, 16, 0, 0xdc, 0xdd];
const MAP: Heads = [0x80, 16, 0, 0xde, 0xdf];

/** Writes {@link https://github.com/msgpack/msgpack/blob/master/spec.md | msgpack} into one buffer, which grows. */
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

  /**
   * Plain data, and what else msgpack has: byte strings, times and integers of 64 bits. Calls itself for what is within;
   * the caller knows how deep that is.
   *
   * @param asFloats Whether integers of 64 bits are for bigints only, and numbers beyond 32 bits are floats.
   */
  value(value: unknown, asFloats: boolean): void {
    switch (typeof value) {
      case "string":
        return this.#strictText(value);
      case "number":
        return this.number(value, asFloats);
      case "bigint":
        return this.bigint(value);
      case "boolean":
        return this.literal(value);
    }
    if (value === null) return this.literal(null);
    // Whoever looked at it before may have been told something else by a getter.
    if (typeof value !== "object") {
      throw new TypeError(`msgpack has no ${typeof value}`);
    }
    if (Array.isArray(value)) {
      this.#head(value.length, LIST);
      for (let i = 0; i < value.length; i++) this.value(value[i], asFloats);
    } else if (value instanceof Uint8Array) this.binary(value);
    else if (value instanceof Date) this.#time(value.getTime());
    else this.#map(value as Record<string, unknown>, asFloats);
  }

  literal(value: boolean | null): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value === null ? 0xc0 : value ? 0xc3 : 0xc2;
  }

  /** A number in as few bytes as it takes. */
  number(value: number, asFloats: boolean): void {
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
    } else this.#wideNumber(value, asFloats);
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

  #strictText(text: string): void {
    if (this.text(text)) return;
    throw new TypeError("msgpack has no text with half a surrogate pair");
  }

  #map(map: Record<string, unknown>, asFloats: boolean): void {
    const keys = Object.keys(map);
    this.#head(keys.length, MAP);
    for (const key of keys) {
      this.#strictText(key);
      this.value(map[key], asFloats);
    }
  }

  /** A timestamp: seconds alone in 32 bits, with nanoseconds in 64, and before 1970 or after 2514 in 96. */
  #time(ms: number): void {
    this.#reserve(15);
    const view = this.#view;
    const at = this.#at;
    const seconds = Math.floor(ms / 1_000);
    const nanoseconds = (ms - 1_000 * seconds) * 1e6;
    const isWide = seconds < 0 || seconds >= 2 ** 34;
    const isShort = !isWide && nanoseconds === 0 && seconds < 2 ** 32;
    view.setUint16(at, isWide ? 0xc70c : isShort ? 0xd6ff : 0xd7ff);
    if (isShort) view.setUint32(at + 2, seconds);
    else if (isWide) {
      view.setUint8(at + 2, 0xff);
      view.setUint32(at + 3, nanoseconds);
      view.setBigInt64(at + 7, BigInt(seconds));
    } else {
      view.setUint32(at + 2, 4 * nanoseconds + Math.floor(seconds / 2 ** 32));
      view.setUint32(at + 6, seconds);
    }
    this.#at += isWide ? 15 : isShort ? 6 : 10;
  }

  #wideNumber(value: number, asFloats: boolean): void {
    const view = this.#view;
    const at = this.#at;
    const isShort = value >= -(2 ** 31) && value < 2 ** 32;
    let width = 8;
    if (!Number.isSafeInteger(value) || asFloats && !isShort) {
      this.#bytes[at] = 0xcb;
      view.setFloat64(at + 1, value);
    } else if (!isShort) {
      this.#bytes[at] = value < 0 ? 0xd3 : 0xcf;
      view.setInt32(at + 1, Math.floor(value / 2 ** 32));
      view.setInt32(at + 5, value);
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
