import { FormatError, TruncatedError } from "../errors.ts";
import type { Bytes } from "../types.ts";

/**
 * A coder at work: it yields a piece of output, or `undefined` where it cannot go on without more input. Whoever runs it
 * then pushes some or says that there is none, and goes on.
 */
export type Steps = Generator<Bytes | undefined, void, void>;

/** Yielded by a coder that could go on, but has worked for a while: others may have their turn. */
export const PAUSE: Bytes = new Uint8Array(0);

/** A part of a coder that comes to something. */
export type Part<T> = Generator<Bytes | undefined, T, void>;

/** A coder before it begins. */
export type NewCoder = (input: Input) => Steps;

/** So many bytes behind the last may be read, whatever they are: saves inner loops a check. */
export const SLACK = 160;

/** Input in one piece of memory, for loops that look at single bytes; what was read makes room for what comes. */
export class Input {
  readonly stage: string;
  /** `at` to `end` are what there is to be read. */
  bytes: Bytes = new Uint8Array(1024 + SLACK);
  at = 0;
  end = 0;
  /** Whether no more will come. */
  ended = false;
  #base = 0;

  constructor(stage: string) {
    this.stage = stage;
  }

  /** Bytes that are there. */
  get length(): number {
    return this.end - this.at;
  }

  /** Where the next byte stands in the whole input. */
  get offset(): number {
    return this.#base + this.at;
  }

  push(chunk: Bytes): void {
    const { length } = this;
    if (this.end + chunk.length + SLACK > this.bytes.length) {
      // Moved only if that frees half of it, so that all moves together stay linear.
      const whole = length + chunk.length + SLACK;
      const target = whole > this.bytes.length / 2
        ? new Uint8Array(2 * whole)
        : this.bytes;
      target.set(this.bytes.subarray(this.at, this.end));
      this.bytes = target;
      this.#base += this.at;
      this.at = 0;
      this.end = length;
    }
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** Waits until so many bytes are there. */
  *need(count: number): Part<void> {
    while (this.end - this.at < count) {
      if (this.ended) throw this.truncated();
      yield undefined;
    }
  }

  /** The next bytes, as a view that is good until more is asked for. */
  *take(count: number): Part<Bytes> {
    yield* this.need(count);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** The next byte. */
  *byte(): Part<number> {
    yield* this.need(1);
    return this.bytes[this.at++]!;
  }

  /** Whether the input ends just here; waits until that is known. */
  *isOver(): Part<boolean> {
    while (this.at === this.end && !this.ended) yield undefined;
    return this.at === this.end;
  }

  /** Checks bytes that never differ, one by one, so that other input is refused where it begins to be other. */
  *expect(bytes: readonly number[], message: string): Part<void> {
    const { offset } = this;
    for (const byte of bytes) {
      if ((yield* this.byte()) !== byte) throw this.refusal(message, offset);
    }
  }

  /** Reads on to the end, for nothing. */
  *skipRest(): Part<void> {
    while (!(yield* this.isOver())) this.at = this.end;
  }

  refusal(message: string, offset: number = this.offset): FormatError {
    return new FormatError(this.stage, message, { offset });
  }

  truncated(): TruncatedError {
    return new TruncatedError(this.stage, "the input ends too early", {
      offset: this.#base + this.end,
    });
  }
}

/** Runs over places from 0 to `count`, so many at a time, between which others may have their turn. */
export function* inParts(
  count: number,
  size: number,
  run: (from: number, to: number) => void,
): Part<void> {
  for (let at = 0; at < count; at += size) {
    run(at, Math.min(count, at + size));
    yield PAUSE;
  }
}

/** A number of up to 4 bytes, lowest first. */
export function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 |
    bytes[at + 3]! << 24) >>> 0;
}

/** Puts a number in 4 bytes, lowest first. */
export function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** Hands on what a coder has gathered when it ends: with a fault, too, before which it stood. */
export function* flushing(
  steps: Part<void>,
  flush: () => Bytes,
): Part<void> {
  try {
    yield* steps;
  } catch (error) {
    const rest = flush();
    if (rest.length > 0) yield rest;
    throw error;
  }
  yield flush();
}
