const P1 = 0x9e3779b1 | 0;
const P2 = 0x85ebca77 | 0;
const P3 = 0xc2b2ae3d | 0;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;

function rotate(word: number, bits: number): number {
  return word << bits | word >>> 32 - bits;
}

function read(bytes: Uint8Array, at: number): number {
  return bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 |
    bytes[at + 3]! << 24;
}

/** XXH32 with seed 0, the checksum of LZ4, over any number of pieces. */
export class Xxh32 {
  readonly #lanes: Int32Array = Int32Array.of(P1 + P2, P2, 0, -P1);
  readonly #rest = new Uint8Array(16);
  #filled = 0;
  #length = 0;

  update(bytes: Uint8Array): this {
    this.#length += bytes.length;
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(16 - this.#filled, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < 16) return this;
      this.#stripes(this.#rest, 0, 16);
    }
    const end = at + Math.floor((bytes.length - at) / 16) * 16;
    this.#stripes(bytes, at, end);
    this.#rest.set(bytes.subarray(end));
    this.#filled = bytes.length - end;
    return this;
  }

  #stripes(bytes: Uint8Array, at: number, end: number): void {
    let [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    const round = (lane: number, at: number) =>
      Math.imul(rotate(lane + Math.imul(read(bytes, at), P2) | 0, 13), P1);
    for (; at < end; at += 16) {
      a = round(a, at);
      b = round(b, at + 4);
      c = round(c, at + 8);
      d = round(d, at + 12);
    }
    this.#lanes.set([a, b, c, d]);
  }

  /** The checksum of all bytes so far. */
  digest(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    let hash = this.#length < 16
      ? P5
      : rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    hash = hash + this.#length | 0;
    const rest = this.#rest;
    let i = 0;
    for (; i + 4 <= this.#filled; i += 4) {
      hash = Math.imul(rotate(hash + Math.imul(read(rest, i), P3) | 0, 17), P4);
    }
    for (; i < this.#filled; i++) {
      hash = Math.imul(rotate(hash + Math.imul(rest[i]!, P5) | 0, 11), P1);
    }
    hash = Math.imul(hash ^ hash >>> 15, P2);
    hash = Math.imul(hash ^ hash >>> 13, P3);
    return (hash ^ hash >>> 16) >>> 0;
  }
}

export function xxh32(bytes: Uint8Array): number {
  return new Xxh32().update(bytes).digest();
}
