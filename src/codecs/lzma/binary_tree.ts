import { MATCH_LEN_MAX } from "./model.ts";
import { type FinderOptions, MatchFinder } from "./match_finder.ts";

/** Finds the longest match at each distance by binary trees of all places that begin alike. */
export class BinaryTree extends MatchFinder {
  readonly #tree: Int32Array;

  constructor(options: FinderOptions) {
    const tree = new Int32Array(2 * (options.dictionary + 1));
    super(options, tree);
    this.#tree = tree;
  }

  override find(): void {
    this.count = 0;
    const available = this.advance(this.niceLength);
    if (available === 0) return;
    const limit = Math.min(available, MATCH_LEN_MAX);
    const nice = Math.min(available, this.niceLength);
    this.lookUp();
    const best = this.findShort(limit);
    if (best >= nice) this.#insert(nice);
    else this.#walk(Math.max(best, 3), limit, nice);
  }

  override skip(count: number): void {
    while (count-- > 0) {
      const available = this.advance(this.niceLength);
      if (available === 0) continue;
      this.lookUp();
      this.#insert(Math.min(available, this.niceLength));
    }
  }

  /** Sorts the place at hand into the tree, and notes each match that is longer than the last. */
  #walk(best: number, limit: number, nice: number): void {
    const { bytes, view, readPos, position, cyclicPos, cyclicSize } = this;
    const tree = this.#tree;
    let current = this.hash4;
    let depth = this.depth;
    let right = (cyclicPos << 1) + 1;
    let left = cyclicPos << 1;
    let rightLength = 0;
    let leftLength = 0;
    for (;;) {
      const delta = position - current;
      if (depth-- === 0 || delta >= cyclicSize) {
        tree[right] = tree[left] = 0;
        return;
      }
      const pair = cyclicPos - delta + (delta > cyclicPos ? cyclicSize : 0) <<
        1;
      const other = readPos - delta;
      let length = rightLength < leftLength ? rightLength : leftLength;
      let there = bytes[other + length]!;
      let here = bytes[readPos + length]!;
      if (there === here) {
        length++;
        while (
          length < limit - 3 &&
          view.getInt32(other + length, true) ===
            view.getInt32(readPos + length, true)
        ) length += 4;
        while (length < limit) {
          there = bytes[other + length]!;
          here = bytes[readPos + length]!;
          if (there !== here) break;
          length++;
        }
        if (length > best) {
          best = length;
          this.lengths[this.count] = length;
          this.distances[this.count++] = delta - 1;
          if (length >= nice) {
            tree[left] = tree[pair]!;
            tree[right] = tree[pair + 1]!;
            return;
          }
        }
      }
      if (there < here) {
        tree[left] = current;
        left = pair + 1;
        current = tree[left]!;
        leftLength = length;
      } else {
        tree[right] = current;
        right = pair;
        current = tree[right]!;
        rightLength = length;
      }
    }
  }

  /** Sorts the place at hand into the tree. */
  #insert(nice: number): void {
    const { bytes, view, readPos, position, cyclicPos, cyclicSize } = this;
    const tree = this.#tree;
    let current = this.hash4;
    let depth = this.depth;
    let right = (cyclicPos << 1) + 1;
    let left = cyclicPos << 1;
    let rightLength = 0;
    let leftLength = 0;
    for (;;) {
      const delta = position - current;
      if (depth-- === 0 || delta >= cyclicSize) {
        tree[right] = tree[left] = 0;
        return;
      }
      const pair = cyclicPos - delta + (delta > cyclicPos ? cyclicSize : 0) <<
        1;
      const other = readPos - delta;
      let length = rightLength < leftLength ? rightLength : leftLength;
      let there = bytes[other + length]!;
      let here = bytes[readPos + length]!;
      if (there === here) {
        length++;
        while (
          length < nice - 3 &&
          view.getInt32(other + length, true) ===
            view.getInt32(readPos + length, true)
        ) length += 4;
        for (;; length++) {
          if (length === nice) {
            tree[left] = tree[pair]!;
            tree[right] = tree[pair + 1]!;
            return;
          }
          there = bytes[other + length]!;
          here = bytes[readPos + length]!;
          if (there !== here) break;
        }
      }
      if (there < here) {
        tree[left] = current;
        left = pair + 1;
        current = tree[left]!;
        leftLength = length;
      } else {
        tree[right] = current;
        right = pair;
        current = tree[right]!;
        rightLength = length;
      }
    }
  }
}
