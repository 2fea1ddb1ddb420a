import type { Bytes } from "../../types.ts";
import { MATCH_LEN_MAX } from "./model.ts";

/** How the encoder looks for matches. */
export interface FinderOptions {
  /** How far back, in bytes. */
  readonly dictionary: number;
  /** A match of this length is taken without a look for a longer one. */
  readonly niceLength: number;
  /** How many candidates are looked at. */
  readonly depth: number;
  /** Bytes that the parser looks back and ahead, beyond. */
  readonly before: number;
  readonly after: number;
}

/** Bytes are compared by fours, and so some behind the last. */
const SPARE = 4;
const HASH2 = 1 << 10;
const HASH3 = 1 << 16;
/** Positions are counted anew before they become larger: they stay small integers on all engines. */
const MAX_POSITION = 1 << 30;

const CRC: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let i = 0; i < 8; i++) {
    crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  }
  return crc;
});

/**
 * How many bytes are the same at two places, from `length` on and up to `limit`: four at a time, for which there are some to
 * spare behind the last.
 */
export function matchLength(
  view: DataView,
  at: number,
  delta: number,
  length: number,
  limit: number,
): number {
  const other = at - delta | 0;
  const most = limit | 0;
  let same = length | 0;
  while (same < most) {
    const differ = view.getInt32(at + same | 0, true) ^
      view.getInt32(other + same | 0, true);
    if (differ !== 0) {
      same = same + (31 - Math.clz32(differ & -differ) >> 3) | 0;
      break;
    }
    same = same + 4 | 0;
  }
  return same < most ? same : most;
}

/**
 * The window of an encoder, and tables of where the same 2, 3 and 4 bytes were last seen in it. After XZ for Java (0BSD),
 * as are the two kinds of it and the parsers.
 */
export abstract class MatchFinder {
  readonly bytes: Bytes;
  /** The same, to compare four bytes at a time. */
  readonly view: DataView;
  /** The byte that is looked at; -1 before the first. */
  readPos = -1;
  writePos = 0;
  /** The matches found at it, longer and farther from one to the next; distances count from 0. */
  readonly lengths: Int32Array = new Int32Array(MATCH_LEN_MAX + 1);
  readonly distances: Int32Array = new Int32Array(MATCH_LEN_MAX + 1);
  count = 0;
  readonly niceLength: number;
  protected readonly depth: number;
  protected readonly cyclicSize: number;
  protected cyclicPos = -1;
  protected position: number;
  /** The last place of the same 4 bytes, by `hash`. */
  protected hash4 = 0;
  protected delta2 = 0;
  protected delta3 = 0;
  readonly #hash2 = new Int32Array(HASH2);
  readonly #hash3 = new Int32Array(HASH3);
  readonly #hash4: Int32Array;
  readonly #mask4: number;
  readonly #links: Int32Array;
  readonly #before: number;
  readonly #after: number;
  #readLimit = -1;
  #finishing = false;

  constructor(options: FinderOptions, links: Int32Array) {
    const { dictionary, niceLength, depth, before, after } = options;
    this.niceLength = niceLength;
    this.depth = depth;
    this.cyclicSize = this.position = dictionary + 1;
    this.#before = before + dictionary;
    this.#after = after + MATCH_LEN_MAX;
    const reserve = (dictionary >> 1) + (1 << 18);
    this.bytes = new Uint8Array(
      this.#before + this.#after + reserve + SPARE,
    );
    this.view = new DataView(this.bytes.buffer);
    this.#hash4 = new Int32Array(hashSize(dictionary));
    this.#mask4 = this.#hash4.length - 1;
    this.#links = links;
  }

  /** The matches at the next byte. */
  abstract find(): void;
  /** Passes over bytes, which can be matched later. */
  abstract skip(count: number): void;

  /** Takes as many bytes as there is room for; says how many. */
  fill(source: Bytes): number {
    if (this.readPos >= this.bytes.length - SPARE - this.#after) this.#move();
    const count = Math.min(
      source.length,
      this.bytes.length - SPARE - this.writePos,
    );
    this.bytes.set(
      count === source.length ? source : source.subarray(0, count),
      this.writePos,
    );
    this.writePos += count;
    if (this.writePos >= this.#after) {
      this.#readLimit = this.writePos - this.#after;
    }
    return count;
  }

  /** No more will come. */
  finish(): void {
    this.#finishing = true;
    this.#readLimit = this.writePos - 1;
  }

  /** Whether the byte after those `ahead` can be encoded, with all that may be looked at behind it. */
  hasEnough(ahead: number): boolean {
    return this.readPos - ahead < this.#readLimit;
  }

  /** Bytes from the one at hand on. */
  get available(): number {
    return this.writePos - this.readPos;
  }

  /** By whole 16 bytes, since positions count for the model. */
  #move(): void {
    const offset = this.readPos + 1 - this.#before & ~15;
    this.bytes.copyWithin(0, offset, this.writePos);
    this.readPos -= offset;
    this.#readLimit -= offset;
    this.writePos -= offset;
  }

  /** Goes to the next byte; says how many there are from it, or 0 if too few to be worth a look. */
  protected advance(needed: number): number {
    const available = this.writePos - ++this.readPos;
    if (available < needed && (available < 4 || !this.#finishing)) return 0;
    if (++this.position === MAX_POSITION) this.#renumber();
    if (++this.cyclicPos === this.cyclicSize) this.cyclicPos = 0;
    return available;
  }

  /** Looks up the bytes at hand, and notes their place. */
  protected lookUp(): void {
    const { bytes, readPos, position } = this;
    const hash2 = this.#hash2;
    const hash3 = this.#hash3;
    const hash4 = this.#hash4;
    let hash = CRC[bytes[readPos]!]! ^ bytes[readPos + 1]!;
    const two = hash & HASH2 - 1;
    hash ^= bytes[readPos + 2]! << 8;
    const three = hash & HASH3 - 1;
    const four = (hash ^ CRC[bytes[readPos + 3]!]! << 5) & this.#mask4;
    this.delta2 = position - hash2[two]!;
    this.delta3 = position - hash3[three]!;
    this.hash4 = hash4[four]!;
    hash2[two] = hash3[three] = hash4[four] = position;
  }

  /** Matches of 2 and 3 bytes, which the tables alone tell. Gives the longest. */
  protected findShort(limit: number): number {
    const { bytes, readPos, cyclicSize, delta2, delta3 } = this;
    let best = 0;
    let delta = delta2;
    this.count = 0;
    // If the first byte is the same, the others are: so the hash was made.
    if (delta2 < cyclicSize && bytes[readPos - delta2] === bytes[readPos]) {
      best = 2;
      this.distances[0] = delta2 - 1;
      this.count = 1;
    }
    if (
      delta2 !== delta3 && delta3 < cyclicSize &&
      bytes[readPos - delta3] === bytes[readPos]
    ) {
      best = 3;
      delta = delta3;
      if (this.count === 1) this.lengths[0] = 2;
      this.distances[this.count++] = delta3 - 1;
    }
    if (best > 0) {
      best = matchLength(this.view, readPos, delta, best, limit);
      this.lengths[this.count - 1] = best;
    }
    return best;
  }

  #renumber(): void {
    const offset = MAX_POSITION - this.cyclicSize;
    for (
      const table of [this.#hash2, this.#hash3, this.#hash4, this.#links]
    ) {
      for (let i = 0; i < table.length; i++) {
        table[i] = Math.max(0, table[i]! - offset);
      }
    }
    this.position -= offset;
  }
}

function hashSize(dictionary: number): number {
  let size = 1 << 31 - Math.clz32(dictionary - 1);
  if (size > 1 << 24) size >>= 1;
  return Math.max(size, 1 << 16);
}
