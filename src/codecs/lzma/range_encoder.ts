import type { Bytes } from "../../types.ts";

/** Prices are in sixteenths of a bit. */
export const PRICE_SHIFT = 4;

/** What a bit costs, by its probability over 16. */
const PRICES: Uint8Array = (() => {
  const prices = new Uint8Array(128);
  for (let i = 8; i < 2048; i += 16) {
    let w = i;
    let bits = 0;
    for (let j = 0; j < PRICE_SHIFT; j++) {
      w *= w;
      bits <<= 1;
      while (w >= 65536) {
        w = Math.floor(w / 2);
        bits++;
      }
    }
    prices[i >> 4] = (11 << PRICE_SHIFT) - 15 - bits;
  }
  return prices;
})();

/** The price of a bit of this probability. */
export function bitPrice(prob: number, bit: number): number {
  return PRICES[(prob ^ -bit & 2047) >> 4]!;
}

/** The price of a symbol in a tree of `size` leaves. */
export function treePrice(
  probs: Uint16Array,
  base: number,
  size: number,
  symbol: number,
): number {
  let price = 0;
  for (let m = symbol | size; m !== 1; m >>= 1) {
    price += bitPrice(probs[base + (m >> 1)]!, m & 1);
  }
  return price;
}

/** The same, of a tree that is walked from the lowest bit. */
export function reverseTreePrice(
  probs: Uint16Array,
  base: number,
  bits: number,
  symbol: number,
): number {
  let price = 0;
  let m = 1;
  for (let i = 0; i < bits; i++) {
    const bit = symbol >> i & 1;
    price += bitPrice(probs[base + m]!, bit);
    m = m << 1 | bit;
  }
  return price;
}

/** The encoder's half of the range coder. */
export class RangeEncoder {
  readonly #probs: Uint16Array;
  #out: Bytes = new Uint8Array(1 << 16);
  #length = 0;
  #low = 0;
  #carry = 0;
  #range = -1;
  #cache = 0;
  #cacheSize = 1;

  constructor(probs: Uint16Array) {
    this.#probs = probs;
  }

  /** Bytes that there are now, and 5 that the end will take. */
  get pending(): number {
    return this.#length + this.#cacheSize + 4;
  }

  bit(index: number, bit: number): void {
    const probs = this.#probs;
    const p = probs[index]!;
    const bound = Math.imul(this.#range >>> 11, p);
    if (bit === 0) {
      this.#range = bound;
      probs[index] = p + (2048 - p >> 5);
    } else {
      this.#add(bound);
      this.#range = this.#range - bound | 0;
      probs[index] = p - (p >> 5);
    }
    if (this.#range >>> 24 === 0) {
      this.#range <<= 8;
      this.#shift();
    }
  }

  /** A symbol in a tree of `size` leaves. */
  tree(base: number, size: number, symbol: number): void {
    let m = 1;
    for (let mask = size >> 1; mask !== 0; mask >>= 1) {
      const bit = (symbol & mask) === 0 ? 0 : 1;
      this.bit(base + m, bit);
      m = m << 1 | bit;
    }
  }

  reverseTree(base: number, bits: number, symbol: number): void {
    let m = 1;
    for (let i = 0; i < bits; i++) {
      const bit = symbol >> i & 1;
      this.bit(base + m, bit);
      m = m << 1 | bit;
    }
  }

  /** Bits that are as likely 0 as 1, the highest first. */
  direct(value: number, bits: number): void {
    for (let i = bits - 1; i >= 0; i--) {
      this.#range >>>= 1;
      if (value >>> i & 1) this.#add(this.#range);
      if (this.#range >>> 24 === 0) {
        this.#range <<= 8;
        this.#shift();
      }
    }
  }

  #add(bound: number): void {
    const sum = (this.#low >>> 0) + (bound >>> 0);
    if (sum > 0xffffffff) this.#carry = 1;
    this.#low = sum | 0;
  }

  #shift(): void {
    if (this.#carry !== 0 || this.#low >>> 0 < 0xff000000) {
      let byte = this.#cache;
      do {
        if (this.#length === this.#out.length) this.#grow();
        this.#out[this.#length++] = byte + this.#carry;
        byte = 0xff;
      } while (--this.#cacheSize > 0);
      this.#cache = this.#low >>> 24;
      this.#carry = 0;
    }
    this.#cacheSize++;
    this.#low <<= 8;
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#out.length);
    larger.set(this.#out);
    this.#out = larger;
  }

  /** Writes what the decoder needs to tell the last symbols. */
  finish(): void {
    for (let i = 0; i < 5; i++) this.#shift();
  }

  /** What was written since the last time, as a view that is good until more is. */
  take(): Bytes {
    const taken = this.#out.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  /** Begins anew, as at the first byte. */
  reset(): void {
    this.#length =
      this.#low =
      this.#carry =
      this.#cache =
        0;
    this.#range = -1;
    this.#cacheSize = 1;
  }
}
