import { MATCH_LEN_MAX } from "./model.ts";
import {
  type FinderOptions,
  MatchFinder,
  matchLength,
} from "./match_finder.ts";

/** Finds matches by walking back from one place of the same 4 bytes to the one before. */
export class HashChain extends MatchFinder {
  readonly #chain: Int32Array;

  constructor(options: FinderOptions) {
    const chain = new Int32Array(options.dictionary + 1);
    super(options, chain);
    this.#chain = chain;
  }

  override find(): void {
    this.count = 0;
    const available = this.advance(4);
    if (available === 0) return;
    const limit = Math.min(available, MATCH_LEN_MAX);
    const nice = Math.min(available, this.niceLength);
    this.lookUp();
    this.#chain[this.cyclicPos] = this.hash4;
    const best = this.findShort(limit);
    if (best < nice) this.#walk(Math.max(best, 3), limit, nice);
  }

  override skip(count: number): void {
    while (count-- > 0) {
      if (this.advance(4) === 0) continue;
      this.lookUp();
      this.#chain[this.cyclicPos] = this.hash4;
    }
  }

  #walk(best: number, limit: number, nice: number): void {
    const { bytes, view, readPos, position, cyclicPos, cyclicSize } = this;
    const chain = this.#chain;
    let current = this.hash4;
    for (let depth = this.depth; depth > 0; depth--) {
      const delta = position - current;
      if (delta >= cyclicSize) return;
      current =
        chain[cyclicPos - delta + (delta > cyclicPos ? cyclicSize : 0)]!;
      const other = readPos - delta;
      if (
        bytes[other + best] !== bytes[readPos + best] ||
        bytes[other] !== bytes[readPos]
      ) continue;
      const length = matchLength(view, readPos, delta, 1, limit);
      if (length <= best) continue;
      best = length;
      this.lengths[this.count] = length;
      this.distances[this.count++] = delta - 1;
      if (length >= nice) return;
    }
  }
}
