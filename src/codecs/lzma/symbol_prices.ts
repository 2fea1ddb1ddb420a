import type { LzmaEncoder } from "./encoder.ts";
import {
  IS_MATCH,
  IS_REP,
  IS_REP0,
  IS_REP0_LONG,
  IS_REP1,
  IS_REP2,
} from "./model.ts";
import { LENGTHS } from "./prices.ts";
import { bitPrice } from "./range_encoder.ts";

/** What symbols cost by the probabilities of the moment. */
export class SymbolPrices {
  readonly #encoder: LzmaEncoder;

  constructor(encoder: LzmaEncoder) {
    this.#encoder = encoder;
  }

  /** That it is no literal. */
  match(state: number, posState: number): number {
    const { probs } = this.#encoder;
    return bitPrice(probs[IS_MATCH + (state << 4) + posState | 0]!, 1);
  }

  /** That it is a repeat (1), or not (0). */
  isRep(state: number, bit: number): number {
    return bitPrice(this.#encoder.probs[IS_REP + state | 0]!, bit);
  }

  /** @param match The byte at the last distance. */
  literal(at: number, state: number, match: number): number {
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

  shortRep(state: number, posState: number): number {
    const { probs } = this.#encoder;
    return bitPrice(probs[IS_REP0 + state]!, 0) +
      bitPrice(probs[IS_REP0_LONG + (state << 4) + posState]!, 0);
  }

  /** Which repeat it is. */
  rep(rep: number, state: number, posState: number): number {
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
  longRep0(length: number, state: number, at: number): number {
    const { posMask, repLengths } = this.#encoder;
    const posState = at & posMask;
    return this.match(state, posState) + this.isRep(state, 1) +
      this.rep(0, state, posState) +
      repLengths.prices[posState * LENGTHS + length - 2]!;
  }
}
