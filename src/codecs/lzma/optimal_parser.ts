import type { LzmaEncoder } from "./encoder.ts";
import { matchLength } from "./match_finder.ts";
import {
  IS_MATCH,
  IS_REP,
  IS_REP0,
  IS_REP0_LONG,
  IS_REP1,
  IS_REP2,
  MATCH_LEN_MAX,
} from "./model.ts";
import { afterLiteral, LITERAL_SYMBOL, type Parser } from "./parser.ts";
import { distSlot, FULL_DISTANCES, LENGTHS } from "./prices.ts";
import { bitPrice } from "./range_encoder.ts";

/** So many bytes are looked at together. */
export const OPTIMUMS = 4096;
const INFINITY = 1 << 30;
/** What came before the last step to a place: nothing that matters, a literal, or a match and a literal. */
const PLAIN = 0;
const LITERAL_BEFORE = 1;
const MATCH_AND_LITERAL_BEFORE = 2;

/**
 * Chooses the symbols for many bytes together, so that they cost least by the prices of the moment: the cheapest way to each
 * place is found from the cheapest ways to the places before it. The ways are single symbols, and a few pairs and triples
 * that end with the same distance as before.
 */
export class OptimalParser implements Parser {
  back: number = LITERAL_SYMBOL;
  readonly #encoder: LzmaEncoder;
  /** Of each place: the price, the state, and how it is reached. */
  readonly #price = new Int32Array(OPTIMUMS);
  readonly #state = new Uint8Array(OPTIMUMS);
  readonly #reps = new Int32Array(4 * OPTIMUMS);
  readonly #prev = new Int32Array(OPTIMUMS);
  readonly #back = new Int32Array(OPTIMUMS);
  readonly #kind = new Uint8Array(OPTIMUMS);
  readonly #prev2 = new Int32Array(OPTIMUMS);
  readonly #back2 = new Int32Array(OPTIMUMS);
  readonly #repLengths = new Int32Array(4);
  #cur = 0;
  #end = 0;

  constructor(encoder: LzmaEncoder) {
    this.#encoder = encoder;
  }

  reset(): void {
    this.#cur = this.#end = 0;
  }

  next(): number {
    if (this.#cur < this.#end) {
      const length = this.#prev[this.#cur]! - this.#cur;
      this.#cur = this.#prev[this.#cur]!;
      this.back = this.#back[this.#cur]!;
      return length;
    }
    this.#cur = this.#end = 0;
    this.back = LITERAL_SYMBOL;
    const simple = this.#first();
    if (simple > 0) return simple;
    this.#walk();
    return this.#trace();
  }

  /** Prices what can begin at the byte at hand; if there is but one thing to do, gives its length. */
  #first(): number {
    const encoder = this.#encoder;
    const { finder, reps, state } = encoder;
    if (encoder.readAhead === -1) encoder.find();
    const { bytes, view, readPos, niceLength } = finder;
    const available = Math.min(finder.available, MATCH_LEN_MAX);
    if (available < 2) return 1;
    const repLengths = this.#repLengths;
    let best = 0;
    for (let rep = 0; rep < 4; rep++) {
      const length = matchLength(view, readPos, reps[rep]! + 1, 0, available);
      repLengths[rep] = length < 2 ? 0 : length;
      if (repLengths[rep]! > repLengths[best]!) best = rep;
    }
    if (repLengths[best]! >= niceLength) {
      return this.#take(best, repLengths[best]!);
    }
    const last = finder.count - 1;
    const length = last < 0 ? 0 : finder.lengths[last]!;
    if (length >= niceLength) {
      return this.#take(finder.distances[last]! + 4, length);
    }
    const byte = bytes[readPos]!;
    const match = bytes[readPos - reps[0]! - 1]!;
    if (length < 2 && byte !== match && repLengths[best]! < 2) return 1;

    const posState = readPos & encoder.posMask;
    const literal = this.#literalPrice(readPos, state, match);
    this.#set(1, literal, 0, LITERAL_SYMBOL);
    const probs = encoder.probs;
    const anyMatch = bitPrice(probs[IS_MATCH + (state << 4) + posState]!, 1);
    const anyRep = anyMatch + bitPrice(probs[IS_REP + state]!, 1);
    if (match === byte) {
      const price = anyRep + this.#shortRepPrice(state, posState);
      if (price < literal) this.#set(1, price, 0, 0);
    }
    this.#end = Math.max(length, repLengths[best]!);
    if (this.#end < 2) {
      this.#end = 0;
      this.back = this.#back[1]!;
      return 1;
    }
    encoder.distancePrices.update(probs);
    encoder.matchLengths.update(probs);
    encoder.repLengths.update(probs);
    this.#state[0] = state;
    this.#reps.set(reps);
    this.#price.fill(INFINITY, 2, this.#end + 1);
    for (let rep = 0; rep < 4; rep++) {
      const price = anyRep + this.#repPrice(rep, state, posState);
      this.#repLengthsFrom(0, rep, repLengths[rep]!, price, posState);
    }
    const normal = anyMatch + bitPrice(probs[IS_REP + state]!, 0);
    const { lengths, distances } = finder;
    let from = Math.max(repLengths[0]! + 1, 2);
    for (let i = 0; i <= last; i++) {
      for (; from <= lengths[i]!; from++) {
        const price = normal + this.#matchPrice(distances[i]!, from, posState);
        if (price < this.#price[from]!) {
          this.#set(from, price, 0, distances[i]! + 4);
        }
      }
    }
    return 0;
  }

  #take(back: number, length: number): number {
    this.back = back;
    this.#encoder.skip(length - 1);
    return length;
  }

  /** Prices what can begin at each place that can be reached, in order. */
  #walk(): void {
    const encoder = this.#encoder;
    const { finder, probs } = encoder;
    let available = Math.min(finder.available, OPTIMUMS - 1);
    while (++this.#cur < this.#end) {
      encoder.find();
      const { count } = finder;
      if (count > 0 && finder.lengths[count - 1]! >= finder.niceLength) break;
      available--;
      const cur = this.#cur;
      const posState = finder.readPos & encoder.posMask;
      this.#arrive(cur);
      const state = this.#state[cur]!;
      const isMatch = probs[IS_MATCH + (state << 4) + posState]!;
      const anyMatch = this.#price[cur]! + bitPrice(isMatch, 1);
      const anyRep = anyMatch + bitPrice(probs[IS_REP + state]!, 1);
      this.#oneByte(cur, posState, available, anyRep);
      if (available < 2) continue;
      const from = this.#longReps(cur, posState, available, anyRep);
      if (count > 0) {
        const normal = anyMatch + bitPrice(probs[IS_REP + state]!, 0);
        this.#matches(cur, posState, available, normal, from);
      }
    }
  }

  /** The state and the distances at a place, from how it is reached. */
  #arrive(cur: number): void {
    const states = this.#state;
    const reps = this.#reps;
    const kind = this.#kind[cur]!;
    let prev = this.#prev[cur]!;
    let state: number;
    if (kind === PLAIN) {
      state = states[prev]!;
    } else {
      prev--;
      state = afterLiteral(
        kind === MATCH_AND_LITERAL_BEFORE
          ? afterMatch(states[this.#prev2[cur]!]!, this.#back2[cur]!)
          : states[prev]!,
      );
    }
    const to = cur << 2;
    if (prev === cur - 1) {
      states[cur] = this.#back[cur] === 0
        ? state < 7 ? 9 : 11
        : afterLiteral(state);
      reps.copyWithin(to, prev << 2, (prev << 2) + 4);
      return;
    }
    let back = this.#back[cur]!;
    if (kind === MATCH_AND_LITERAL_BEFORE) {
      prev = this.#prev2[cur]!;
      back = this.#back2[cur]!;
      states[cur] = state < 7 ? 8 : 11;
    } else states[cur] = afterMatch(state, back);
    const from = prev << 2;
    if (back < 4) {
      reps[to] = reps[from + back]!;
      let rep = 1;
      for (; rep <= back; rep++) reps[to + rep] = reps[from + rep - 1]!;
      for (; rep < 4; rep++) reps[to + rep] = reps[from + rep]!;
    } else {
      reps[to] = back - 4;
      reps[to + 1] = reps[from]!;
      reps[to + 2] = reps[from + 1]!;
      reps[to + 3] = reps[from + 2]!;
    }
  }

  /** A literal, a short repeat, or a literal and a repeat. */
  #oneByte(
    cur: number,
    posState: number,
    available: number,
    anyRep: number,
  ): void {
    const { finder: { bytes, view, readPos, niceLength } } = this.#encoder;
    const state = this.#state[cur]!;
    const rep0 = this.#reps[cur << 2]!;
    const byte = bytes[readPos]!;
    const match = bytes[readPos - rep0 - 1]!;
    const next = cur + 1;
    let isByte = false;
    const literal = this.#price[cur]! +
      this.#literalPrice(readPos, state, match);
    if (literal < this.#price[next]!) {
      this.#set(next, literal, cur, LITERAL_SYMBOL);
      isByte = true;
    }
    if (
      match === byte && (this.#prev[next] === cur || this.#back[next] !== 0)
    ) {
      const price = anyRep + this.#shortRepPrice(state, posState);
      if (price <= this.#price[next]!) {
        this.#set(next, price, cur, 0);
        isByte = true;
      }
    }
    if (isByte || match === byte || available <= 2) return;
    const limit = Math.min(niceLength, available - 1);
    const length = matchLength(view, readPos + 1, rep0 + 1, 0, limit);
    if (length < 2) return;
    const price = literal +
      this.#rep0Price(length, afterLiteral(state), readPos + 1);
    const to = cur + 1 + length;
    this.#reach(to);
    if (price < this.#price[to]!) {
      this.#set(to, price, next, 0);
      this.#kind[to] = LITERAL_BEFORE;
    }
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
    const state = this.#state[cur]!;
    const limit = Math.min(available, niceLength);
    let from = 2;
    for (let rep = 0; rep < 4; rep++) {
      const distance = this.#reps[(cur << 2) + rep]!;
      const at = readPos - distance - 1;
      if (
        bytes[at] !== bytes[readPos] || bytes[at + 1] !== bytes[readPos + 1]
      ) continue;
      const length = matchLength(view, readPos, distance + 1, 2, limit);
      this.#reach(cur + length);
      const price = anyRep + this.#repPrice(rep, state, posState);
      this.#repLengthsFrom(cur, rep, length, price, posState);
      if (rep === 0) from = length + 1;
      const whole = price +
        repLengths.prices[posState * LENGTHS + length - 2]!;
      const after = state < 7 ? 8 : 11;
      this.#andRepeat(cur, rep, distance, length, available, whole, after);
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
    const last = finder.count - 1;
    if (lengths[last]! < from) return;
    this.#reach(cur + lengths[last]!);
    const prices = this.#price;
    const after = this.#state[cur]! < 7 ? 7 : 10;
    // As `#matchPrice`, with all that does not change from one length to the next outside: this is the inner loop.
    const { distancePrices: { full, slots, align }, matchLengths } =
      this.#encoder;
    const lengthPrices = matchLengths.prices;
    const lengthAt = posState * LENGTHS - 2;
    let i = 0;
    while (from > lengths[i]!) i++;
    let distance = distances[i]!;
    let slot = distSlot(distance);
    for (let length = from;; length++) {
      const state = length < 6 ? length - 2 : 3;
      const price = normal + lengthPrices[lengthAt + length]! +
        (distance < FULL_DISTANCES
          ? full[(state << 7) + distance]!
          : slots[(state << 6) + slot]! + align[distance & 15]!);
      if (price < prices[cur + length]!) {
        this.#set(cur + length, price, cur, distance + 4);
      }
      if (length !== lengths[i]) continue;
      this.#andRepeat(
        cur,
        distance + 4,
        distance,
        length,
        available,
        price,
        after,
      );
      if (i === last) return;
      distance = distances[++i]!;
      slot = distSlot(distance);
    }
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
    const limit = Math.min(available - length - 1, niceLength);
    if (limit < 2) return;
    const at = readPos + length;
    const length2 = matchLength(view, at + 1, distance + 1, 0, limit);
    if (length2 < 2) return;
    price += this.#literalPrice(at, state, bytes[at - distance - 1]!) +
      this.#rep0Price(length2, afterLiteral(state), at + 1);
    const to = cur + length + 1 + length2;
    this.#reach(to);
    if (price >= this.#price[to]!) return;
    this.#set(to, price, cur + length + 1, 0);
    this.#kind[to] = MATCH_AND_LITERAL_BEFORE;
    this.#prev2[to] = cur;
    this.#back2[to] = back;
  }

  #set(to: number, price: number, prev: number, back: number): void {
    this.#price[to] = price;
    this.#prev[to] = prev;
    this.#back[to] = back;
    this.#kind[to] = PLAIN;
  }

  #reach(to: number): void {
    while (this.#end < to) this.#price[++this.#end] = INFINITY;
  }

  #repLengthsFrom(
    cur: number,
    rep: number,
    length: number,
    price: number,
    posState: number,
  ): void {
    const { prices } = this.#encoder.repLengths;
    const at = posState * LENGTHS - 2;
    for (; length >= 2; length--) {
      const whole = price + prices[at + length]!;
      if (whole < this.#price[cur + length]!) {
        this.#set(cur + length, whole, cur, rep);
      }
    }
  }

  #literalPrice(at: number, state: number, match: number): number {
    const encoder = this.#encoder;
    const { probs, finder: { bytes } } = encoder;
    const base = encoder.literalBase(at, bytes[at - 1]!);
    const isMatch = IS_MATCH + (state << 4) + (at & encoder.posMask);
    let price = bitPrice(probs[isMatch]!, 0);
    let symbol = bytes[at]! | 0x100;
    if (state < 7) {
      do {
        price += bitPrice(probs[base + (symbol >> 1)]!, symbol & 1);
        symbol >>= 1;
      } while (symbol > 1);
      return price;
    }
    let offset = 0x100;
    do {
      match <<= 1;
      const index = base + offset + (match & offset) + (symbol >> 8);
      price += bitPrice(probs[index]!, symbol >> 7 & 1);
      symbol <<= 1;
      offset &= ~(match ^ symbol);
    } while (symbol < 0x10000);
    return price;
  }

  #shortRepPrice(state: number, posState: number): number {
    const { probs } = this.#encoder;
    return bitPrice(probs[IS_REP0 + state]!, 0) +
      bitPrice(probs[IS_REP0_LONG + (state << 4) + posState]!, 0);
  }

  /** Which repeat it is. */
  #repPrice(rep: number, state: number, posState: number): number {
    const { probs } = this.#encoder;
    if (rep === 0) {
      return bitPrice(probs[IS_REP0 + state]!, 0) +
        bitPrice(probs[IS_REP0_LONG + (state << 4) + posState]!, 1);
    }
    const price = bitPrice(probs[IS_REP0 + state]!, 1);
    if (rep === 1) return price + bitPrice(probs[IS_REP1 + state]!, 0);
    return price + bitPrice(probs[IS_REP1 + state]!, 1) +
      bitPrice(probs[IS_REP2 + state]!, rep - 2);
  }

  /** All of a long repeat of the last distance. */
  #rep0Price(length: number, state: number, at: number): number {
    const { probs, posMask, repLengths } = this.#encoder;
    const posState = at & posMask;
    return bitPrice(probs[IS_MATCH + (state << 4) + posState]!, 1) +
      bitPrice(probs[IS_REP + state]!, 1) +
      this.#repPrice(0, state, posState) +
      repLengths.prices[posState * LENGTHS + length - 2]!;
  }

  /** The length and the distance of a match. */
  #matchPrice(distance: number, length: number, posState: number): number {
    const { distancePrices, matchLengths } = this.#encoder;
    const state = length < 6 ? length - 2 : 3;
    const price = matchLengths.prices[posState * LENGTHS + length - 2]!;
    if (distance < FULL_DISTANCES) {
      return price + distancePrices.full[(state << 7) + distance]!;
    }
    return price + distancePrices.slots[(state << 6) + distSlot(distance)]! +
      distancePrices.align[distance & 15]!;
  }

  /** Turns the way to the last place around, and begins it. */
  #trace(): number {
    const prev = this.#prev;
    const back = this.#back;
    this.#end = this.#cur;
    let cur = this.#cur;
    let before = prev[cur]!;
    do {
      const kind = this.#kind[cur]!;
      if (kind !== PLAIN) {
        const origin = this.#prev2[cur]!;
        const back2 = this.#back2[cur]!;
        prev[before] = cur;
        back[before] = LITERAL_SYMBOL;
        this.#kind[before] = PLAIN;
        cur = before--;
        if (kind === MATCH_AND_LITERAL_BEFORE) {
          prev[before] = before + 1;
          back[before] = back2;
          this.#kind[before] = PLAIN;
          cur = before;
          before = origin;
        }
      }
      const next = prev[before]!;
      prev[before] = cur;
      cur = before;
      before = next;
    } while (cur > 0);
    this.#cur = prev[0]!;
    this.back = back[this.#cur]!;
    return this.#cur;
  }
}

function afterMatch(state: number, back: number): number {
  if (back < 4) return state < 7 ? 8 : 11;
  return state < 7 ? 7 : 10;
}
