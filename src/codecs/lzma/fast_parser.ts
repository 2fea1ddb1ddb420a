import type { LzmaEncoder } from "./encoder.ts";
import { matchLength } from "./match_finder.ts";
import { MATCH_LEN_MAX } from "./model.ts";
import { LITERAL_SYMBOL, type Parser } from "./parser.ts";

/** Chooses each symbol by rule: the longest match, unless a repeated one is nearly as long, or the next byte has better. */
export class FastParser implements Parser {
  back: number = LITERAL_SYMBOL;
  readonly #encoder: LzmaEncoder;

  constructor(encoder: LzmaEncoder) {
    this.#encoder = encoder;
  }

  reset(): void {}

  next(): number {
    const encoder = this.#encoder;
    const { finder, reps } = encoder;
    if (encoder.readAhead === -1) encoder.find();
    this.back = LITERAL_SYMBOL;
    const available = Math.min(finder.available, MATCH_LEN_MAX);
    if (available < 2) return 1;

    let repLength = 0;
    let repIndex = 0;
    for (let rep = 0; rep < 4; rep++) {
      const length = this.#lengthAt(reps[rep]!, available);
      if (length >= finder.niceLength) return this.#take(rep, length, 1);
      if (length > repLength && length >= 2) {
        repIndex = rep;
        repLength = length;
      }
    }
    const { lengths, distances } = finder;
    let length = 0;
    let distance = 0;
    let last = finder.count - 1;
    if (last >= 0) {
      length = lengths[last]!;
      distance = distances[last]!;
      if (length >= finder.niceLength) {
        return this.#take(distance + 4, length, 1);
      }
      // One byte less, if that is much nearer.
      while (
        last > 0 && length === lengths[last - 1]! + 1 &&
        isMuchNearer(distances[last - 1]!, distance)
      ) {
        last--;
        length = lengths[last]!;
        distance = distances[last]!;
      }
      if (length === 2 && distance >= 0x80) length = 1;
    }
    if (
      repLength >= 2 &&
      (repLength + 1 >= length ||
        (repLength + 2 >= length && distance >= 1 << 9) ||
        (repLength + 3 >= length && distance >= 1 << 15))
    ) return this.#take(repIndex, repLength, 1);
    if (length < 2 || available <= 2) return 1;
    if (this.#isNextBetter(length, distance)) return 1;
    return this.#take(distance + 4, length, 2);
  }

  /** Whether a literal, and then a match, would do better. */
  #isNextBetter(length: number, distance: number): boolean {
    const encoder = this.#encoder;
    const { finder, reps } = encoder;
    encoder.find();
    if (finder.count > 0) {
      const next = finder.lengths[finder.count - 1]!;
      const nextDistance = finder.distances[finder.count - 1]!;
      if (
        (next >= length && nextDistance < distance) ||
        (next === length + 1 && !isMuchNearer(distance, nextDistance)) ||
        next > length + 1 ||
        (next + 1 >= length && length >= 3 &&
          isMuchNearer(nextDistance, distance))
      ) return true;
    }
    const limit = Math.max(length - 1, 2);
    for (let rep = 0; rep < 4; rep++) {
      if (this.#lengthAt(reps[rep]!, limit) === limit) return true;
    }
    return false;
  }

  #lengthAt(distance: number, limit: number): number {
    const { bytes, view, readPos } = this.#encoder.finder;
    const at = readPos - distance - 1;
    // Mostly they differ at once.
    if (bytes[at] !== bytes[readPos] || bytes[at + 1] !== bytes[readPos + 1]) {
      return 0;
    }
    return matchLength(view, readPos, distance + 1, 2, limit);
  }

  /** @param seen How many of its bytes the finder has already passed. */
  #take(back: number, length: number, seen: number): number {
    this.back = back;
    this.#encoder.skip(length - seen);
    return length;
  }
}

function isMuchNearer(near: number, far: number): boolean {
  return near < far >>> 7;
}
