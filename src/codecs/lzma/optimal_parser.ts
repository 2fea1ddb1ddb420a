import type { LzmaEncoder } from "./encoder.ts";
import { matchLength } from "./match_finder.ts";
import { MATCH_LEN_MAX } from "./model.ts";
import { NextSymbols } from "./next_symbols.ts";
import { LITERAL_SYMBOL, type Parser } from "./parser.ts";
import { SymbolPrices } from "./symbol_prices.ts";
import { OPTIMUMS, Ways } from "./ways.ts";

/**
 * Chooses the symbols for many bytes together, so that they cost least by the prices of the moment: the cheapest way to each
 * place is found from the cheapest ways to the places before it. The ways are single symbols, and a few pairs and triples
 * that end with the same distance as before.
 */
export class OptimalParser implements Parser {
  back: number = LITERAL_SYMBOL;
  readonly #encoder: LzmaEncoder;
  readonly #ways = new Ways();
  readonly #prices: SymbolPrices;
  readonly #symbols: NextSymbols;
  readonly #repLengths = new Int32Array(4);
  /** How far the way that was chosen has been gone. */
  #cur = 0;
  #end = 0;

  constructor(encoder: LzmaEncoder) {
    this.#encoder = encoder;
    this.#prices = new SymbolPrices(encoder);
    this.#symbols = new NextSymbols(encoder, this.#ways, this.#prices);
  }

  reset(): void {
    this.#cur = this.#end = 0;
  }

  next(): number {
    if (this.#cur === this.#end) {
      this.reset();
      this.back = LITERAL_SYMBOL;
      const simple = this.#first();
      if (simple > 0) return simple;
      this.#end = this.#walk();
      this.#ways.turn(this.#end);
    }
    const next = this.#ways.prev[this.#cur]!;
    const length = next - this.#cur;
    this.#cur = next;
    this.back = this.#ways.back[next]!;
    return length;
  }

  /** Prices what can begin at the byte at hand; if there is but one thing to do, gives its length. */
  #first(): number {
    const encoder = this.#encoder;
    const { finder, reps } = encoder;
    if (encoder.readAhead === -1) encoder.find();
    const { bytes, readPos, niceLength } = finder;
    const available = Math.min(finder.available, MATCH_LEN_MAX);
    if (available < 2) return 1;
    const best = this.#findReps(available);
    const repLength = this.#repLengths[best]!;
    if (repLength >= niceLength) return this.#take(best, repLength);
    const last = finder.count - 1;
    const length = last < 0 ? 0 : finder.lengths[last]!;
    if (length >= niceLength) {
      return this.#take(finder.distances[last]! + 4, length);
    }
    const match = bytes[readPos - reps[0]! - 1]!;
    const isRep = bytes[readPos] === match;
    if (length < 2 && !isRep && repLength < 2) return 1;
    this.#oneByte(match, isRep);
    const end = Math.max(length, repLength);
    if (end < 2) {
      this.back = this.#ways.back[1]!;
      return 1;
    }
    this.#begin(end);
    return 0;
  }

  /** How long each of the last distances is good for. Gives the best. */
  #findReps(available: number): number {
    const { finder: { view, readPos }, reps } = this.#encoder;
    const repLengths = this.#repLengths;
    let best = 0;
    for (let rep = 0; rep < 4; rep++) {
      const length = matchLength(view, readPos, reps[rep]! + 1, 0, available);
      repLengths[rep] = length < 2 ? 0 : length;
      if (repLengths[rep]! > repLengths[best]!) best = rep;
    }
    return best;
  }

  #take(back: number, length: number): number {
    this.back = back;
    this.#encoder.skip(length - 1);
    return length;
  }

  /** A literal, or a short repeat. */
  #oneByte(match: number, isRep: boolean): void {
    const { finder: { readPos }, state, posMask } = this.#encoder;
    const ways = this.#ways;
    const prices = this.#prices;
    const posState = readPos & posMask;
    const literal = prices.literal(readPos, state, match);
    ways.set(1, literal, 0, LITERAL_SYMBOL);
    if (!isRep) return;
    const price = prices.match(state, posState) + prices.isRep(state, 1) +
      prices.shortRep(state, posState);
    if (price < literal) ways.set(1, price, 0, 0);
  }

  /** What is longer. */
  #begin(end: number): void {
    const encoder = this.#encoder;
    const { finder, reps, state, probs, repLengths } = encoder;
    const ways = this.#ways;
    const prices = this.#prices;
    const posState = finder.readPos & encoder.posMask;
    encoder.distancePrices.update(probs);
    encoder.matchLengths.update(probs);
    repLengths.update(probs);
    ways.begin(state, reps, end);
    const anyMatch = prices.match(state, posState);
    for (let rep = 0; rep < 4; rep++) {
      const price = anyMatch + prices.isRep(state, 1) +
        prices.rep(rep, state, posState);
      const to = this.#repLengths[rep]!;
      ways.lengths(0, 2, to, price, repLengths, posState, rep);
    }
    const normal = anyMatch + prices.isRep(state, 0);
    const { lengths, distances } = finder;
    let from = Math.max(this.#repLengths[0]! + 1, 2);
    for (let i = 0; i < finder.count; i++) {
      const to = lengths[i]!;
      if (to < from) continue;
      this.#symbols.newMatch(0, from, to, distances[i]!, normal, posState);
      from = to + 1;
    }
  }

  /** Goes on from place to place in order, to the first that all ways lead to, or that has a long match. Gives it. */
  #walk(): number {
    const encoder = this.#encoder;
    const { finder } = encoder;
    const ways = this.#ways;
    let available = Math.min(finder.available, OPTIMUMS - 1) | 0;
    let cur = 1;
    for (; cur < ways.end; cur = cur + 1 | 0) {
      encoder.find();
      const { count } = finder;
      if (count > 0 && finder.lengths[count - 1]! >= finder.niceLength) break;
      available = available - 1 | 0;
      ways.arrive(cur);
      this.#symbols.at(cur, available);
    }
    return cur;
  }
}
