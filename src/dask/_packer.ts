import { bytesOf } from "../bytes.ts";
import { SerializeError } from "../errors.ts";
import { PyFloat, PyInt } from "../pickle/values/number.ts";
import type { Bytes } from "../types.ts";
import type { PackHook, PackOptions } from "./_msgpack_options.ts";

/** As deep as Python's msgpack goes. */
const MAX_DEPTH = 512;
const SHORT = 40;
const utf8 = new TextEncoder();

/** Puts one value into msgpack as Python's `msgpack` does it with `use_bin_type`. */
export function pack(value: unknown, options: PackOptions = {}): Bytes {
  const packer = new Packer(options);
  packer.value(value, 0);
  return packer.bytes.slice(0, packer.at);
}

/** The path is made only when something is wrong: until then it is a stack of keys. */
class Packer {
  bytes: Bytes = new Uint8Array(256);
  at = 0;
  #view = new DataView(this.bytes.buffer);
  readonly #path: unknown[] = [];
  readonly #hook: PackHook | undefined;
  readonly #reserved: readonly string[] | undefined;
  readonly #repeats: boolean;
  /** Whether the map at hand was made by the hook. */
  #isMade = false;

  constructor({ hook, reserved, repeats = false }: PackOptions) {
    this.#hook = hook;
    this.#reserved = reserved;
    this.#repeats = repeats;
  }

  /** It goes no deeper than is allowed, so it may call itself. */
  value(value: unknown, depth: number): void {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return Number.isSafeInteger(value) && !Object.is(value, -0)
          ? this.#integer(value)
          : this.#float(value);
      case "boolean":
        return this.#byte(value ? 0xc3 : 0xc2);
      case "bigint":
        return this.#bigint(value);
      case "object":
        if (value === null) return this.#byte(0xc0);
        return this.#object(value, depth);
    }
    this.#fail(`${typeof value} has no form in msgpack`);
  }

  #object(value: object, depth: number): void {
    if (depth > MAX_DEPTH) this.#fail(`it is deeper than ${MAX_DEPTH}`);
    if (Array.isArray(value)) return this.#array(value, depth);
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      return this.#map(Object.entries(value), depth);
    }
    if (prototype === Map.prototype) {
      return this.#map([...value as Map<unknown, unknown>], depth);
    }
    if (value instanceof Uint8Array) return this.#bin(bytesOf(value as Bytes));
    if (value instanceof ArrayBuffer) return this.#bin(new Uint8Array(value));
    if (value instanceof PyFloat) return this.#float(value.value);
    if (value instanceof PyInt) return this.#bigint(value.value);
    const other = this.#hook?.(value);
    if (other === undefined) {
      this.#fail(`${value.constructor?.name} has no form in msgpack`);
    }
    this.#isMade = true;
    this.value(other, depth + 1);
  }

  #array(items: readonly unknown[], depth: number): void {
    this.#head(items.length, 15, 0x90, 0xdc);
    let length = 0;
    for (let i = 0; i < items.length; i++) {
      const start = this.at;
      const item = items[i];
      if (this.#repeats && item === items[i - 1] && isObject(item)) {
        this.#reserve(length);
        this.bytes.copyWithin(start, start - length, start);
        this.at += length;
        continue;
      }
      this.#path.push(i);
      this.value(item, depth + 1);
      this.#path.pop();
      length = this.at - start;
    }
  }

  #map(entries: readonly (readonly [unknown, unknown])[], depth: number): void {
    this.#head(entries.length, 15, 0x80, 0xde);
    const reserved = this.#isMade ? undefined : this.#reserved;
    this.#isMade = false;
    for (const [key, value] of entries) {
      this.#path.push(key);
      if (reserved?.includes(key as string)) {
        this.#fail("a map with such a key is a mark in a message");
      }
      this.value(key, depth + 1);
      this.value(value, depth + 1);
      this.#path.pop();
    }
  }

  /** A count, in the short form if it is at most `few`, else in 16 or 32 bits. */
  #head(count: number, few: number, short: number, long: number): void {
    this.#reserve(5);
    if (count <= few) this.bytes[this.at++] = short | count;
    else if (count < 0x10000) this.#sized(long, 2, count);
    else this.#sized(long + 1, 4, count);
  }

  #bin(bytes: Bytes): void {
    const { length } = bytes;
    this.#reserve(5 + length);
    if (length < 0x100) this.#sized(0xc4, 1, length);
    else if (length < 0x10000) this.#sized(0xc5, 2, length);
    else this.#sized(0xc6, 4, this.#short(length));
    this.bytes.set(bytes, this.at);
    this.at += length;
  }

  #text(text: string): void {
    if (text.length <= SHORT && this.#ascii(text)) return;
    const bytes = utf8.encode(text);
    // What has no UTF-8 becomes U+FFFD, which is three bytes as well; so it is looked for.
    if (bytes.length > text.length && LONE_SURROGATE.test(text)) {
      this.#fail("text with a lone surrogate");
    }
    const { length } = bytes;
    this.#reserve(5 + length);
    if (length < 32) this.bytes[this.at++] = 0xa0 | length;
    else if (length < 0x100) this.#sized(0xd9, 1, length);
    else if (length < 0x10000) this.#sized(0xda, 2, length);
    else this.#sized(0xdb, 4, this.#short(length));
    this.bytes.set(bytes, this.at);
    this.at += length;
  }

  /** Short text of ASCII, which most keys are; `false` if it is none. */
  #ascii(text: string): boolean {
    const { length } = text;
    this.#reserve(2 + length);
    const { bytes } = this;
    let at = this.at;
    if (length < 32) bytes[at++] = 0xa0 | length;
    else {
      bytes[at++] = 0xd9;
      bytes[at++] = length;
    }
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      bytes[at++] = code;
    }
    this.at = at;
    return true;
  }

  /** What is longer than 32 bits can say is in no message. */
  #short(length: number): number {
    if (length >= 2 ** 32) this.#fail("it is longer than msgpack allows");
    return length;
  }

  #integer(value: number): void {
    this.#reserve(9);
    if (value >= 0) {
      if (value < 0x80) this.bytes[this.at++] = value;
      else if (value < 0x100) this.#sized(0xcc, 1, value);
      else if (value < 0x10000) this.#sized(0xcd, 2, value);
      else if (value < 2 ** 32) this.#sized(0xce, 4, value);
      else this.#wide(0xcf, BigInt(value));
    } else if (value >= -32) this.bytes[this.at++] = value & 0xff;
    else if (value >= -0x80) this.#sized(0xd0, 1, value & 0xff);
    else if (value >= -0x8000) this.#sized(0xd1, 2, value & 0xffff);
    else if (value >= -(2 ** 31)) this.#sized(0xd2, 4, value >>> 0);
    else this.#wide(0xd3, BigInt(value));
  }

  #bigint(value: bigint): void {
    if (Number.isSafeInteger(Number(value))) {
      return this.#integer(Number(value));
    }
    if (value >= 2n ** 64n || value < -(2n ** 63n)) {
      this.#fail("an integer of more than 64 bits");
    }
    this.#reserve(9);
    this.#wide(value < 0n ? 0xd3 : 0xcf, value);
  }

  #float(value: number): void {
    this.#reserve(9);
    this.bytes[this.at] = 0xcb;
    this.#view.setFloat64(this.at + 1, value);
    this.at += 9;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.bytes[this.at++] = byte;
  }

  #sized(byte: number, width: 1 | 2 | 4, value: number): void {
    this.bytes[this.at++] = byte;
    if (width === 1) this.bytes[this.at] = value;
    else if (width === 2) this.#view.setUint16(this.at, value);
    else this.#view.setUint32(this.at, value);
    this.at += width;
  }

  #wide(byte: number, value: bigint): void {
    this.bytes[this.at] = byte;
    this.#view.setBigUint64(this.at + 1, BigInt.asUintN(64, value));
    this.at += 9;
  }

  #reserve(length: number): void {
    const needed = this.at + length;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  #fail(why: string): never {
    const path = this.#path.map((key) =>
      typeof key === "string" ? `.${key}` : `[${String(key)}]`
    );
    throw new SerializeError(why, `$${path.join("")}`);
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

const LONE_SURROGATE =
  /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
