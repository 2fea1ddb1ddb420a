import type { Bytes } from "../types.ts";
import { FormatError, LimitError } from "../errors.ts";
import { Carry } from "./carry.ts";
import { JsonChecker } from "./check.ts";
import { Envelope } from "./envelope.ts";
import type { BatchParser, JsonLimits } from "./limits.ts";
import { cut, decodeText, unexpected } from "./parse.ts";
import { ElementScanner } from "./scan.ts";
import { tooLong } from "./within.ts";

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
  readonly #parseText: (text: Bytes) => unknown;
  readonly #envelope: Envelope;
  readonly #scanner: ElementScanner;
  readonly #carry = new Carry();
  #inside = false;
  /** Whether nothing but `[` stands before the elements being read. */
  #first = true;
  /** Where the piece at hand begins. */
  #offset = 0;

  constructor(
    stage: string,
    steps: readonly (string | number)[],
    limits: JsonLimits,
    parse: (text: Bytes) => unknown = (text) => JSON.parse(decodeText(text)),
  ) {
    this.#parseText = parse;
    this.#stage = stage;
    this.#limits = limits;
    this.#envelope = new Envelope(stage, steps, limits.maxDepth);
    this.#scanner = new ElementScanner(limits.maxDepth, limits.maxValueBytes);
  }

  push(piece: Bytes): unknown[] {
    let values: unknown[] = [];
    let start = 0;
    if (!this.#inside) {
      start = this.#envelope.read(piece, 0, this.#offset);
      this.#inside = start >= 0;
    }
    if (this.#inside) {
      const scanner = this.#scanner;
      const stop = scanner.scan(piece, start, piece.length);
      const end = scanner.stop === "close" ? stop : scanner.lastComma;
      if (end >= 0) {
        values = this.#parse(
          piece.subarray(start, end),
          this.#offset + end,
          piece[end]!,
        );
      }
      if (scanner.stop === "close") {
        this.#inside = false;
        this.#envelope.read(piece, stop, this.#offset);
      } else if (scanner.stop) this.#refuse(scanner.stop, this.#offset + stop);
      else this.#carry.append(piece.subarray(end < 0 ? start : end + 1));
    }
    this.#offset += piece.length;
    return values;
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

  /** The values of what is carried and of `bytes`, after which, at `end`, `delimiter` stands. */
  #parse(bytes: Bytes, end: number, delimiter: number): unknown[] {
    const carry = this.#carry;
    carry.append(bytes);
    let values: unknown[] = [];
    let cause: unknown;
    try {
      values = this.#parseText(carry.bracketed()) as unknown[];
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
