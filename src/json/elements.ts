import type { Bytes } from "../types.ts";
import { FormatError, LimitError } from "../errors.ts";
import { Carry } from "./carry.ts";
import { JsonChecker } from "./check.ts";
import { Envelope } from "./envelope.ts";
import { ElementLeap } from "./leap.ts";
import type { BatchParser, JsonLimits } from "./limits.ts";
import { cut, decodeText, unexpected } from "./parse.ts";
import { isWithinDepth } from "../plain.ts";
import { ElementScanner } from "./scan.ts";
import { HARMLESS, tooLong } from "./within.ts";

const COMMA = 0x2c;
const CLOSE = 0x5d;

/**
 * Parses the elements of one array in a document, a batch at a time: it finds the last comma between two elements in a piece,
 * and hands all before it to `JSON.parse`, in brackets. Whether commas are where they should be is for `JSON.parse` to see, but
 * for those at which it was cut: there an empty batch tells.
 */
export class ElementParser implements BatchParser {
  readonly #stage: string;
  readonly #limits: JsonLimits;
  readonly #parseText: ((text: Bytes) => unknown) | undefined;
  readonly #envelope: Envelope;
  readonly #scanner: ElementScanner;
  readonly #carry = new Carry();
  readonly #leap = new ElementLeap();
  #inside = false;
  /** Whether nothing but `[` stands before the elements being read. */
  #first = true;
  /** Where the piece at hand begins. */
  #offset = 0;

  constructor(
    stage: string,
    steps: readonly (string | number)[],
    limits: JsonLimits,
    parse?: (text: Bytes) => unknown,
  ) {
    this.#parseText = parse;
    this.#stage = stage;
    this.#limits = limits;
    this.#envelope = new Envelope(stage, steps, limits.maxDepth);
    this.#scanner = new ElementScanner(limits.maxDepth, limits.maxValueBytes);
  }

  push(piece: Bytes, values: unknown[]): unknown[] {
    let all = values;
    let start = 0;
    if (!this.#inside) {
      start = this.#envelope.read(piece, 0, this.#offset);
      this.#inside = start >= 0;
    }
    if (this.#inside) {
      start = this.#leapOver(piece, start, values);
      all = this.#scanOver(piece, start, values);
    }
    this.#offset += piece.length;
    return all;
  }

  end(): unknown[] {
    if (!this.#inside) {
      this.#envelope.end(this.#offset);
      return [];
    }
    const start = this.#offset - this.#carry.length;
    const checker = this.#check(this.#carry.view(), start);
    throw cut(this.#stage, checker, this.#offset);
  }

  /** Takes all up to the end of the array or of the last element, which is looked for. */
  #scanOver(piece: Bytes, start: number, values: unknown[]): unknown[] {
    let all = values;
    const scanner = this.#scanner;
    const stop = scanner.scan(piece, start, piece.length);
    const end = scanner.stop === "close" ? stop : scanner.lastComma;
    if (end >= 0) {
      const bytes = piece.subarray(start, end);
      const parsed = this.#parse(bytes, this.#offset + end, piece[end]!);
      // If a fault follows, they have to be in the list; else there is mostly nothing to put together.
      const alone = values.length === 0 && !scanner.stop;
      all = alone ? parsed : append(values, parsed);
      this.#leap.learn(piece, end);
    }
    if (scanner.stop === "close") {
      this.#inside = false;
      this.#envelope.read(piece, stop, this.#offset);
    } else if (scanner.stop) this.#refuse(scanner.stop, this.#offset + stop);
    else this.#carry.append(piece.subarray(end < 0 ? start : end + 1));
    return all;
  }

  /**
   * Takes all up to the end of an element that can be guessed, if the guess is right and all is within the limits. If not,
   * nothing has happened.
   *
   * @returns Where to go on.
   */
  #leapOver(piece: Bytes, start: number, values: unknown[]): number {
    const { maxDepth, maxValueBytes } = this.#limits;
    const carry = this.#carry;
    const carried = carry.length;
    const end = this.#parseText ? -1 : this.#leap.find(piece, start);
    const length = carried + end - start;
    if (end < 0 || length > Math.min(maxValueBytes, HARMLESS)) return start;
    carry.append(piece.subarray(start, end));
    try {
      const parsed = parseText(carry.bracketed()) as unknown[];
      if (parsed.length > 0 && isWithinDepth(parsed, maxDepth + 1)) {
        append(values, parsed);
        carry.clear();
        this.#first = false;
        this.#scanner.reset();
        return end + 1;
      }
    } catch {
      // Something is wrong with the guess or the text: a closer look will tell.
    }
    carry.cutTo(carried);
    this.#leap.miss();
    return start;
  }

  /** The values of what is carried and of `bytes`, after which, at `end`, `delimiter` stands. */
  #parse(bytes: Bytes, end: number, delimiter: number): unknown[] {
    const carry = this.#carry;
    carry.append(bytes);
    let values: unknown[] = [];
    let cause: unknown;
    try {
      values = (this.#parseText ?? parseText)(carry.bracketed()) as unknown[];
    } catch (error) {
      // A parser that is not the runtime's knows what is wrong.
      if (error instanceof FormatError || error instanceof LimitError) {
        throw error;
      }
      cause = error;
    }
    const empty = this.#first && delimiter === CLOSE && cause === undefined;
    const missing = values.length === 0 && !empty;
    if (missing || (delimiter !== CLOSE && delimiter !== COMMA)) {
      const checker = this.#check(carry.view(), end - carry.length, cause);
      checker.run(Uint8Array.of(delimiter));
      throw unexpected(this.#stage, checker, delimiter, end, cause);
    }
    carry.clear();
    this.#first = false;
    return values;
  }

  /** Checks bytes at `offset` that stand between elements. */
  #check(bytes: Bytes, offset: number, cause?: unknown): JsonChecker {
    const checker = new JsonChecker();
    checker.run(new TextEncoder().encode(this.#first ? "[" : "[0,"));
    const at = checker.run(bytes);
    if (checker.failed) {
      throw unexpected(this.#stage, checker, bytes[at]!, offset + at, cause);
    }
    return checker;
  }

  #refuse(stop: "depth" | "length", offset: number): never {
    const { maxDepth, maxValueBytes } = this.#limits;
    if (stop === "depth") {
      throw new LimitError(this.#stage, stop, maxDepth + 1, maxDepth, {
        offset,
      });
    }
    const start = this.#offset + this.#scanner.elementStart;
    throw tooLong(this.#stage, maxValueBytes + 1, maxValueBytes, start);
  }
}

function append(values: unknown[], more: readonly unknown[]): unknown[] {
  for (let i = 0; i < more.length; i++) values.push(more[i]);
  return values;
}

function parseText(text: Bytes): unknown {
  return JSON.parse(decodeText(text));
}
