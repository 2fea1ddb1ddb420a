import {
  DIST_ALIGN,
  DIST_SLOT,
  DIST_SPECIAL,
  LEN_CHOICE,
  LEN_CHOICE2,
  LEN_HIGH,
  LEN_LOW,
  LEN_MID,
} from "./model.ts";
import {
  bitPrice,
  PRICE_SHIFT,
  reverseTreePrice,
  treePrice,
} from "./range_encoder.ts";

/** Distances below have a probability for each of their bits. */
export const FULL_DISTANCES = 128;
/** Lengths there are. */
export const LENGTHS = 272;
const LENGTH_INTERVAL = 32;

/** The two highest bits of a distance, and how many there are. */
export function distSlot(distance: number): number {
  if (distance >= 0 && distance < 4) return distance;
  const top = 31 - Math.clz32(distance);
  return (top << 1) + (distance >>> top - 1 & 1);
}

/** What distances cost, looked up anew from time to time. */
export class DistancePrices {
  /** By state of the distance (0 to 3), and slot. */
  readonly slots: Int32Array = new Int32Array(4 * 64);
  /** By state, and distance. */
  readonly full: Int32Array = new Int32Array(4 * FULL_DISTANCES);
  readonly align: Int32Array = new Int32Array(16);
  distancesLeft = 0;
  alignsLeft = 0;

  update(probs: Uint16Array): void {
    if (this.distancesLeft <= 0) this.#updateDistances(probs);
    if (this.alignsLeft > 0) return;
    this.alignsLeft = 16;
    for (let i = 0; i < 16; i++) {
      this.align[i] = reverseTreePrice(probs, DIST_ALIGN, 4, i);
    }
  }

  #updateDistances(probs: Uint16Array): void {
    const { slots, full } = this;
    this.distancesLeft = FULL_DISTANCES;
    for (let state = 0; state < 4; state++) {
      const at = state << 6;
      for (let slot = 0; slot < 64; slot++) {
        const direct = slot < 14 ? 0 : (slot >> 1) - 5 << PRICE_SHIFT;
        slots[at + slot] = treePrice(probs, DIST_SLOT + at, 64, slot) + direct;
      }
      for (let i = 0; i < 4; i++) full[(state << 7) + i] = slots[at + i]!;
    }
    for (let distance = 4; distance < FULL_DISTANCES; distance++) {
      const slot = distSlot(distance);
      const bits = (slot >> 1) - 1;
      const base = (2 | slot & 1) << bits;
      const price = reverseTreePrice(
        probs,
        DIST_SPECIAL + base - slot,
        bits,
        distance - base,
      );
      for (let state = 0; state < 4; state++) {
        full[(state << 7) + distance] = slots[(state << 6) + slot]! + price;
      }
    }
  }
}

/** What lengths cost: those of matches, or those of repeated ones. */
export class LengthPrices {
  /** By state of the position, and length less 2. */
  readonly prices: Int32Array = new Int32Array(16 * LENGTHS);
  readonly left: Int32Array = new Int32Array(16);
  readonly #base: number;
  readonly #posStates: number;
  readonly #count: number;

  /** @param niceLength No longer match is ever priced. */
  constructor(base: number, posStates: number, niceLength: number) {
    this.#base = base;
    this.#posStates = posStates;
    this.#count = Math.max(niceLength - 1, 16);
  }

  update(probs: Uint16Array): void {
    for (let posState = 0; posState < this.#posStates; posState++) {
      if (this.left[posState]! > 0) continue;
      this.left[posState] = LENGTH_INTERVAL;
      this.#update(probs, posState);
    }
  }

  #update(probs: Uint16Array, posState: number): void {
    const base = this.#base;
    const choice = probs[base + LEN_CHOICE]!;
    const choice2 = probs[base + LEN_CHOICE2]!;
    const low = bitPrice(choice, 0);
    const mid = bitPrice(choice, 1) + bitPrice(choice2, 0);
    const high = bitPrice(choice, 1) + bitPrice(choice2, 1);
    const shift = posState << 3;
    for (let i = 0; i < this.#count; i++) {
      this.prices[posState * LENGTHS + i] = i < 8
        ? low + treePrice(probs, base + LEN_LOW + shift, 8, i)
        : i < 16
        ? mid + treePrice(probs, base + LEN_MID + shift, 8, i - 8)
        : high + treePrice(probs, base + LEN_HIGH, 256, i - 16);
    }
  }
}
