import type { Bytes } from "../types.ts";
import { FormatError, TruncatedError } from "../errors.ts";
import { Carry } from "./carry.ts";
import type { BatchParser, JsonLimits } from "./limits.ts";
import { isBlank } from "./blank.ts";
import {
  explainRefused,
  parseQuickly,
  parseWithin,
  tooLong,
} from "./within.ts";

const LINE_FEED = 0x0a;
const BOM = [0xef, 0xbb, 0xbf];

/**
 * Parses values that stand on lines of their own. All whole lines of a piece are decoded at once; each is parsed by itself,
 * because lines joined to one text could be right together and wrong alone.
 */
export class LineParser implements BatchParser {
  readonly #stage: string;
  readonly #limits: JsonLimits;
  readonly #carry = new Carry();
  /** Where the line begins that is being read. */
  #offset = 0;

  constructor(stage: string, limits: JsonLimits) {
    this.#stage = stage;
    this.#limits = limits;
  }

  push(piece: Bytes, values: unknown[]): unknown[] {
    const last = piece.lastIndexOf(LINE_FEED);
    let start = 0;
    if (last >= 0 && (this.#carry.length > 0 || this.#offset === 0)) {
      start = piece.indexOf(LINE_FEED) + 1;
      this.#carry.append(piece.subarray(0, start - 1));
      this.#takeLine("line", values);
      this.#offset++;
    }
    if (last >= start) {
      const lines = piece.subarray(start, last);
      this.#parseLines(lines, values);
      this.#offset += lines.length + 1;
    }
    this.#carry.append(piece.subarray(Math.max(last + 1, start)));
    this.#checkLength(this.#carry.length, this.#offset);
    return values;
  }

  end(): unknown[] {
    const values: unknown[] = [];
    if (this.#carry.length > 0) this.#takeLine("input", values);
    return values;
  }

  /** The line that has been carried. */
  #takeLine(ending: "line" | "input", values: unknown[]): void {
    const { length } = this.#carry;
    this.#checkLength(length, this.#offset);
    let line = this.#carry.view();
    if (this.#offset === 0) {
      line = withoutBom(this.#stage, line, ending === "input");
    }
    const skipped = length - line.length;
    this.#parseLine(line, this.#offset + skipped, ending, values);
    this.#carry.clear();
    this.#offset += length;
  }

  /** Whole lines, the quick way if nothing about them is wrong or needs a closer look. */
  #parseLines(lines: Bytes, values: unknown[]): void {
    const had = values.length;
    if (!parseQuickly(lines, "\n", "", this.#limits, values)) {
      values.length = had;
      this.#parseSlowly(lines, values);
    }
  }

  #parseSlowly(lines: Bytes, values: unknown[]): void {
    for (let start = 0; start <= lines.length;) {
      const found = lines.indexOf(LINE_FEED, start);
      const end = found < 0 ? lines.length : found;
      const line = lines.subarray(start, end);
      this.#parseLine(line, this.#offset + start, "line", values);
      start = end + 1;
    }
  }

  #parseLine(
    line: Bytes,
    offset: number,
    ending: "line" | "input",
    values: unknown[],
  ): void {
    this.#checkLength(line.length, offset);
    try {
      values.push(parseWithin(line, this.#limits.maxDepth));
    } catch (cause) {
      if (line.every(isBlank)) return;
      throw explainRefused(
        this.#stage,
        line,
        offset,
        this.#limits.maxDepth,
        cause,
        ending,
      );
    }
  }

  #checkLength(length: number, offset: number): void {
    const { maxValueBytes } = this.#limits;
    if (length > maxValueBytes) {
      throw tooLong(this.#stage, length, maxValueBytes, offset);
    }
  }
}

/** The start of an input without the byte order mark that some programs put there. */
export function withoutBom(stage: string, bytes: Bytes, whole: boolean): Bytes {
  if (bytes[0] !== BOM[0]) return bytes;
  const wrong = BOM.findIndex((byte, i) => byte !== bytes[i]);
  if (wrong < 0) return bytes.subarray(BOM.length);
  if (wrong === bytes.length && whole) {
    throw new TruncatedError(
      stage,
      "expected a byte order mark, found the end of the input",
      {
        offset: wrong,
      },
    );
  }
  throw new FormatError(stage, "expected a byte order mark", { offset: wrong });
}
