import type { Bytes } from "../../types.ts";
import { repeat } from "../copy.ts";
import { flushing, type Input, type Part } from "../input.ts";
import {
  distanceRanges,
  fixedDistances,
  fixedLiterals,
  lengthRanges,
  MAX_BITS,
  ORDER,
  type Table,
  tableOf,
} from "./tables.ts";

/** As far back as anything is repeated from. */
const WINDOW = 1 << 15;
const LONGEST = 258;
/** With what the last symbol adds, no piece is over 64 KiB. */
const PIECE = (1 << 16) - LONGEST;
const END = 256;

/**
 * Reads deflated data (RFC 1951) to its end, and not a byte further. The runtimes' own engines for the web do not tell where that
 * is, and cannot be called without waiting.
 */
export function inflate(input: Input): Part<void> {
  const inflater = new Inflater(input);
  return flushing(inflater.run(), () => inflater.piece());
}

class Inflater {
  readonly #input: Input;
  /** What was written last, and what is still to be handed on: from `#from` to `#to`. */
  readonly #out: Bytes = new Uint8Array(WINDOW + PIECE + LONGEST);
  #from = WINDOW;
  #to = WINDOW;
  /** Where what may be repeated begins. */
  #least = WINDOW;
  /** Bits that were taken from the input, the next of them lowest. */
  #held = 0;
  #count = 0;

  constructor(input: Input) {
    this.#input = input;
  }

  *run(): Part<void> {
    for (let isLast = false; !isLast;) {
      isLast = (yield* this.#bits(1)) === 1;
      const kind = yield* this.#bits(2);
      if (kind === 0) yield* this.#stored();
      else if (kind === 1) yield* this.#coded(fixedLiterals, fixedDistances);
      else if (kind === 2) yield* this.#coded(...yield* this.#tables());
      else throw this.#input.refusal("there is no such kind of block");
    }
  }

  *#bits(bits: number): Part<number> {
    while (this.#count < bits) {
      this.#held |= (yield* this.#input.byte()) << this.#count;
      this.#count += 8;
    }
    const value = this.#held & (1 << bits) - 1;
    this.#held >>>= bits;
    this.#count -= bits;
    return value;
  }

  *#stored(): Part<void> {
    this.#held = this.#count = 0;
    const [a, b, c, d] = yield* this.#input.take(4);
    let left = a! | b! << 8;
    if ((left ^ 0xffff) !== (c! | d! << 8)) {
      throw this.#input.refusal("the length of a block is damaged");
    }
    while (left > 0) {
      const room = WINDOW + PIECE - this.#to;
      if (room <= 0) yield this.#flush();
      else {
        if (this.#input.length === 0 && this.#to > this.#from) {
          yield this.piece();
        }
        yield* this.#input.need(1);
        const count = Math.min(left, room, this.#input.length);
        this.#out.set(yield* this.#input.take(count), this.#to);
        this.#to += count;
        left -= count;
      }
    }
  }

  /** What is to be handed on. */
  piece(): Bytes {
    const piece = this.#out.slice(this.#from, this.#to);
    this.#from = this.#to;
    return piece;
  }

  /** The same; of what was handed on, only what may be repeated stays. */
  #flush(): Bytes {
    const piece = this.piece();
    this.#out.copyWithin(0, this.#to - WINDOW, this.#to);
    this.#from = this.#to = WINDOW;
    this.#least = 0;
    return piece;
  }

  *#tables(): Part<[Table, Table]> {
    const literals = 257 + (yield* this.#bits(5));
    const distances = 1 + (yield* this.#bits(5));
    const count = 4 + (yield* this.#bits(4));
    const lengths = new Uint8Array(19);
    for (let i = 0; i < count; i++) lengths[ORDER[i]!] = yield* this.#bits(3);
    const table = tableOf(lengths);
    if (!table) throw this.#input.refusal("the codes are damaged");
    const all = yield* this.#lengths(table, literals + distances);
    const first = tableOf(all.subarray(0, literals));
    const second = tableOf(all.subarray(literals));
    const tooMany = literals > 286 || distances > 30;
    if (!first || !second || tooMany || all[END] === 0) {
      throw this.#input.refusal("the codes are damaged");
    }
    return [first, second];
  }

  *#lengths({ entries, bits }: Table, count: number): Part<Uint8Array> {
    const lengths = new Uint8Array(count);
    for (let i = 0; i < count;) {
      let entry = entries[this.#held & (1 << bits) - 1]!;
      while (entry === 0 || (entry & 15) > this.#count) {
        if (this.#count >= 7) {
          throw this.#input.refusal("the codes are damaged");
        }
        this.#held |= (yield* this.#input.byte()) << this.#count;
        this.#count += 8;
        entry = entries[this.#held & (1 << bits) - 1]!;
      }
      this.#held >>>= entry & 15;
      this.#count -= entry & 15;
      const symbol = entry >> 4;
      if (symbol < 16) lengths[i++] = symbol;
      else i = yield* this.#again(lengths, i, symbol);
    }
    return lengths;
  }

  *#again(lengths: Uint8Array, at: number, symbol: number): Part<number> {
    const value = symbol === 16 ? lengths[at - 1] : 0;
    const times = symbol === 16
      ? 3 + (yield* this.#bits(2))
      : symbol === 17
      ? 3 + (yield* this.#bits(3))
      : 11 + (yield* this.#bits(7));
    if (value === undefined || at + times > lengths.length) {
      throw this.#input.refusal("the codes are damaged");
    }
    lengths.fill(value, at, at + times);
    return at + times;
  }

  *#coded(literals: Table, distances: Table): Part<void> {
    for (;;) {
      const why = this.#symbols(literals, distances);
      if (why === "end") return;
      if (why === "full") yield this.#flush();
      else if (this.#to > this.#from) yield this.piece();
      else if (this.#input.ended) throw this.#input.truncated();
      else yield undefined;
    }
  }

  /** Reads symbols for as long as it can, and says why it stopped. What it reads behind the end of the input, it takes back. */
  #symbols(literals: Table, distances: Table): "end" | "full" | "input" {
    const input = this.#input;
    const { bytes, end } = input;
    const out = this.#out;
    const { entries, bits } = literals;
    const [lengths, distancesFrom] = [lengthRanges, distanceRanges];
    const mask = (1 << bits) - 1;
    const least = this.#least;
    let at = input.at;
    let held = this.#held;
    let count = this.#count;
    let to = this.#to;
    let why: "end" | "full" | "input" | undefined;
    while (why === undefined) {
      const at0 = at;
      const held0 = held;
      const count0 = count;
      while (count < 20) {
        held |= bytes[at++]! << count;
        count += 8;
      }
      const entry = entries[held & mask]!;
      held >>>= entry & 15;
      count -= entry & 15;
      const symbol = entry >> 4;
      let length = 1;
      let distance = 0;
      if (symbol > END) {
        const more = lengths.extra[symbol - 257]!;
        length = lengths.base[symbol - 257]! + (held & (1 << more) - 1);
        held >>>= more;
        count -= more;
        while (count < MAX_BITS) {
          held |= bytes[at++]! << count;
          count += 8;
        }
        const far = distances.entries[held & (1 << distances.bits) - 1]!;
        held >>>= far & 15;
        count -= far & 15;
        while (count < 13) {
          held |= bytes[at++]! << count;
          count += 8;
        }
        const bitsMore = distancesFrom.extra[far >> 4] ?? 0;
        distance = far === 0
          ? Infinity
          : distancesFrom.base[far >> 4]! + (held & (1 << bitsMore) - 1);
        held >>>= bitsMore;
        count -= bitsMore;
      }
      if (at - (count >> 3) > end) {
        at = at0;
        held = held0;
        count = count0;
        why = "input";
      } else if (
        entry === 0 || !(distance <= to - least) || Number.isNaN(length)
      ) {
        input.at = Math.min(at, end);
        this.#to = to;
        throw input.refusal("there is no such code");
      } else if (symbol === END) why = "end";
      else {
        if (symbol < END) out[to] = symbol;
        else repeat(out, to, distance, length);
        to += length;
        if (to >= WINDOW + PIECE) why = "full";
      }
    }
    // Whole bytes go back.
    input.at = at - (count >> 3);
    this.#count = count & 7;
    this.#held = held & (1 << this.#count) - 1;
    this.#to = to;
    return why;
  }
}
