import { FormatError } from "../errors.ts";
import type { Bytes } from "../types.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SHORT: ReadonlyMap<string, number> = new Map([
  ['"', 0x22],
  ["\\", 0x5c],
  ["/", 0x2f],
  ["b", 8],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
]);

/** Reads the inside of one JSON string as it comes, as UTF-8. */
export class StringReader {
  /** An escape that is not complete, without its backslash; `undefined` outside of one. */
  #escape: string | undefined;
  /** The first half of a pair. */
  #high = 0;

  /**
   * @param start Where to begin in the bytes.
   * @param offset Where the bytes begin in the input.
   * @returns What was read, up to where, and whether the string has ended there.
   */
  read(
    bytes: Bytes,
    start: number,
    offset: number,
  ): { readonly text: Bytes; readonly taken: number; readonly done: boolean } {
    // What is escaped is never shorter than what it stands for, but for the half of a pair that came before.
    const text = new Uint8Array(bytes.length - start + 4);
    let length = 0;
    let i = start;
    for (; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (this.#escape !== undefined) {
        length = this.#unescape(byte, text, length, offset + i);
      } else if (byte === BACKSLASH) this.#escape = "";
      else {
        if (this.#high) throw lone(offset + i);
        if (byte === QUOTE) {
          return { text: text.subarray(0, length), taken: i + 1, done: true };
        }
        if (byte < 0x20) {
          throw new FormatError(
            "record",
            "there is a control character in text",
            {
              offset: offset + i,
            },
          );
        }
        text[length++] = byte;
      }
    }
    return { text: text.subarray(0, length), taken: i, done: false };
  }

  #unescape(byte: number, to: Bytes, at: number, offset: number): number {
    const escape = this.#escape += String.fromCharCode(byte);
    if (escape[0] !== "u") {
      const short = SHORT.get(escape);
      if (short === undefined || this.#high) {
        throw this.#high ? lone(offset) : invalid(offset);
      }
      this.#escape = undefined;
      to[at] = short;
      return at + 1;
    }
    if (escape.length < 5) return at;
    if (!/^u[\da-fA-F]{4}$/.test(escape)) throw invalid(offset);
    this.#escape = undefined;
    const unit = parseInt(escape.slice(1), 16);
    const isLow = unit >= 0xdc00 && unit < 0xe000;
    if (isLow !== this.#high > 0) throw lone(offset);
    if (unit >= 0xd800 && unit < 0xdc00) {
      this.#high = unit;
      return at;
    }
    const point = isLow
      ? 0x10000 + ((this.#high & 0x3ff) << 10 | unit & 0x3ff)
      : unit;
    this.#high = 0;
    return put(point, to, at);
  }
}

function put(point: number, to: Bytes, at: number): number {
  if (point < 0x80) to[at++] = point;
  else {
    const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    to[at++] = [0, 0xc0, 0xe0, 0xf0][more]! | point >> 6 * more;
    for (let i = more - 1; i >= 0; i--) to[at++] = 0x80 | point >> 6 * i & 0x3f;
  }
  return at;
}

function invalid(offset: number): FormatError {
  return new FormatError("record", "an escape is none of JSON's", { offset });
}

function lone(offset: number): FormatError {
  return new FormatError("record", "there is a lone surrogate", { offset });
}
