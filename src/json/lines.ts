import type { Bytes } from "../types.ts";
import { FormatError, LimitError, TruncatedError } from "../errors.ts";
import { Carry } from "./carry.ts";
import type { BatchParser, JsonLimits } from "./limits.ts";
import { decodeText, explainNotParsed } from "./parse.ts";
import { findTooDeep } from "./scan.ts";

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

  push(piece: Bytes): unknown[] {
    const values: unknown[] = [];
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
    const { length } = this.#carry;
    if (length > 0) this.#takeLine("input", values);
    return values;
  }

  /** The line that has been carried. */
  #takeLine(ending: "line" | "input", values: unknown[]): void {
    const { length } = this.#carry;
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
    if (!this.#parseQuickly(lines, values)) {
      values.length = had;
      this.#parseSlowly(lines, values);
    }
  }

  #parseQuickly(lines: Bytes, values: unknown[]): boolean {
    const { maxDepth, maxValueBytes } = this.#limits;
    // A line this short cannot be too deep, for each level takes two bytes; nor too long, even if all of it is beyond ASCII.
    const short = Math.min(2 * maxDepth, maxValueBytes / 3);
    try {
      for (const line of decodeText(lines).split("\n")) {
        if (line.length > short) return false;
        if (line === "" || line === "\r") continue;
        values.push(JSON.parse(line));
      }
      return true;
    } catch {
      return false;
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
    const { maxDepth } = this.#limits;
    const deep = findTooDeep(line, maxDepth);
    if (deep >= 0) {
      throw new LimitError(this.#stage, "depth", maxDepth + 1, maxDepth, {
        offset: offset + deep,
      });
    }
    try {
      values.push(JSON.parse(decodeText(line)));
    } catch (cause) {
      if (line.every(isBlank)) return;
      throw explainNotParsed(this.#stage, line, offset, cause, ending);
    }
  }

  #checkLength(length: number, offset: number): void {
    const { maxValueBytes } = this.#limits;
    if (length <= maxValueBytes) return;
    throw new LimitError(
      this.#stage,
      "a value of bytes",
      length,
      maxValueBytes,
      { offset: offset + maxValueBytes },
    );
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}

/** The start of an input without the byte order mark that some programs put there. */
export function withoutBom(stage: string, bytes: Bytes, whole: boolean): Bytes {
  if (bytes[0] !== BOM[0]) return bytes;
  const wrong = BOM.findIndex((byte, i) => byte !== bytes[i]);
  if (wrong < 0) return bytes.subarray(BOM.length);
  if (wrong === bytes.length && whole) {
    throw new TruncatedError(stage, "expected a byte order mark, found the end of the input", {
      offset: wrong,
    });
  }
  throw new FormatError(stage, "expected a byte order mark", { offset: wrong });
}
