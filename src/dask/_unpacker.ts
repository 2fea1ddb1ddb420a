import { FormatError, LimitError, TruncatedError } from "../errors.ts";
import { defineKey, isSpecialKey } from "../pickle/dicts.ts";
import { PyFloat } from "../pickle/values/number.ts";
import { PyTuple } from "../pickle/values/sequence.ts";
import type { Bytes } from "../types.ts";
import { ByteCache } from "./_byte_cache.ts";

/** How msgpack is read. */
export interface UnpackOptions {
  /** What an array becomes. */
  readonly arrays?: "list" | "tuple" | undefined;
  /** Whether floats that could be taken for integers are marked. */
  readonly floats?: "number" | "wrap" | undefined;
  /** What a map becomes that has a key with two underscores in front; `undefined` to leave it. */
  readonly hook?: ((map: Record<string, unknown>) => unknown) | undefined;
}

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

  constructor(bytes: Bytes, { arrays, floats, hook }: UnpackOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#tuples = arrays === "tuple";
    this.#wrap = floats === "wrap";
    this.#hook = hook;
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
      object[key] = this.value(inner);
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

/** Entries as a dict is read: an object if all keys are text that it keeps in order. */
export function dictOf(
  keys: readonly unknown[],
  values: readonly unknown[],
): Record<string, unknown> | Map<unknown, unknown> {
  const isPlain = keys.every((key) =>
    typeof key === "string" && !isSpecialKey(key)
  );
  if (!isPlain) return new Map(keys.map((key, i) => [key, values[i]]));
  const object: Record<string, unknown> = {};
  keys.forEach((key, i) => defineKey(object, key as string, values[i]));
  return object;
}
