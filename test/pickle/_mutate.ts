/** Damaged pickles, the same ones for the same seed. */

/** A generator of numbers below a bound (Mulberry32). */
export function random(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = state + 0x6d2b79f5 | 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return Math.floor(((t ^ t >>> 14) >>> 0) / 2 ** 32 * bound);
  };
}

/** All opcodes, for putting one in the place of another. */
const OPCODES = [
  ..."(.012FIJKLMNPQRSTUVXabcdeghijloqrstu})]B",
].map((c) => c.charCodeAt(0)).concat(
  Array.from({ length: 0x99 - 0x80 }, (_, i) => 0x80 + i),
);

/** A pickle with one to four things done to it; `other` is one to take parts of. */
export function mutate(
  pickle: Uint8Array,
  other: Uint8Array,
  next: (bound: number) => number,
): Uint8Array<ArrayBuffer> {
  let bytes = Array.from(pickle);
  for (let n = 1 + next(4); n > 0 && bytes.length > 0; n--) {
    const at = next(bytes.length);
    switch (next(8)) {
      case 0:
        bytes[at] = next(256);
        break;
      case 1:
        bytes[at] = OPCODES[next(OPCODES.length)]!;
        break;
      case 2:
        bytes.splice(at, 1 + next(4));
        break;
      case 3:
        bytes.splice(at, 0, OPCODES[next(OPCODES.length)]!);
        break;
      case 4:
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + next(16)));
        break;
      case 5: {
        const from = next(other.length);
        bytes.splice(at, 0, ...other.slice(from, from + 1 + next(24)));
        break;
      }
      case 6:
        bytes[at]! ^= 1 << next(8);
        break;
      default:
        bytes = bytes.slice(0, at);
    }
  }
  return Uint8Array.from(bytes);
}
