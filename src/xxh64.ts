const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;
const STRIPE = 32;

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, bits: bigint): bigint =>
  u64(value << bits) | (value >> (64n - bits));
const round = (lane: bigint, input: bigint): bigint =>
  u64(rotate(u64(lane + input * P2), 31n) * P1);

/**
 * XXH64 with seed 0, the checksum of zstd (RFC 8878, section 3.1.1). It runs only where there is no native zstd, so it is
 * short rather than fast.
 */
export class Xxh64 {
  readonly #lanes: bigint[] = [u64(P1 + P2), P2, 0n, u64(-P1)];
  readonly #rest: Uint8Array = new Uint8Array(STRIPE);
  #filled = 0;
  #length = 0;

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(STRIPE - this.#filled, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < STRIPE) return;
      this.#stripes(this.#rest);
    }
    const whole = at + Math.floor((bytes.length - at) / STRIPE) * STRIPE;
    this.#stripes(bytes.subarray(at, whole));
    this.#rest.set(bytes.subarray(whole));
    this.#filled = bytes.length - whole;
  }

  #stripes(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let [a, b, c, d] = this.#lanes as [bigint, bigint, bigint, bigint];
    for (let i = 0; i < bytes.length; i += STRIPE) {
      a = round(a, view.getBigUint64(i, true));
      b = round(b, view.getBigUint64(i + 8, true));
      c = round(c, view.getBigUint64(i + 16, true));
      d = round(d, view.getBigUint64(i + 24, true));
    }
    this.#lanes.splice(0, 4, a, b, c, d);
  }

  /** The checksum of all bytes so far. */
  digest(): bigint {
    const [a, b, c, d] = this.#lanes as [bigint, bigint, bigint, bigint];
    let hash = P5;
    if (this.#length >= STRIPE) {
      hash = rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n);
      for (const lane of [a, b, c, d]) {
        hash = u64((u64(hash) ^ round(0n, lane)) * P1 + P4);
      }
    }
    hash = u64(hash + BigInt(this.#length));
    const view = new DataView(this.#rest.buffer);
    let i = 0;
    for (; i + 8 <= this.#filled; i += 8) {
      hash ^= round(0n, view.getBigUint64(i, true));
      hash = u64(rotate(hash, 27n) * P1 + P4);
    }
    if (i + 4 <= this.#filled) {
      hash ^= u64(BigInt(view.getUint32(i, true)) * P1);
      hash = u64(rotate(hash, 23n) * P2 + P3);
      i += 4;
    }
    for (; i < this.#filled; i++) {
      hash ^= u64(BigInt(this.#rest[i]!) * P5);
      hash = u64(rotate(hash, 11n) * P1);
    }
    hash = u64((hash ^ (hash >> 33n)) * P2);
    hash = u64((hash ^ (hash >> 29n)) * P3);
    return hash ^ (hash >> 32n);
  }
}
