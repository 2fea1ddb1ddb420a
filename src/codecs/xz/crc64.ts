/** ECMA-182, lowest bit first: the two halves of the polynomial. */
const LOW = 0xd7870f42;
const HIGH = 0xc96c5795;

let tables: { low: Int32Array; high: Int32Array } | undefined;

/** Four tables of 256 after each other: what a byte becomes once 0 to 3 zero bytes have followed it. */
function makeTables(): { low: Int32Array; high: Int32Array } {
  const low = new Int32Array(1024);
  const high = new Int32Array(1024);
  for (let byte = 0; byte < 256; byte++) {
    let l = byte;
    let h = 0;
    for (let bit = 0; bit < 8; bit++) {
      const odd = l & 1;
      l = l >>> 1 | h << 31;
      h >>>= 1;
      if (odd) {
        l ^= LOW;
        h ^= HIGH;
      }
    }
    low[byte] = l;
    high[byte] = h;
  }
  for (let i = 256; i < 1024; i++) {
    const l = low[i - 256]!;
    const h = high[i - 256]!;
    low[i] = (l >>> 8 | h << 24) ^ low[l & 255]!;
    high[i] = h >>> 8 ^ high[l & 255]!;
  }
  return { low, high };
}

/** The CRC-64 of xz, over any number of pieces. */
export class Crc64 {
  #low = -1;
  #high = -1;

  update(bytes: Uint8Array): void {
    const { low: tl, high: th } = tables ??= makeTables();
    let low = this.#low;
    let high = this.#high;
    let i = 0;
    for (const end = bytes.length - 3; i < end; i += 4) {
      const x = low ^
        (bytes[i]! | bytes[i + 1]! << 8 | bytes[i + 2]! << 16 |
          bytes[i + 3]! << 24);
      const a = 768 + (x & 255);
      const b = 512 + (x >>> 8 & 255);
      const c = 256 + (x >>> 16 & 255);
      const d = x >>> 24;
      low = high ^ tl[a]! ^ tl[b]! ^ tl[c]! ^ tl[d]!;
      high = th[a]! ^ th[b]! ^ th[c]! ^ th[d]!;
    }
    for (; i < bytes.length; i++) {
      const at = (low ^ bytes[i]!) & 255;
      low = (low >>> 8 | high << 24) ^ tl[at]!;
      high = high >>> 8 ^ th[at]!;
    }
    this.#low = low;
    this.#high = high;
  }

  /** Its 8 bytes, the lowest first. */
  digest(): Uint8Array {
    const digest = new Uint8Array(8);
    for (let i = 0; i < 4; i++) {
      digest[i] = ~this.#low >>> 8 * i;
      digest[4 + i] = ~this.#high >>> 8 * i;
    }
    return digest;
  }
}
