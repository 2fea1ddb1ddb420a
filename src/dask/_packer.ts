import { bytesOf } from "../bytes.ts";
import { SerializeError } from "../errors.ts";
import { PyFloat, PyInt } from "../pickle/values/number.ts";
import type { Bytes } from "../types.ts";
import { PackedBytes } from "./_packed_bytes.ts";
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
class Packer extends PackedBytes {
  readonly #path: unknown[] = [];
  readonly #hook: PackHook | undefined;
  readonly #reserved: readonly string[] | undefined;
  readonly #repeats: boolean;
  /** Whether the map at hand was made by the hook. */
  #isMade = false;

  constructor({ hook, reserved, repeats = false }: PackOptions) {
    super();
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
          ? this.integer(value)
          : this.float(value);
      case "boolean":
        return this.byte(value ? 0xc3 : 0xc2);
      case "bigint":
        return this.#bigint(value);
      case "object":
        if (value === null) return this.byte(0xc0);
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
    if (value instanceof PyFloat) return this.float(value.value);
    if (value instanceof PyInt) return this.#bigint(value.value);
    const other = this.#hook?.(value);
    if (other === undefined) {
      this.#fail(`${value.constructor?.name} has no form in msgpack`);
    }
    this.#isMade = true;
    this.value(other, depth + 1);
  }

  #array(items: readonly unknown[], depth: number): void {
    this.head(items.length, 15, 0x90, 0xdc);
    for (let i = 0; i < items.length; i++) {
      const start = this.at;
      const item = items[i];
      // Small counts and nulls, of which headers are full.
      const byte = item === null ? 0xc0 : smallCount(item);
      if (byte >= 0) {
        this.byte(byte);
        continue;
      }
      this.#path.push(i);
      this.value(item, depth + 1);
      this.#path.pop();
      if (!this.#repeats || !isObject(item)) continue;
      const first = i;
      while (items[i + 1] === item) i++;
      this.#repeat(start, i - first);
    }
  }

  /** Writes what was written from a place on some more times. */
  #repeat(start: number, times: number): void {
    const length = this.at - start;
    this.reserve(times * length);
    const end = this.at + times * length;
    while (this.at < end) {
      const more = Math.min(this.at - start, end - this.at);
      this.bytes.copyWithin(this.at, start, start + more);
      this.at += more;
    }
  }

  #map(entries: readonly (readonly [unknown, unknown])[], depth: number): void {
    this.head(entries.length, 15, 0x80, 0xde);
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

  #bin(bytes: Bytes): void {
    const { length } = bytes;
    this.reserve(5 + length);
    if (length < 0x100) this.sized(0xc4, 1, length);
    else if (length < 0x10000) this.sized(0xc5, 2, length);
    else this.sized(0xc6, 4, this.#short(length));
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
    this.reserve(5 + length);
    if (length < 32) this.bytes[this.at++] = 0xa0 | length;
    else if (length < 0x100) this.sized(0xd9, 1, length);
    else if (length < 0x10000) this.sized(0xda, 2, length);
    else this.sized(0xdb, 4, this.#short(length));
    this.bytes.set(bytes, this.at);
    this.at += length;
  }

  /** Short text of ASCII, which most keys are; `false` if it is none. */
  #ascii(text: string): boolean {
    const { length } = text;
    this.reserve(2 + length);
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

  #bigint(value: bigint): void {
    if (Number.isSafeInteger(Number(value))) {
      return this.integer(Number(value));
    }
    if (value >= 2n ** 64n || value < -(2n ** 63n)) {
      this.#fail("an integer of more than 64 bits");
    }
    this.reserve(9);
    this.wide(value < 0n ? 0xd3 : 0xcf, value);
  }

  #fail(why: string): never {
    const path = this.#path.map((key) =>
      typeof key === "string" ? `.${key}` : `[${String(key)}]`
    );
    throw new SerializeError(why, `$${path.join("")}`);
  }
}

/** A number that is a byte of its own, else -1. */
function smallCount(value: unknown): number {
  return typeof value === "number" && (value & 0x7f) === value &&
      !Object.is(value, -0)
    ? value
    : -1;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

const LONE_SURROGATE =
  /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
