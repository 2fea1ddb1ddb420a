import { decodeInto } from "../base64_ascii.ts";
import { FormatError, TruncatedError } from "../errors.ts";
import type { Bytes } from "../types.ts";

const PAD = 61;
const NOTHING: Bytes = new Uint8Array(0);

/** By byte, whether it is a letter. */
const LETTERS: Bytes = new Uint8Array(256);
for (
  const letter
    of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
) LETTERS[letter.charCodeAt(0)] = 1;

/**
 * Decodes base64 as CPython's `binascii.a2b_base64` does: it passes over whatever is no letter, stops at the first padding that
 * completes four letters, and ignores all that follows.
 */
export class LenientBase64 {
  /** Up to three letters that are not four yet. */
  #rest: Bytes = NOTHING;
  #pads = 0;
  #letters = 0;
  #offset = 0;
  #done = false;

  /** What a piece stands for, as far as it can be told. */
  push(piece: Bytes): Bytes {
    if (this.#done) return NOTHING;
    const rest = this.#rest;
    const kept = new Uint8Array(rest.length + piece.length);
    kept.set(rest);
    let length = rest.length;
    let pads = this.#pads;
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i]!;
      if (LETTERS[byte] === 1) {
        kept[length++] = byte;
        pads = 0;
      } else if (byte === PAD && (length & 3) >= 2) {
        pads++;
        if ((length & 3) + pads >= 4) {
          this.#done = true;
          break;
        }
      }
    }
    this.#pads = pads;
    this.#letters += length - rest.length;
    this.#offset += piece.length;
    return this.#decode(kept, length);
  }

  /** There is no more. */
  end(): void {
    if (this.#done || this.#rest.length === 0) return;
    const offset = this.#offset;
    if (this.#rest.length > 1) {
      throw new TruncatedError("base64", "Incorrect padding", { offset });
    }
    throw new FormatError(
      "base64",
      `Invalid base64-encoded string: number of data characters (${this.#letters}) cannot be 1 more than a multiple of 4`,
      { offset },
    );
  }

  /** Bits that are left over are not looked at. */
  #decode(kept: Bytes, length: number): Bytes {
    const left = length & 3;
    const whole = length - left;
    if (!this.#done) {
      this.#rest = kept.slice(whole, length);
      return decoded(kept.subarray(0, whole));
    }
    this.#rest = NOTHING;
    if (left === 0) return decoded(kept.subarray(0, whole));
    const padded = new Uint8Array(whole + 4).fill(0x41);
    padded.set(kept.subarray(0, length));
    return decoded(padded).subarray(0, whole / 4 * 3 + left - 1);
  }
}

function decoded(letters: Bytes): Bytes {
  const bytes = new Uint8Array(letters.length / 4 * 3);
  if (letters.length > 0) decodeInto(letters, bytes, "base64");
  return bytes;
}
