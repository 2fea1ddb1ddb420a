import { afterLiteral, LITERAL_SYMBOL } from "./parser.ts";
import { type LengthPrices, LENGTHS } from "./prices.ts";

/** So many bytes are looked at together. */
export const OPTIMUMS = 4096;
const INFINITY = 1 << 30;
/** What came before the last step to a place: nothing that matters, a literal, or a match and a literal. */
const PLAIN = 0;
const LITERAL_BEFORE = 1;
const MATCH_AND_LITERAL_BEFORE = 2;

/** The cheapest way found so far to each of the places ahead. */
export class Ways {
  /** The farthest place that is reached. */
  end = 0;
  /** Of each place: the price, the state of the model, its four distances, and how it is reached. */
  readonly price: Int32Array = new Int32Array(OPTIMUMS);
  readonly state: Uint8Array = new Uint8Array(OPTIMUMS);
  readonly reps: Int32Array = new Int32Array(4 * OPTIMUMS);
  readonly prev: Int32Array = new Int32Array(OPTIMUMS);
  readonly back: Int32Array = new Int32Array(OPTIMUMS);
  readonly #kind = new Uint8Array(OPTIMUMS);
  readonly #prev2 = new Int32Array(OPTIMUMS);
  readonly #back2 = new Int32Array(OPTIMUMS);

  /** Begins with places up to the end that nothing but the next is known of. */
  begin(state: number, reps: Int32Array, end: number): void {
    this.end = end;
    this.state[0] = state;
    this.reps.set(reps);
    this.price.fill(INFINITY, 2, end + 1);
  }

  /** A way of one more symbol. */
  set(to: number, price: number, prev: number, back: number): void {
    this.price[to] = price;
    this.prev[to] = prev;
    this.back[to] = back;
    this.#kind[to] = PLAIN;
  }

  /** A literal at `cur`, and then the last distance again, if that is cheaper. */
  literalAndRepeat(cur: number, length: number, price: number): void {
    const to = cur + 1 + length | 0;
    this.reach(to);
    if (price >= this.price[to]!) return;
    this.set(to, price, cur + 1 | 0, 0);
    this.#kind[to] = LITERAL_BEFORE;
  }

  /** A match at `cur`, a literal, and then the same distance again, if that is cheaper. */
  matchAndRepeat(
    cur: number,
    back: number,
    length: number,
    length2: number,
    price: number,
  ): void {
    const prev = cur + length + 1 | 0;
    const to = prev + length2 | 0;
    this.reach(to);
    if (price >= this.price[to]!) return;
    this.set(to, price, prev, 0);
    this.#kind[to] = MATCH_AND_LITERAL_BEFORE;
    this.#prev2[to] = cur;
    this.#back2[to] = back;
  }

  reach(to: number): void {
    while (this.end < to) this.price[++this.end] = INFINITY;
  }

  /** Some lengths of a match, where that makes the way to a place cheaper. Gives the price of the last: this is the inner loop. */
  lengths(
    cur: number,
    from: number,
    to: number,
    price: number,
    lengthPrices: LengthPrices,
    posState: number,
    back: number,
  ): number {
    const { prices: added } = lengthPrices;
    const at = Math.imul(posState, LENGTHS) - 2 | 0;
    const prices = this.price;
    const prevs = this.prev;
    const backs = this.back;
    const kinds = this.#kind;
    let whole = 0;
    for (let length = from | 0; length <= to; length = length + 1 | 0) {
      const place = cur + length | 0;
      whole = price + added[at + length | 0]! | 0;
      if (whole < prices[place]!) {
        prices[place] = whole;
        prevs[place] = cur;
        backs[place] = back;
        kinds[place] = PLAIN;
      }
    }
    return whole;
  }

  /** The state and the distances at a place, from how it is reached. */
  arrive(cur: number): void {
    const states = this.state;
    const reps = this.reps;
    const kind = this.#kind[cur]!;
    let prev = this.prev[cur]!;
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
      states[cur] = this.back[cur] === 0
        ? state < 7 ? 9 : 11
        : afterLiteral(state);
      reps.copyWithin(to, prev << 2, (prev << 2) + 4);
      return;
    }
    let back = this.back[cur]!;
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

  /** Turns the way to a place around: `prev` and `back` then tell of the next place. */
  turn(place: number): void {
    const { prev, back } = this;
    let cur = place;
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
  }
}

function afterMatch(state: number, back: number): number {
  if (back < 4) return state < 7 ? 8 : 11;
  return state < 7 ? 7 : 10;
}
