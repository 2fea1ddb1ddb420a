import type { Bytes } from "../types.ts";
import { FormatError, TruncatedError } from "../errors.ts";
import { Carry } from "./carry.ts";
import type { BatchParser, JsonLimits } from "./limits.ts";
import { ElementScanner } from "./scan.ts";
import { isBlank } from "./blank.ts";
import {
  explainRefused,
  parseQuickly,
  parseWithin,
  tooLong,
} from "./within.ts";

const SEPARATOR = 0x1e;
const LINE_FEED = 0x0a;

/**
 * Parses the records of a JSON text sequence (RFC 7464), each of which stands between a record separator and a line feed.
 * A separator cannot occur in JSON text, so that it ends whatever came before.
 */
export class RecordParser implements BatchParser {
  readonly #stage: string;
  readonly #limits: JsonLimits;
  readonly #carry = new Carry();
  readonly #scanner = new ElementScanner(Infinity, Infinity);
  /** Where what is carried begins. */
  #offset = 0;
  /** Whether a record may stand here: not before the first separator, and not behind one that has been taken early. */
  #open = false;
  /** Whether nothing but blanks is carried. */
  #blank = true;

  constructor(stage: string, limits: JsonLimits) {
    this.#stage = stage;
    this.#limits = limits;
  }

  push(piece: Bytes, values: unknown[]): unknown[] {
    const first = piece.indexOf(SEPARATOR);
    if (first < 0) {
      this.#append(piece, values);
      return values;
    }
    const rest = piece.subarray(0, first);
    if (this.#open) {
      this.#carry.append(rest);
      this.#takeRecord(values);
    } else this.#skip(rest);
    this.#offset++;
    const last = piece.lastIndexOf(SEPARATOR);
    this.#open = true;
    if (last > first) {
      const records = piece.subarray(first + 1, last);
      this.#parseRecords(records, values);
      this.#offset += records.length + 1;
    }
    this.#append(piece.subarray(last + 1), values);
    return values;
  }

  end(): unknown[] {
    const values: unknown[] = [];
    if (this.#carry.length > 0) this.#takeRecord(values);
    return values;
  }

  /** The start of a record; all of it, if it is so clearly over that the next separator need not be waited for. */
  #append(bytes: Bytes, values: unknown[]): void {
    if (!this.#open) return this.#skip(bytes);
    const carry = this.#carry;
    const scanner = this.#scanner;
    carry.append(bytes);
    this.#checkLength(carry.length, this.#offset);
    this.#blank &&= bytes.every(isBlank);
    for (let i = 0; i < bytes.length; i++) {
      i = scanner.scan(bytes, i, bytes.length);
    }
    const between = scanner.depth === 0 && !scanner.inString;
    if (this.#blank || !between || bytes.at(-1) !== LINE_FEED) return;
    this.#takeRecord(values);
    this.#open = false;
  }

  /** What is carried, which is a whole record. */
  #takeRecord(values: unknown[]): void {
    const { length } = this.#carry;
    this.#parseRecord(this.#carry.view(), this.#offset, values);
    this.#carry.clear();
    this.#scanner.reset();
    this.#blank = true;
    this.#offset += length;
  }

  /** Where no record may stand, only blanks may. */
  #skip(bytes: Bytes): void {
    const wrong = bytes.findIndex((byte) => !isBlank(byte));
    if (wrong >= 0) {
      throw new FormatError(this.#stage, "expected a record separator", {
        offset: this.#offset + wrong,
      });
    }
    this.#offset += bytes.length;
  }

  /** Whole records, the quick way if nothing about them is wrong or needs a closer look. */
  #parseRecords(records: Bytes, values: unknown[]): void {
    const had = values.length;
    if (parseQuickly(records, "\x1e", "\n", this.#limits, values)) return;
    values.length = had;
    for (let start = 0; start <= records.length;) {
      const found = records.indexOf(SEPARATOR, start);
      const end = found < 0 ? records.length : found;
      const record = records.subarray(start, end);
      this.#parseRecord(record, this.#offset + start, values);
      start = end + 1;
    }
  }

  #parseRecord(record: Bytes, offset: number, values: unknown[]): void {
    const { maxDepth } = this.#limits;
    this.#checkLength(record.length, offset);
    let value: unknown;
    try {
      value = parseWithin(record, maxDepth);
    } catch (cause) {
      if (record.every(isBlank)) return;
      throw explainRefused(
        this.#stage,
        record,
        offset,
        maxDepth,
        cause,
        "record",
      );
    }
    // The start of a number, and so on, can be a number too; a string and whatever has brackets ends by itself.
    const open = typeof value !== "string" && Object(value) !== value;
    if (open && !isBlank(record.at(-1)!)) {
      throw new TruncatedError(
        this.#stage,
        "expected a line feed after the value",
        {
          offset: offset + record.length,
        },
      );
    }
    values.push(value);
  }

  #checkLength(length: number, offset: number): void {
    const { maxValueBytes } = this.#limits;
    if (length > maxValueBytes) {
      throw tooLong(this.#stage, length, maxValueBytes, offset);
    }
  }
}
