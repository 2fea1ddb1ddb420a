import type { Bytes } from "../types.ts";

/** From here on it is worth it. */
const MIN_BYTES = 8 << 10;
/** Of an element, so much is remembered at most. */
const MAX_START = 64;
/** Brackets that are looked at in search of one that begins an element. */
const MAX_TRIES = 64;
/** Guesses that may be wrong before there are no more. */
const MAX_WRONG = 2;

const [OPEN, QUOTE, BACKSLASH, COLON] = [0x7b, 0x22, 0x5c, 0x3a];

/**
 * Guesses where an element of an array ends, without looking at all bytes before it: where there is a comma, and behind it
 * an object begins with the key that others began with. It may be wrong; whoever asks has to find out, which takes no more
 * than `JSON.parse`: if what stands before the comma is a list of values, the comma is one between elements, since how
 * JSON text is read up to a place does not depend on what comes after it.
 */
export class ElementLeap {
  /** A comma and the start of an element: `,{"id":`. */
  #start: Bytes | undefined;
  /** Where in it the bracket stands. */
  #bracket = 0;
  #wrong = 0;

  /** Looks at what begins after `comma`, if no start is known: where that is no comma, no guess will be right. */
  learn(bytes: Bytes, comma: number): void {
    if (this.#start || this.#wrong > 0) return;
    const end = Math.min(bytes.length, comma + MAX_START);
    let i = blanksEnd(bytes, comma + 1, end);
    const bracket = i - comma;
    if (bytes[i++] !== OPEN) return;
    i = blanksEnd(bytes, i, end);
    if (bytes[i++] !== QUOTE) return;
    while (i < end && bytes[i] !== QUOTE && bytes[i] !== BACKSLASH) i++;
    if (bytes[i] !== QUOTE || bytes[i + 1] !== COLON || i + 2 > end) return;
    this.#bracket = bracket;
    this.#start = bytes.slice(comma, i + 2);
  }

  /** Where in the bytes the last comma stands that looks as if it were between two elements, or -1. */
  find(bytes: Bytes, from: number): number {
    const start = this.#start;
    if (!start || bytes.length - from < MIN_BYTES) return -1;
    let bracket = bytes.length;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      bracket = bytes.lastIndexOf(OPEN, bracket - 1);
      const comma = bracket - this.#bracket;
      if (comma < from) return -1;
      if (startsWith(bytes, comma, start)) return comma;
    }
    return -1;
  }

  /** A guess was wrong: another key, or the same one in an object within. */
  miss(): void {
    if (++this.#wrong >= MAX_WRONG) this.#start = undefined;
  }
}

function blanksEnd(bytes: Bytes, from: number, end: number): number {
  let i = from;
  while (i < end && bytes[i]! <= 0x20) i++;
  return i;
}

function startsWith(bytes: Bytes, at: number, start: Bytes): boolean {
  if (bytes.length - at < start.length) return false;
  for (let i = 0; i < start.length; i++) {
    if (bytes[at + i] !== start[i]) return false;
  }
  return true;
}
