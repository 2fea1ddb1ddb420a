import type { LzmaEncoder } from "./encoder.ts";
import { matchLength } from "./match_finder.ts";
import { afterLiteral, LITERAL_SYMBOL } from "./parser.ts";
import { distSlot, FULL_DISTANCES } from "./prices.ts";
import type { SymbolPrices } from "./symbol_prices.ts";
import type { Ways } from "./ways.ts";

/** Lengthens the ways to a place by each symbol that can follow there. */
export class NextSymbols {
  readonly #encoder: LzmaEncoder;
  readonly #ways: Ways;
  readonly #prices: SymbolPrices;

  constructor(encoder: LzmaEncoder, ways: Ways, prices: SymbolPrices) {
    this.#encoder = encoder;
    this.#ways = ways;
    this.#prices = prices;
  }

  /** @param available How many bytes follow that may be looked at. */
  at(cur: number, available: number): void {
    const { finder, posMask } = this.#encoder;
    const ways = this.#ways;
    const prices = this.#prices;
    const posState = finder.readPos & posMask;
    const state = ways.state[cur]!;
    const anyMatch = ways.price[cur]! + prices.match(state, posState) | 0;
    const anyRep = anyMatch + prices.isRep(state, 1) | 0;
    this.#oneByte(cur, posState, available, anyRep);
    if (available < 2) return;
    const from = this.#longReps(cur, posState, available, anyRep);
    if (finder.count === 0) return;
    const normal = anyMatch + prices.isRep(state, 0) | 0;
    this.#matches(cur, posState, available, normal, from);
  }

  /** A literal, a short repeat, or a literal and a repeat. */
  #oneByte(
    cur: number,
    posState: number,
    available: number,
    anyRep: number,
  ): void {
    const { finder: { bytes, view, readPos, niceLength } } = this.#encoder;
    const ways = this.#ways;
    const prices = this.#prices;
    const state = ways.state[cur]!;
    const rep0 = ways.reps[cur << 2]!;
    const byte = bytes[readPos]!;
    const match = bytes[readPos - rep0 - 1 | 0]!;
    const next = cur + 1 | 0;
    let isByte = false;
    const literal = ways.price[cur]! +
        prices.literal(readPos, state, match) | 0;
    if (literal < ways.price[next]!) {
      ways.set(next, literal, cur, LITERAL_SYMBOL);
      isByte = true;
    }
    if (match === byte && (ways.prev[next] === cur || ways.back[next] !== 0)) {
      const price = anyRep + prices.shortRep(state, posState) | 0;
      if (price <= ways.price[next]!) {
        ways.set(next, price, cur, 0);
        isByte = true;
      }
    }
    if (isByte || match === byte || available <= 2) return;
    const limit = Math.min(niceLength, available - 1 | 0);
    const after = readPos + 1 | 0;
    const length = matchLength(view, after, rep0 + 1 | 0, 0, limit);
    if (length < 2) return;
    const price = literal +
        prices.longRep0(length, afterLiteral(state), after) | 0;
    ways.literalAndRepeat(cur, length, price);
  }

  /** Repeats, and those with a literal and a repeat behind. Gives the least length that a new match is worth. */
  #longReps(
    cur: number,
    posState: number,
    available: number,
    anyRep: number,
  ): number {
    const { finder: { bytes, view, readPos, niceLength }, repLengths } =
      this.#encoder;
    const ways = this.#ways;
    const state = ways.state[cur]!;
    const limit = Math.min(available, niceLength);
    const after = state < 7 ? 8 : 11;
    let from = 2;
    for (let rep = 0; rep < 4; rep++) {
      const distance = ways.reps[(cur << 2) + rep | 0]!;
      const at = readPos - distance - 1 | 0;
      if (
        bytes[at] !== bytes[readPos] ||
        bytes[at + 1 | 0] !== bytes[readPos + 1 | 0]
      ) continue;
      const to = matchLength(view, readPos, distance + 1 | 0, 2, limit);
      ways.reach(cur + to | 0);
      const any = anyRep + this.#prices.rep(rep, state, posState) | 0;
      const price = ways.lengths(cur, 2, to, any, repLengths, posState, rep);
      if (rep === 0) from = to + 1 | 0;
      this.#andRepeat(cur, rep, distance, to, available, price, after);
    }
    return from;
  }

  /** New matches, and those with a literal and a repeat behind. */
  #matches(
    cur: number,
    posState: number,
    available: number,
    normal: number,
    from: number,
  ): void {
    const { finder } = this.#encoder;
    const { lengths, distances } = finder;
    if (lengths[finder.count - 1]! > available) {
      finder.count = 0;
      while (lengths[finder.count]! < available) finder.count++;
      lengths[finder.count++] = available;
    }
    const last = finder.count - 1 | 0;
    if (lengths[last]! < from) return;
    this.#ways.reach(cur + lengths[last]! | 0);
    const after = this.#ways.state[cur]! < 7 ? 7 : 10;
    let i = 0;
    while (from > lengths[i]!) i = i + 1 | 0;
    for (; i <= last; i = i + 1 | 0) {
      const to = lengths[i]!;
      const distance = distances[i]!;
      const price = this.newMatch(cur, from, to, distance, normal, posState);
      const back = distance + 4 | 0;
      this.#andRepeat(cur, back, distance, to, available, price, after);
      from = to + 1 | 0;
    }
  }

  /** Some lengths of a new match. Gives the price of the last. */
  newMatch(
    cur: number,
    from: number,
    to: number,
    distance: number,
    normal: number,
    posState: number,
  ): number {
    const { distancePrices: { full, slots, align }, matchLengths } =
      this.#encoder;
    const ways = this.#ways;
    const isFull = distance < FULL_DISTANCES;
    const prices = isFull ? full : slots;
    const shift = isFull ? 7 : 6;
    const at = isFull ? distance : distSlot(distance);
    const any = isFull ? normal : normal + align[distance & 15]! | 0;
    const back = distance + 4 | 0;
    let length = from | 0;
    // From 5 on, the distance costs the same whatever the length.
    for (; length < 5 && length < to; length = length + 1 | 0) {
      const price = any + prices[(length - 2 << shift) + at | 0]! | 0;
      ways.lengths(cur, length, length, price, matchLengths, posState, back);
    }
    const state = length < 5 ? length - 2 | 0 : 3;
    const price = any + prices[(state << shift) + at | 0]! | 0;
    return ways.lengths(cur, length, to, price, matchLengths, posState, back);
  }

  /** A match, then a literal, then the same distance again. */
  #andRepeat(
    cur: number,
    back: number,
    distance: number,
    length: number,
    available: number,
    price: number,
    state: number,
  ): void {
    const { finder: { bytes, view, readPos, niceLength } } = this.#encoder;
    const prices = this.#prices;
    const limit = Math.min(available - length - 1 | 0, niceLength);
    if (limit < 2) return;
    const at = readPos + length | 0;
    const after = at + 1 | 0;
    const length2 = matchLength(view, after, distance + 1 | 0, 0, limit);
    if (length2 < 2) return;
    const match = bytes[at - distance - 1 | 0]!;
    const whole = price + prices.literal(at, state, match) +
        prices.longRep0(length2, afterLiteral(state), after) | 0;
    this.#ways.matchAndRepeat(cur, back, length, length2, whole);
  }
}
