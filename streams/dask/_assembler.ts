import { LimitError } from "../../src/errors.ts";
import { uncleared } from "../../src/dask/_memory.ts";
import type { Bytes } from "../../src/types.ts";
import { readU64s } from "../../src/wire/u64.ts";

/** What is taken of the other side. */
export interface MessageLimits {
  /** Bytes of a message. */
  readonly maxBytes: number;
  /** Frames of a message. */
  readonly maxFrames: number;
  /** What is taken of all messages after the first. */
  readonly after?: MessageLimits;
}

/** Until this much of a run of frames has come, no more memory is taken for it. */
const BELIEVED = 2 ** 24;
/** Frames below this share a buffer. */
const SMALL = 4096;
const SHARED = 2 ** 16;
/** Frames from here on that are of one length are the pieces of one value. */
const PIECE = 2 ** 24;
const MOST = 2 ** 31 - 2 ** 16;

/**
 * Chunks in, the frames of whole messages out. Each large frame has a buffer of its own, so that one array does not keep
 * another's memory; but the pieces of one value lie end to end, and need not be copied to be joined.
 */
export class Assembler {
  /** Bytes of the messages so far. */
  offset = 0;
  #filled = 0;
  #target: Bytes;
  #isHead = true;
  readonly #grammar: Generator<Bytes, never, void>;

  constructor(limits: MessageLimits, emit: (frames: Bytes[]) => void) {
    this.#grammar = this.#messages(limits, emit);
    this.#target = this.#grammar.next().value;
  }

  /** Whether no message is under way. */
  get isBetween(): boolean {
    return this.#isHead && this.#filled === 0;
  }

  /** Where the next bytes belong: whoever has them put there need not have them copied. */
  get room(): Bytes {
    return this.#target.subarray(this.#filled);
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const target = this.#target;
      const length = Math.min(target.length - this.#filled, chunk.length - at);
      const isThere = chunk.buffer === target.buffer &&
        chunk.byteOffset + at === target.byteOffset + this.#filled;
      if (!isThere) target.set(chunk.subarray(at, at + length), this.#filled);
      at += length;
      this.offset += length;
      this.#filled += length;
      if (this.#filled < target.length) return;
      this.#filled = 0;
      this.#target = this.#grammar.next().value;
    }
  }

  /** Yields what is to be filled next. The first number of a message is a hint, and since 2023.11 not even its length. */
  *#messages(
    limits: MessageLimits,
    emit: (frames: Bytes[]) => void,
  ): Generator<Bytes, never, void> {
    for (;;) {
      const offset = this.offset;
      const head = new Uint8Array(16);
      this.#isHead = true;
      yield head;
      this.#isHead = false;
      const [, count] = readU64s(head);
      check("frames", count!, limits.maxFrames, offset);
      const lengths: number[] = [];
      if (count! > 0) {
        const table = yield* this.#filledBytes(8 * count!);
        for (const length of readU64s(table)) lengths.push(length);
      }
      let total = 0;
      for (const length of lengths) total += length;
      check("bytes", total, limits.maxBytes, offset);
      const frames: Bytes[] = [];
      for (let at = 0; at < lengths.length;) {
        at = yield* this.#group(lengths, at, frames);
      }
      emit(frames);
      limits = limits.after ?? limits;
    }
  }

  /** Some frames in one buffer; where the next ones begin. */
  *#group(
    lengths: readonly number[],
    from: number,
    frames: Bytes[],
  ): Generator<Bytes, number, void> {
    const to = groupEnd(lengths, from);
    let length = 0;
    for (let i = from; i < to; i++) length += lengths[i]!;
    const bytes = length === 0
      ? new Uint8Array(0)
      : yield* this.#filledBytes(length);
    let start = 0;
    for (let i = from; i < to; i++) {
      frames.push(bytes.subarray(start, start += lengths[i]!));
    }
    return to;
  }

  *#filledBytes(length: number): Generator<Bytes, Bytes, void> {
    if (length <= BELIEVED) {
      const bytes = uncleared(length);
      yield bytes;
      return bytes;
    }
    const first = uncleared(BELIEVED);
    yield first;
    const bytes = allocate(length);
    bytes.set(first);
    yield bytes.subarray(BELIEVED);
    return bytes;
  }
}

/** Where the frames end that share a buffer with the one at hand. */
function groupEnd(lengths: readonly number[], from: number): number {
  const first = lengths[from]!;
  let total = first;
  let to = from + 1;
  if (first < SMALL) {
    while (to < lengths.length && lengths[to]! < SMALL) {
      total += lengths[to]!;
      if (total > SHARED) break;
      to++;
    }
  } else if (first >= PIECE) {
    while (lengths[to] === first && total + first <= MOST) {
      total += first;
      to++;
    }
    const last = lengths[to];
    if (last !== undefined && last < first && total + last <= MOST) to++;
  }
  return to;
}

function check(
  what: string,
  actual: number,
  limit: number,
  offset: number,
): void {
  if (actual <= limit) return;
  throw new LimitError("dask", what, actual, limit, { offset });
}

/** Beyond some size no runtime has one buffer. */
function allocate(length: number): Bytes {
  try {
    return uncleared(length);
  } catch {
    throw new LimitError("dask", "bytes in one frame", length, MOST);
  }
}
