import { flushing, type Input, type Part, type Steps } from "../input.ts";
import { Bits } from "./bits.ts";
import { Commands } from "./commands.ts";
import { FIRST_DISTANCES } from "./ranges.ts";
import { readHeader } from "./header.ts";
import { Ring } from "./ring.ts";

/** Reads brotli (RFC 7932); nothing may stand behind it. */
export function* readBrotli(input: Input): Steps {
  const bits = new Bits(input);
  const window = 1 << (yield* windowBits(bits));
  const ring = new Ring(window);
  yield* flushing(readBlocks(bits, ring, window), () => ring.flush());
  if (!(yield* input.isOver())) {
    throw input.refusal("there are bytes after the end");
  }
}

function* readBlocks(bits: Bits, ring: Ring, window: number): Part<void> {
  const distances = Int32Array.from(FIRST_DISTANCES);
  for (let isLast = false; !isLast;) {
    isLast = (yield* bits.take(1)) === 1;
    if (isLast && (yield* bits.take(1)) === 1) break;
    const length = yield* lengthOf(bits);
    if (length === 0) yield* skipMetadata(bits);
    else if (!isLast && (yield* bits.take(1)) === 1) {
      yield* readStored(bits, ring, length);
    } else {
      const header = yield* readHeader(bits);
      const state = { bits, ring, header, distances, window, left: length };
      yield* new Commands(state).run();
    }
  }
  bits.align();
}

function* windowBits(bits: Bits): Part<number> {
  if ((yield* bits.take(1)) === 0) return 16;
  const more = yield* bits.take(3);
  if (more > 0) return 17 + more;
  const fewer = yield* bits.take(3);
  if (fewer === 1) throw bits.refusal("its window is too large");
  return fewer === 0 ? 17 : 8 + fewer;
}

/** How many bytes a meta-block comes to; 0 if it is none of data. */
function* lengthOf(bits: Bits): Part<number> {
  const nibbles = 4 + (yield* bits.take(2));
  if (nibbles === 7) return 0;
  let length = 0;
  let nibble = 0;
  for (let i = 0; i < nibbles; i++) {
    nibble = yield* bits.take(4);
    length |= nibble << 4 * i;
  }
  if (nibbles > 4 && nibble === 0) throw badLength(bits);
  return length + 1;
}

function* skipMetadata(bits: Bits): Part<void> {
  if ((yield* bits.take(1)) === 1) {
    throw bits.refusal("a bit is set that has no meaning");
  }
  const bytes = yield* bits.take(2);
  let left = 0;
  let byte = 1;
  for (let i = 0; i < bytes; i++) {
    byte = yield* bits.take(8);
    left |= byte << 8 * i;
  }
  if (bytes > 1 && byte === 0) throw badLength(bits);
  bits.align();
  if (bytes === 0) return;
  const { input } = bits;
  for (left++; left > 0;) {
    if (yield* input.isOver()) throw input.truncated();
    const count = Math.min(left, input.length);
    input.at += count;
    left -= count;
  }
}

function* readStored(bits: Bits, ring: Ring, left: number): Part<void> {
  bits.align();
  const { input } = bits;
  while (left > 0) {
    const isDry = input.length === 0 && ring.pending > 0;
    if (isDry || ring.to === ring.limit) yield ring.flush();
    yield* input.need(1);
    const count = Math.min(left, ring.limit - ring.to, input.length);
    ring.bytes.set(yield* input.take(count), ring.to);
    ring.to += count;
    left -= count;
  }
}

function badLength(bits: Bits): Error {
  return bits.refusal("a length has zeros before it");
}
