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
  LEN_HIGH,
  LEN_LOW,
  LEN_MID,
  LITERAL,
  MATCH_LEN,
  probCount,
  type Props,
  REP_LEN,
} from "./model.ts";
import type { Window } from "./window.ts";

/** No symbol takes more bytes of input. */
export const MOST_PER_SYMBOL = 20;

/** The LZMA decoder: range coder and model. What it makes goes to a window. */
export class LzmaDecoder {
  #probs = new Uint16Array(0);
  #lc = 0;
  #literalMask = 0;
  #posMask = 0;
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  #range = 0;
  #code = 0;
  /** Whether the marker was met that ends a stream of unknown length. */
  ended = false;
  /** Whether something pointed back to before the beginning. */
  isLost = false;

  /** Begins anew, with new properties if there are. */
  reset(props?: Props): void {
    if (props) {
      const count = probCount(props);
      if (this.#probs.length !== count) this.#probs = new Uint16Array(count);
      this.#lc = props.lc;
      this.#literalMask = (1 << props.lp) - 1;
      this.#posMask = (1 << props.pb) - 1;
    }
    this.#probs.fill(1024);
    this.#state = 0;
    this.#rep0 =
      this.#rep1 =
      this.#rep2 =
      this.#rep3 =
        0;
    this.ended = this.isLost = false;
  }

  /** Begins the range coder from 5 bytes; says whether they can be such. */
  start(bytes: Uint8Array, at: number): boolean {
    this.#range = -1;
    this.#code = bytes[at + 1]! << 24 | bytes[at + 2]! << 16 |
      bytes[at + 3]! << 8 | bytes[at + 4]!;
    return bytes[at] === 0;
  }

  /** Whether the range coder stands as it does at the end of what an encoder wrote. */
  get isFinished(): boolean {
    return this.#code === 0;
  }

  /** Whether a byte is due. */
  get wantsByte(): boolean {
    return this.#range >>> 24 === 0;
  }

  /** Takes the byte that is due, if one is: the encoder has written it, and the end is told only after it. */
  normalize(bytes: Uint8Array, at: number): number {
    if (this.#range >>> 24 !== 0) return at;
    this.#range <<= 8;
    this.#code = this.#code << 8 | bytes[at]!;
    return at + 1;
  }

  /**
   * Decodes symbols until the window is full up to its limit, or the next symbol begins after `last`.
   *
   * One function, and each bit spelled out, because a call or a field for each bit halves the speed. A bit goes:
   * take a byte if the range is small; split the range by the probability; compare; adapt.
   *
   * @returns Where it stands in the input.
   */
  run(inp: Uint8Array, at: number, last: number, window: Window): number {
    const probs = this.#probs;
    const lc = this.#lc;
    const literalMask = this.#literalMask;
    const posMask = this.#posMask;
    const dict = window.bytes;
    const size = dict.length;
    const limit = window.limit;
    let pos = window.pos;
    let state = this.#state;
    let rep0 = this.#rep0;
    let rep1 = this.#rep1;
    let rep2 = this.#rep2;
    let rep3 = this.#rep3;
    let range = this.#range;
    let code = this.#code;
    let bound = 0;
    let p = 0;
    let i = 0;

    while (pos < limit && at <= last) {
      const posState = pos & posMask;
      i = IS_MATCH + (state << 4) + posState;
      p = probs[i]!;
      if (range >>> 24 === 0) {
        range <<= 8;
        code = code << 8 | inp[at++]!;
      }
      bound = Math.imul(range >>> 11, p);
      if (code >>> 0 < bound >>> 0) {
        range = bound;
        probs[i] = p + (2048 - p >> 5);
        const prev = pos > 0 ? dict[pos - 1]! : window.lastByte;
        const base = LITERAL +
          0x300 * (((pos & literalMask) << lc) + (prev >> 8 - lc));
        let symbol = 1;
        if (state >= 7) {
          let match = dict[pos - rep0 - 1 + (pos > rep0 ? 0 : size)]!;
          let offset = 0x100;
          do {
            match <<= 1;
            const matchBit = match & offset;
            i = base + offset + matchBit + symbol;
            p = probs[i]!;
            if (range >>> 24 === 0) {
              range <<= 8;
              code = code << 8 | inp[at++]!;
            }
            bound = Math.imul(range >>> 11, p);
            if (code >>> 0 < bound >>> 0) {
              range = bound;
              probs[i] = p + (2048 - p >> 5);
              symbol <<= 1;
              offset &= ~matchBit;
            } else {
              range = range - bound | 0;
              code = code - bound | 0;
              probs[i] = p - (p >> 5);
              symbol = symbol << 1 | 1;
              offset &= matchBit;
            }
          } while (symbol < 0x100);
          state = state < 10 ? state - 3 : state - 6;
        } else {
          do {
            i = base + symbol;
            p = probs[i]!;
            if (range >>> 24 === 0) {
              range <<= 8;
              code = code << 8 | inp[at++]!;
            }
            bound = Math.imul(range >>> 11, p);
            if (code >>> 0 < bound >>> 0) {
              range = bound;
              probs[i] = p + (2048 - p >> 5);
              symbol <<= 1;
            } else {
              range = range - bound | 0;
              code = code - bound | 0;
              probs[i] = p - (p >> 5);
              symbol = symbol << 1 | 1;
            }
          } while (symbol < 0x100);
          state = state < 4 ? 0 : state - 3;
        }
        dict[pos++] = symbol;
        continue;
      }
      range = range - bound | 0;
      code = code - bound | 0;
      probs[i] = p - (p >> 5);

      let lenBase = REP_LEN;
      i = IS_REP + state;
      p = probs[i]!;
      if (range >>> 24 === 0) {
        range <<= 8;
        code = code << 8 | inp[at++]!;
      }
      bound = Math.imul(range >>> 11, p);
      if (code >>> 0 < bound >>> 0) {
        range = bound;
        probs[i] = p + (2048 - p >> 5);
        rep3 = rep2;
        rep2 = rep1;
        rep1 = rep0;
        lenBase = MATCH_LEN;
        state = state < 7 ? 7 : 10;
      } else {
        range = range - bound | 0;
        code = code - bound | 0;
        probs[i] = p - (p >> 5);
        i = IS_REP0 + state;
        p = probs[i]!;
        if (range >>> 24 === 0) {
          range <<= 8;
          code = code << 8 | inp[at++]!;
        }
        bound = Math.imul(range >>> 11, p);
        if (code >>> 0 < bound >>> 0) {
          range = bound;
          probs[i] = p + (2048 - p >> 5);
          i = IS_REP0_LONG + (state << 4) + posState;
          p = probs[i]!;
          if (range >>> 24 === 0) {
            range <<= 8;
            code = code << 8 | inp[at++]!;
          }
          bound = Math.imul(range >>> 11, p);
          if (code >>> 0 < bound >>> 0) {
            range = bound;
            probs[i] = p + (2048 - p >> 5);
            state = state < 7 ? 9 : 11;
            if (rep0 >= pos && rep0 >= window.reach) {
              this.isLost = true;
              break;
            }
            dict[pos] = dict[pos - rep0 - 1 + (pos > rep0 ? 0 : size)]!;
            pos++;
            continue;
          }
          range = range - bound | 0;
          code = code - bound | 0;
          probs[i] = p - (p >> 5);
        } else {
          range = range - bound | 0;
          code = code - bound | 0;
          probs[i] = p - (p >> 5);
          let distance = rep1;
          i = IS_REP1 + state;
          p = probs[i]!;
          if (range >>> 24 === 0) {
            range <<= 8;
            code = code << 8 | inp[at++]!;
          }
          bound = Math.imul(range >>> 11, p);
          if (code >>> 0 < bound >>> 0) {
            range = bound;
            probs[i] = p + (2048 - p >> 5);
          } else {
            range = range - bound | 0;
            code = code - bound | 0;
            probs[i] = p - (p >> 5);
            distance = rep2;
            i = IS_REP2 + state;
            p = probs[i]!;
            if (range >>> 24 === 0) {
              range <<= 8;
              code = code << 8 | inp[at++]!;
            }
            bound = Math.imul(range >>> 11, p);
            if (code >>> 0 < bound >>> 0) {
              range = bound;
              probs[i] = p + (2048 - p >> 5);
            } else {
              range = range - bound | 0;
              code = code - bound | 0;
              probs[i] = p - (p >> 5);
              distance = rep3;
              rep3 = rep2;
            }
            rep2 = rep1;
          }
          rep1 = rep0;
          rep0 = distance;
        }
        state = state < 7 ? 8 : 11;
      }

      // The length: which of three trees, and the tree.
      let treeAt = lenBase + LEN_LOW + (posState << 3);
      let treeEnd = 8;
      let len = 2 - 8;
      p = probs[lenBase]!;
      if (range >>> 24 === 0) {
        range <<= 8;
        code = code << 8 | inp[at++]!;
      }
      bound = Math.imul(range >>> 11, p);
      if (code >>> 0 < bound >>> 0) {
        range = bound;
        probs[lenBase] = p + (2048 - p >> 5);
      } else {
        range = range - bound | 0;
        code = code - bound | 0;
        probs[lenBase] = p - (p >> 5);
        p = probs[lenBase + 1]!;
        if (range >>> 24 === 0) {
          range <<= 8;
          code = code << 8 | inp[at++]!;
        }
        bound = Math.imul(range >>> 11, p);
        if (code >>> 0 < bound >>> 0) {
          range = bound;
          probs[lenBase + 1] = p + (2048 - p >> 5);
          treeAt = lenBase + LEN_MID + (posState << 3);
          len = 10 - 8;
        } else {
          range = range - bound | 0;
          code = code - bound | 0;
          probs[lenBase + 1] = p - (p >> 5);
          treeAt = lenBase + LEN_HIGH;
          treeEnd = 256;
          len = 18 - 256;
        }
      }
      let m = 1;
      do {
        i = treeAt + m;
        p = probs[i]!;
        if (range >>> 24 === 0) {
          range <<= 8;
          code = code << 8 | inp[at++]!;
        }
        bound = Math.imul(range >>> 11, p);
        if (code >>> 0 < bound >>> 0) {
          range = bound;
          probs[i] = p + (2048 - p >> 5);
          m <<= 1;
        } else {
          range = range - bound | 0;
          code = code - bound | 0;
          probs[i] = p - (p >> 5);
          m = m << 1 | 1;
        }
      } while (m < treeEnd);
      len += m;

      if (lenBase === MATCH_LEN) {
        // The distance: its slot, and then bits with or without probabilities.
        treeAt = DIST_SLOT + ((len < 6 ? len - 2 : 3) << 6);
        m = 1;
        do {
          i = treeAt + m;
          p = probs[i]!;
          if (range >>> 24 === 0) {
            range <<= 8;
            code = code << 8 | inp[at++]!;
          }
          bound = Math.imul(range >>> 11, p);
          if (code >>> 0 < bound >>> 0) {
            range = bound;
            probs[i] = p + (2048 - p >> 5);
            m <<= 1;
          } else {
            range = range - bound | 0;
            code = code - bound | 0;
            probs[i] = p - (p >> 5);
            m = m << 1 | 1;
          }
        } while (m < 64);
        const slot = m - 64;
        rep0 = slot;
        if (slot >= 4) {
          let bits = (slot >> 1) - 1;
          rep0 = (2 | slot & 1) << bits;
          if (slot < 14) {
            treeAt = DIST_SPECIAL + rep0 - slot;
          } else {
            bits -= 4;
            let direct = 0;
            do {
              if (range >>> 24 === 0) {
                range <<= 8;
                code = code << 8 | inp[at++]!;
              }
              range >>>= 1;
              code = code - range | 0;
              const sign = code >> 31;
              code = code + (range & sign) | 0;
              direct = (direct << 1) + sign + 1;
            } while (--bits > 0);
            rep0 += direct << 4;
            treeAt = DIST_ALIGN;
            bits = 4;
          }
          m = 1;
          for (let bit = 0; bit < bits; bit++) {
            i = treeAt + m;
            p = probs[i]!;
            if (range >>> 24 === 0) {
              range <<= 8;
              code = code << 8 | inp[at++]!;
            }
            bound = Math.imul(range >>> 11, p);
            if (code >>> 0 < bound >>> 0) {
              range = bound;
              probs[i] = p + (2048 - p >> 5);
              m <<= 1;
            } else {
              range = range - bound | 0;
              code = code - bound | 0;
              probs[i] = p - (p >> 5);
              m = m << 1 | 1;
              rep0 += 1 << bit;
            }
          }
          rep0 |= 0;
          if (rep0 === -1) {
            this.ended = true;
            break;
          }
        }
      }

      if (rep0 < 0 || rep0 >= pos && rep0 >= window.reach) {
        this.isLost = true;
        break;
      }
      let from = pos - rep0 - 1;
      if (from < 0) from += size;
      let stop = pos + len;
      if (stop > limit) {
        window.pending = stop - limit;
        window.pendingDistance = rep0;
        stop = limit;
      }
      if (from + len <= size) {
        do dict[pos++] = dict[from++]!; while (pos < stop);
      } else {
        do {
          dict[pos++] = dict[from++]!;
          if (from === size) from = 0;
        } while (pos < stop);
      }
    }
    window.pos = pos;
    this.#state = state;
    this.#rep0 = rep0;
    this.#rep1 = rep1;
    this.#rep2 = rep2;
    this.#rep3 = rep3;
    this.#range = range;
    this.#code = code;
    return at;
  }
}
