import type { Bytes } from "../types.ts";

const SLAB = 1 << 16;
/** A pickle for which there is less room than this begins in new memory; one that takes more is none of these. */
const MOST = 1 << 12;
const HEAD = 11;
const FEW = 32;
const MAX_DEPTH = 8;
const SHORT = 64;
/** Longer containers are written in batches. */
const MAX_ITEMS = 999;
/** Places for the texts of a pickle, of which there are half as many at most. */
const PLACES = 512;
/** Pickles that can be told from each other. */
const PICKLES = 1 << 23;

/**
 * Pickles of small plain values, such as records, of which a list may have many: of protocol 4 or 5, byte for byte what the
 * writer of all pickles makes, but without setting it up each time. Many are written into one buffer, of which they are views.
 * Whatever is not small or not plain is left to that writer.
 */
export class SmallPickles {
  #bytes: Bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  #end = 0;
  #pickle = 0;
  /** How much of the pickle at hand has a number. */
  #count = 0;
  /** The texts that have a number, each at the place that its characters come to or at the next that was free. */
  readonly #texts = new Array<string>(PLACES).fill("");
  /** The pickle and the number of each. */
  readonly #numbers = new Int32Array(PLACES);
  readonly #containers = new Array<object>(FEW).fill(this);
  #few = 0;

  /** The pickle of a list or an object; `undefined` if it is left to others. */
  dump(value: object, protocol: 4 | 5): Bytes | undefined {
    if (this.#bytes.length - this.#at < 2 * MOST) this.#renew();
    const start = this.#at;
    this.#end = start + MOST;
    this.#begin();
    this.#at += HEAD;
    if (!this.#container(value, 0) || this.#at > this.#end) {
      this.#at = start;
      return undefined;
    }
    const bytes = this.#bytes;
    bytes[this.#at++] = 0x2e;
    const length = this.#at - start - HEAD;
    bytes[start] = 0x80;
    bytes[start + 1] = protocol;
    bytes[start + 2] = 0x95;
    this.#view.setUint32(start + 3, length, true);
    this.#view.setUint32(start + 7, 0, true);
    // What is shorter has no frame.
    if (length >= 4) return bytes.subarray(start, this.#at);
    this.#at = start;
    return undefined;
  }

  #renew(): void {
    this.#bytes = new Uint8Array(SLAB);
    this.#view = new DataView(this.#bytes.buffer);
    this.#at = 0;
  }

  #begin(): void {
    if (++this.#pickle === PICKLES) {
      this.#pickle = 1;
      this.#numbers.fill(0);
    }
    this.#count = 0;
    this.#few = 0;
  }

  /** Writes a value; there is always room for one that is short. `false` if it is left to others. */
  #value(value: unknown, depth: number): boolean {
    if (this.#at > this.#end) return false;
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return this.#number(value);
      case "boolean":
        this.#bytes[this.#at++] = value ? 0x88 : 0x89;
        return true;
      case "object":
        if (value !== null) return this.#container(value, depth);
        this.#bytes[this.#at++] = 0x4e;
        return true;
    }
    return false;
  }

  #container(value: object, depth: number): boolean {
    const containers = this.#containers;
    const few = this.#few;
    if (depth > MAX_DEPTH || few === FEW) return false;
    for (let i = 0; i < few; i++) if (containers[i] === value) return false;
    containers[this.#few++] = value;
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Array.prototype) {
      return this.#list(value as unknown[], depth);
    }
    return prototype === Object.prototype &&
      this.#record(value as Record<string, unknown>, depth);
  }

  #list(list: readonly unknown[], depth: number): boolean {
    const { length } = list;
    if (length > MAX_ITEMS) return false;
    this.#open(0x5d, length);
    for (let i = 0; i < length; i++) {
      if (!this.#value(list[i], depth + 1)) return false;
    }
    if (length > 0) this.#bytes[this.#at++] = length > 1 ? 0x65 : 0x61;
    return true;
  }

  #record(record: Record<string, unknown>, depth: number): boolean {
    if (Object.getOwnPropertySymbols(record).length > 0) return false;
    const { length } = Object.keys(record);
    if (length > MAX_ITEMS) return false;
    this.#open(0x7d, length);
    let count = 0;
    // Engines read what a loop names without looking for it.
    for (const key in record) {
      if (!this.#text(key) || !this.#value(record[key], depth + 1)) {
        return false;
      }
      count++;
    }
    // What all objects inherit is none of it.
    if (count !== length) return false;
    if (length > 0) this.#bytes[this.#at++] = length > 1 ? 0x75 : 0x73;
    return true;
  }

  #open(opcode: number, length: number): void {
    const bytes = this.#bytes;
    bytes[this.#at++] = opcode;
    bytes[this.#at++] = 0x94;
    this.#count++;
    if (length > 1) bytes[this.#at++] = 0x28;
  }

  #number(value: number): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    if ((value | 0) !== value || (value === 0 && 1 / value < 0)) {
      if (Number.isSafeInteger(value) && value !== 0) {
        return this.#long(value);
      }
      bytes[at] = 0x47;
      this.#view.setFloat64(at + 1, value);
      this.#at = at + 9;
    } else if (value < 0 || value > 0xffff) {
      bytes[at] = 0x4a;
      this.#view.setInt32(at + 1, value, true);
      this.#at = at + 5;
    } else if (value > 0xff) {
      bytes[at] = 0x4d;
      this.#view.setUint16(at + 1, value, true);
      this.#at = at + 3;
    } else {
      bytes[at] = 0x4b;
      bytes[at + 1] = value;
      this.#at = at + 2;
    }
    return true;
  }

  /** An integer of more than 32 bits, in as few bytes as keep its sign. */
  #long(value: number): true {
    const bytes = this.#bytes;
    const view = this.#view;
    const from = this.#at + 2;
    const high = Math.floor(value / 2 ** 32);
    view.setUint32(from, value - high * 2 ** 32, true);
    view.setInt32(from + 4, high, true);
    const sign = value < 0 ? 0xff : 0;
    let end = from + 8;
    while (bytes[end - 1] === sign && (bytes[end - 2]! ^ sign) < 0x80) end--;
    bytes[from - 2] = 0x8a;
    bytes[from - 1] = end - from;
    this.#at = end;
    return true;
  }

  /** A text, or a reference to the same one before. */
  #text(text: string): boolean {
    const { length } = text;
    if (length > SHORT || this.#at > this.#end || this.#count > 0xff) {
      return false;
    }
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = 0x8c;
    bytes[at++] = length;
    let hash = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      bytes[at++] = code;
      hash = Math.imul(hash, 31) + code | 0;
    }
    const number = this.#numberOf(text, hash);
    if (number >= 0) {
      bytes[this.#at++] = 0x68;
      bytes[this.#at++] = number;
      return true;
    }
    bytes[at++] = 0x94;
    this.#at = at;
    return true;
  }

  /** The number of a text in the pickle at hand; if it has none, it gets the next, and this is -1. */
  #numberOf(text: string, hash: number): number {
    const numbers = this.#numbers;
    const pickle = this.#pickle;
    let place = hash & PLACES - 1;
    while (numbers[place]! >> 8 === pickle) {
      if (this.#texts[place] === text) return numbers[place]! & 0xff;
      place = place + 1 & PLACES - 1;
    }
    this.#texts[place] = text;
    numbers[place] = pickle << 8 | this.#count++;
    return -1;
  }
}
