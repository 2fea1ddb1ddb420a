import type { Bytes } from "../types.ts";

/** Why a scan stopped before the end of the bytes. */
export type Stop = "close" | "depth" | "length" | undefined;

/**
 * Finds where the elements of an array end, over pieces of any size, and is quick about it: it knows strings, commas and
 * brackets, but leaves to `JSON.parse` whether there is sense between them.
 */
export class ElementScanner {
  /** How many arrays and objects are open within the element. */
  depth = 0;
  /** Whether the bytes so far end inside a string. */
  inString = false;
  /** Where the last comma between two elements stands in the bytes just scanned, or -1. */
  lastComma = -1;
  /** Why the last scan stopped. */
  stop: Stop;
  /** Where the last element began, before the bytes just scanned if negative. */
  elementStart = 0;
  #escaped = false;
  /** Bytes of the element that came in earlier scans. */
  #earlier = 0;

  constructor(readonly maxDepth: number, readonly maxBytes: number) {}

  /** Scans to the end, or to the byte at which it stops for the reason it notes down. */
  scan(bytes: Bytes, start: number, end: number): number {
    let depth = this.depth;
    let elementStart = start - this.#earlier;
    let i = this.#resumeString(bytes, start, end);
    this.lastComma = -1;
    this.stop = undefined;
    while (i < end) {
      const byte = bytes[i++]!;
      // Above the comma there are digits, colons and letters, and brackets: round ones are not in JSON, and one bit tells
      // the square from the curly.
      if (byte > 0x2c) {
        const bracket = byte | 0x20;
        if (bracket === 0x7b) {
          if (++depth > this.maxDepth) {
            this.stop = "depth";
            break;
          }
        } else if (bracket === 0x7d && --depth < 0) {
          this.stop = "close";
          break;
        }
      } else if (byte === 0x22) {
        let open = true;
        while (i < end) {
          const next = bytes[i++]!;
          if (next === 0x22) {
            open = false;
            break;
          }
          if (next === 0x5c) i++;
        }
        if (open) {
          this.inString = true;
          this.#escaped = i > end;
          i = end;
        }
      } else if (byte === 0x2c && depth === 0) {
        if (i - 1 - elementStart > this.maxBytes) break;
        this.lastComma = i - 1;
        elementStart = i;
      }
    }
    this.depth = depth;
    this.elementStart = elementStart;
    this.#earlier = i - elementStart;
    const at = this.stop ? i - 1 : i;
    if (at - elementStart > this.maxBytes) this.stop = "length";
    return at;
  }

  /** The rest of a string that an earlier scan left open. */
  #resumeString(bytes: Bytes, start: number, end: number): number {
    let i = start;
    while (this.inString && i < end) {
      const byte = bytes[i++]!;
      if (this.#escaped) this.#escaped = false;
      else if (byte === 0x5c) this.#escaped = true;
      else if (byte === 0x22) this.inString = false;
    }
    return i;
  }

  /** Before the first element of another array, or at the start of another text. */
  reset(): void {
    this.depth = 0;
    this.inString = false;
    this.#escaped = false;
    this.#earlier = 0;
  }
}

/** Where a text opens more than `maxDepth` arrays and objects, or -1. */
export function findTooDeep(bytes: Bytes, maxDepth: number): number {
  // Each level takes two bytes.
  if (bytes.length <= 2 * maxDepth) return -1;
  const scanner = new ElementScanner(maxDepth, Infinity);
  for (let i = 0; i < bytes.length; i++) {
    i = scanner.scan(bytes, i, bytes.length);
    if (scanner.stop === "depth") return i;
    // Something is wrong, which is for others to tell.
    if (scanner.stop === "close") return -1;
  }
  return -1;
}
