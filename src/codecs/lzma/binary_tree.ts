import { MATCH_LEN_MAX } from "./model.ts";
import {
  type FinderOptions,
  MatchFinder,
  matchLength,
} from "./match_finder.ts";

/**
 * Finds the longest match at each distance by binary trees of all places that begin alike. All sums are cut to 32 bits:
 * V8 would else count with doubles in the inner loops.
 */
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
    const { bytes, view, lengths, distances } = this;
    const tree = this.#tree;
    const readPos = this.readPos | 0;
    const position = this.position | 0;
    const cyclicPos = this.cyclicPos | 0;
    const cyclicSize = this.cyclicSize | 0;
    let current = this.hash4 | 0;
    let depth = this.depth | 0;
    let count = this.count | 0;
    let left = cyclicPos << 1;
    let right = left + 1 | 0;
    let rightLength = 0;
    let leftLength = 0;
    for (;;) {
      const delta = position - current | 0;
      if (depth === 0 || delta >= cyclicSize) {
        tree[right] = tree[left] = 0;
        break;
      }
      depth = depth - 1 | 0;
      let node = cyclicPos - delta | 0;
      if (node < 0) node = node + cyclicSize | 0;
      const pair = node << 1;
      const other = readPos - delta | 0;
      let length = rightLength < leftLength ? rightLength : leftLength;
      if (bytes[other + length | 0]! === bytes[readPos + length | 0]!) {
        length = matchLength(view, readPos, delta, length + 1 | 0, limit) | 0;
        if (length > best) {
          best = length;
          lengths[count] = length;
          distances[count] = delta - 1 | 0;
          count = count + 1 | 0;
          if (length >= nice) {
            tree[left] = tree[pair]!;
            tree[right] = tree[pair + 1 | 0]!;
            break;
          }
        }
      }
      if (bytes[other + length | 0]! < bytes[readPos + length | 0]!) {
        tree[left] = current;
        left = pair + 1 | 0;
        current = tree[left]!;
        leftLength = length;
      } else {
        tree[right] = current;
        right = pair;
        current = tree[right]!;
        rightLength = length;
      }
    }
    this.count = count;
  }

  /** Sorts the place at hand into the tree. */
  #insert(nice: number): void {
    const { bytes, view } = this;
    const tree = this.#tree;
    const readPos = this.readPos | 0;
    const position = this.position | 0;
    const cyclicPos = this.cyclicPos | 0;
    const cyclicSize = this.cyclicSize | 0;
    let current = this.hash4 | 0;
    let depth = this.depth | 0;
    let left = cyclicPos << 1;
    let right = left + 1 | 0;
    let rightLength = 0;
    let leftLength = 0;
    for (;;) {
      const delta = position - current | 0;
      if (depth === 0 || delta >= cyclicSize) {
        tree[right] = tree[left] = 0;
        return;
      }
      depth = depth - 1 | 0;
      let node = cyclicPos - delta | 0;
      if (node < 0) node = node + cyclicSize | 0;
      const pair = node << 1;
      const other = readPos - delta | 0;
      let length = rightLength < leftLength ? rightLength : leftLength;
      if (bytes[other + length | 0]! === bytes[readPos + length | 0]!) {
        length = matchLength(view, readPos, delta, length + 1 | 0, nice) | 0;
        if (length === nice) {
          tree[left] = tree[pair]!;
          tree[right] = tree[pair + 1 | 0]!;
          return;
        }
      }
      if (bytes[other + length | 0]! < bytes[readPos + length | 0]!) {
        tree[left] = current;
        left = pair + 1 | 0;
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
