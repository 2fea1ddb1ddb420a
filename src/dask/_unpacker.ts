import { FormatError, LimitError, TruncatedError } from "../errors.ts";
import { isSpecialKey } from "../pickle/dicts.ts";
import { PyFloat } from "../pickle/values/number.ts";
import { PyTuple } from "../pickle/values/sequence.ts";
import type { Bytes } from "../types.ts";
import { ByteCache } from "./_byte_cache.ts";
import type { UnpackOptions } from "./_msgpack_options.ts";

const STAGE = "dask";
/** As deep as Python's msgpack goes. */
const MAX_DEPTH = 512;
const SHORT = 40;
/** The keys of headers. */
const texts = new ByteCache<string>();
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** One msgpack value as Dask reads it: keys of any type, byte strings as views of the input, and nothing after it. */
export function unpack(bytes: Bytes, options: UnpackOptions = {}): unknown {
  const unpacker = new Unpacker(bytes, options);
  const value = unpacker.value(0);
  if (unpacker.at === bytes.length) return value;
  throw new FormatError(STAGE, "there are bytes after the value", {
    offset: unpacker.at,
  });
}

class Unpacker {
  at = 0;
  readonly #bytes: Bytes;
  readonly #view: DataView<ArrayBuffer>;
  readonly #tuples: boolean;
  readonly #wrap: boolean;
  readonly #hook: UnpackOptions["hook"];
  readonly #mayRepeat: UnpackOptions["mayRepeat"];

  constructor(bytes: Bytes, options: UnpackOptions) {
    const { arrays, floats, hook, mayRepeat } = options;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#tuples = arrays === "tuple";
    this.#wrap = floats === "wrap";
    this.#hook = hook;
    this.#mayRepeat = mayRepeat;
  }

  /** The value at hand. It goes no deeper than is allowed, so it may call itself. */
  value(depth: number): unknown {
    const start = this.#take(1);
    const byte = this.#bytes[start]!;
    if (byte < 0x80) return byte;
    if (byte < 0x90) return this.#map(byte & 15, depth);
    if (byte < 0xa0) return this.#array(byte & 15, depth);
    if (byte < 0xc0) return this.#text(byte & 31);
    if (byte >= 0xe0) return byte - 256;
    const view = this.#view;
    switch (byte) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#bin(this.#unsigned(byte - 0xc4));
      case 0xca:
        return this.#float(view.getFloat32(this.#take(4)));
      case 0xcb:
        return this.#float(view.getFloat64(this.#take(8)));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(byte - 0xcc);
      case 0xcf:
        return narrow(view.getBigUint64(this.#take(8)));
      case 0xd0:
        return view.getInt8(this.#take(1));
      case 0xd1:
        return view.getInt16(this.#take(2));
      case 0xd2:
        return view.getInt32(this.#take(4));
      case 0xd3:
        return narrow(view.getBigInt64(this.#take(8)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(byte - 0xd9));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(byte - 0xdb), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(byte - 0xdd), depth);
    }
    const why = byte === 0xc1 ? "this is no msgpack" : "an extension type";
    throw new FormatError(STAGE, why, { offset: start });
  }

  /** Passes so many bytes, which have to be there. */
  #take(length: number): number {
    const start = this.at;
    if (length > this.#bytes.length - start) {
      throw new TruncatedError(STAGE, "the bytes end within a value", {
        offset: this.#bytes.length,
      });
    }
    this.at = start + length;
    return start;
  }

  /** A number of 1, 2 or 4 bytes, by its place among those. */
  #unsigned(place: number): number {
    if (place === 0) return this.#bytes[this.#take(1)]!;
    if (place === 1) return this.#view.getUint16(this.#take(2));
    return this.#view.getUint32(this.#take(4));
  }

  #float(value: number): unknown {
    return this.#wrap && Number.isInteger(value) ? new PyFloat(value) : value;
  }

  #bin(length: number): Bytes {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  #text(length: number): string {
    const start = this.#take(length);
    const bytes = this.#bytes;
    const end = this.at;
    const known = length <= SHORT ? texts.get(bytes, start, end) : undefined;
    if (known !== undefined) return known;
    let text = "";
    if (length <= SHORT) {
      let i = start;
      for (; i < end && bytes[i]! < 0x80; i++) {
        text += String.fromCharCode(bytes[i]!);
      }
      if (i === end) {
        texts.set(bytes, start, end, text);
        return text;
      }
    }
    try {
      text = utf8.decode(bytes.subarray(start, end));
    } catch (cause) {
      throw new FormatError(STAGE, "text is not UTF-8", {
        offset: start,
        cause,
      });
    }
    return text;
  }

  /** Each item is a byte at least, so no count is believed that the input cannot make true. */
  #enter(count: number, bytes: number, depth: number): number {
    if (count * bytes > this.#bytes.length - this.at) this.#take(Infinity);
    if (depth < MAX_DEPTH) return depth + 1;
    throw new LimitError(STAGE, "depth", depth + 1, MAX_DEPTH, {
      offset: this.at,
    });
  }

  #array(count: number, depth: number): unknown[] {
    const inner = this.#enter(count, 1, depth);
    const items: unknown[] = this.#tuples ? new PyTuple() : [];
    for (let i = 0; i < count; i++) items.push(this.value(inner));
    return items;
  }

  /** The value at hand, of which many items are often the same if it is a list. */
  #repeated(mayRepeat: (item: unknown) => boolean, depth: number): unknown {
    const first = this.#bytes[this.at]!;
    const isList = first >> 4 === 9 || first === 0xdc || first === 0xdd;
    if (!isList) return this.value(depth);
    this.at++;
    const count = first < 0xa0 ? first & 15 : this.#unsigned(first - 0xdb);
    const inner = this.#enter(count, 1, depth);
    const items: unknown[] = [];
    let length = 0;
    for (let i = 0; i < count; i++) {
      const start = this.at;
      const last = items[i - 1];
      if (i > 0 && this.#isAgain(start - length, length) && mayRepeat(last)) {
        items.push(last);
        this.at += length;
      } else {
        items.push(this.value(inner));
        length = this.at - start;
      }
    }
    return items;
  }

  /** Whether the bytes at hand are those from `start` on, which end there. */
  #isAgain(start: number, length: number): boolean {
    const { at } = this;
    const view = this.#view;
    if (at + length > this.#bytes.length) return false;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      if (view.getInt32(start + i) !== view.getInt32(at + i)) return false;
    }
    for (; i < length; i++) {
      if (this.#bytes[start + i] !== this.#bytes[at + i]) return false;
    }
    return true;
  }

  #map(count: number, depth: number): unknown {
    const inner = this.#enter(count, 2, depth);
    const object: Record<string, unknown> = {};
    let isMarked = false;
    for (let i = 0; i < count; i++) {
      const key = this.value(inner);
      if (typeof key !== "string" || isSpecialKey(key)) {
        return this.#rest(object, key, count - i, inner);
      }
      isMarked ||= key.charCodeAt(0) === 95 && key.charCodeAt(1) === 95;
      object[key] = key === "sub-headers" && this.#mayRepeat
        ? this.#repeated(this.#mayRepeat, inner)
        : this.value(inner);
    }
    return isMarked && this.#hook ? this.#hook(object) ?? object : object;
  }

  /** The rest of a map with keys that an object would not keep as they are, or not in their place. */
  #rest(
    object: Record<string, unknown>,
    first: unknown,
    count: number,
    depth: number,
  ): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>(Object.entries(object));
    map.set(first, this.value(depth));
    for (let i = 1; i < count; i++) {
      map.set(this.value(depth), this.value(depth));
    }
    return map;
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
