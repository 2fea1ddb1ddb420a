import type { Bytes } from "../../types.ts";
import { BinaryTree } from "./binary_tree.ts";
import { FastParser } from "./fast_parser.ts";
import { HashChain } from "./hash_chain.ts";
import type { MatchFinder } from "./match_finder.ts";
import {
  DIST_ALIGN,
  DIST_SLOT,
  DIST_SPECIAL,
  IS_MATCH,
  IS_REP,
  IS_REP0,
  IS_REP0_LONG,
  IS_REP1,
  IS_REP2,
  LEN_CHOICE,
  LEN_CHOICE2,
  LEN_HIGH,
  LEN_LOW,
  LEN_MID,
  LITERAL,
  MATCH_LEN,
  MATCH_LEN_MAX,
  probCount,
  type Props,
  REP_LEN,
} from "./model.ts";
import { afterLiteral, LITERAL_SYMBOL, type Parser } from "./parser.ts";
import { OptimalParser } from "./optimal_parser.ts";
import type { Preset } from "./presets.ts";
import { DistancePrices, distSlot, LengthPrices } from "./prices.ts";
import { RangeEncoder } from "./range_encoder.ts";
import { OPTIMUMS } from "./ways.ts";

/** An uncompressed chunk is cut from the window, so as much must be kept in it. */
const KEEP = 1 << 16;

/** The LZMA encoder: model, prices and range coder; a match finder and a parser tell it what to write. */
export class LzmaEncoder {
  readonly finder: MatchFinder;
  readonly probs: Uint16Array;
  readonly range: RangeEncoder;
  readonly distancePrices: DistancePrices = new DistancePrices();
  readonly matchLengths: LengthPrices;
  readonly repLengths: LengthPrices;
  readonly reps: Int32Array = new Int32Array(4);
  readonly posMask: number;
  readonly lc: number;
  readonly literalMask: number;
  state = 0;
  /** How many bytes the finder is ahead of the coder, less one. */
  readAhead = -1;
  /** Bytes encoded since this was last set to 0. */
  encoded = 0;
  readonly #parser: Parser;
  #started = false;

  constructor(preset: Preset, props: Props) {
    const { niceLength, fast } = preset;
    const options = {
      ...preset,
      before: Math.max(fast ? 1 : OPTIMUMS, KEEP - preset.dictionary),
      after: fast ? MATCH_LEN_MAX - 1 : OPTIMUMS,
    };
    this.finder = new (preset.chain ? HashChain : BinaryTree)(options);
    this.probs = new Uint16Array(probCount(props));
    this.range = new RangeEncoder(this.probs);
    const posStates = 1 << props.pb;
    this.matchLengths = new LengthPrices(MATCH_LEN, posStates, niceLength);
    this.repLengths = new LengthPrices(REP_LEN, posStates, niceLength);
    this.posMask = posStates - 1;
    this.lc = props.lc;
    this.literalMask = (1 << props.lp) - 1;
    this.#parser = fast ? new FastParser(this) : new OptimalParser(this);
    this.reset();
  }

  /** The model as at the beginning; the finder goes on. */
  reset(): void {
    this.probs.fill(1024);
    this.state = 0;
    this.reps.fill(0);
    this.distancePrices.distancesLeft = this.distancePrices.alignsLeft = 0;
    this.matchLengths.left.fill(0);
    this.repLengths.left.fill(0);
    this.#parser.reset();
    // What was looked at but not encoded goes into an uncompressed chunk.
    this.encoded += this.readAhead + 1;
    this.readAhead = -1;
  }

  /** The last bytes that were encoded. */
  lastBytes(count: number): Bytes {
    const end = this.finder.readPos - this.readAhead;
    return this.finder.bytes.subarray(end - count, end);
  }

  /** Encodes until so many bytes went in, or so many came out, or the finder wants more. Says whether it is full. */
  run(mostIn: number, mostOut: number): boolean {
    if (!this.#started && !this.#start()) return false;
    while (this.encoded <= mostIn && this.range.pending <= mostOut) {
      if (!this.finder.hasEnough(this.readAhead + 1)) return false;
      this.#symbol();
    }
    return true;
  }

  /** The first byte has nothing before it that it could be like. */
  #start(): boolean {
    if (!this.finder.hasEnough(0)) return false;
    this.#started = true;
    this.skip(1);
    this.range.bit(IS_MATCH, 0);
    this.range.tree(LITERAL, 256, this.finder.bytes[0]!);
    this.readAhead--;
    this.encoded++;
    return true;
  }

  #symbol(): void {
    const length = this.#parser.next();
    const { back } = this.#parser;
    const { range, finder } = this;
    const at = finder.readPos - this.readAhead;
    const posState = at & this.posMask;
    const isMatch = IS_MATCH + (this.state << 4) + posState;
    if (back === LITERAL_SYMBOL) {
      range.bit(isMatch, 0);
      this.#literal(at);
    } else {
      range.bit(isMatch, 1);
      range.bit(IS_REP + this.state, back < 4 ? 1 : 0);
      if (back < 4) this.#rep(back, length, posState);
      else this.#match(back - 4, length, posState);
    }
    this.readAhead -= length;
    this.encoded += length;
  }

  /** Marks the end, as a match that cannot be. */
  endMarker(): void {
    const posState = this.finder.readPos - this.readAhead & this.posMask;
    this.range.bit(IS_MATCH + (this.state << 4) + posState, 1);
    this.range.bit(IS_REP + this.state, 0);
    this.#match(-1, 2, posState);
  }

  /** Where the probabilities of a literal begin. */
  literalBase(position: number, before: number): number {
    const context = ((position & this.literalMask) << this.lc) +
      (before >> 8 - this.lc);
    return LITERAL + 0x300 * context;
  }

  #literal(at: number): void {
    const { range, finder: { bytes } } = this;
    const base = this.literalBase(at, bytes[at - 1]!);
    const byte = bytes[at]!;
    if (this.state < 7) {
      range.tree(base, 256, byte);
    } else {
      let match = bytes[at - this.reps[0]! - 1]!;
      let offset = 0x100;
      let symbol = byte | 0x100;
      do {
        match <<= 1;
        const index = base + offset + (match & offset) + (symbol >> 8);
        range.bit(index, symbol >> 7 & 1);
        symbol <<= 1;
        offset &= ~(match ^ symbol);
      } while (symbol < 0x10000);
    }
    this.state = afterLiteral(this.state);
  }

  #match(distance: number, length: number, posState: number): void {
    const { range, reps } = this;
    this.state = this.state < 7 ? 7 : 10;
    this.#length(MATCH_LEN, this.matchLengths, length, posState);
    const slot = distSlot(distance);
    const distState = length < 6 ? length - 2 : 3;
    range.tree(DIST_SLOT + (distState << 6), 64, slot);
    if (slot >= 4) {
      const bits = (slot >> 1) - 1;
      const base = (2 | slot & 1) << bits;
      const rest = distance - base;
      if (slot < 14) range.reverseTree(DIST_SPECIAL + base - slot, bits, rest);
      else {
        range.direct(rest >>> 4, bits - 4);
        range.reverseTree(DIST_ALIGN, 4, rest & 15);
        this.distancePrices.alignsLeft--;
      }
    }
    reps.copyWithin(1, 0, 3);
    reps[0] = distance;
    this.distancePrices.distancesLeft--;
  }

  #rep(rep: number, length: number, posState: number): void {
    const { range, reps, state } = this;
    if (rep === 0) {
      range.bit(IS_REP0 + state, 0);
      const isLong = IS_REP0_LONG + (state << 4) + posState;
      range.bit(isLong, length === 1 ? 0 : 1);
    } else {
      range.bit(IS_REP0 + state, 1);
      range.bit(IS_REP1 + state, rep === 1 ? 0 : 1);
      if (rep > 1) range.bit(IS_REP2 + state, rep - 2);
      const distance = reps[rep]!;
      reps.copyWithin(1, 0, rep);
      reps[0] = distance;
    }
    if (length === 1) this.state = state < 7 ? 9 : 11;
    else {
      this.#length(REP_LEN, this.repLengths, length, posState);
      this.state = state < 7 ? 8 : 11;
    }
  }

  #length(
    base: number,
    prices: LengthPrices,
    length: number,
    posState: number,
  ): void {
    const { range } = this;
    const symbol = length - 2;
    range.bit(base + LEN_CHOICE, symbol < 8 ? 0 : 1);
    if (symbol < 8) {
      range.tree(base + LEN_LOW + (posState << 3), 8, symbol);
    } else {
      range.bit(base + LEN_CHOICE2, symbol < 16 ? 0 : 1);
      if (symbol < 16) {
        range.tree(base + LEN_MID + (posState << 3), 8, symbol - 8);
      } else range.tree(base + LEN_HIGH, 256, symbol - 16);
    }
    prices.left[posState]!--;
  }

  /** Looks for matches at the next byte. */
  find(): void {
    this.readAhead++;
    this.finder.find();
  }

  skip(count: number): void {
    this.readAhead += count;
    this.finder.skip(count);
  }
}
