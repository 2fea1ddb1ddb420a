import type { Bytes } from "../types.ts";
import { isDigit, isEscape, isHex, isText } from "./ascii.ts";
import { isBlank } from "./blank.ts";
import { Utf8Checker } from "./utf8.ts";

// What may come next. The states from ZERO to DIGITS are those in which a number may end.
const VALUE = 0, FIRST_ITEM = 1, NAME = 2, FIRST_NAME = 3, COLON = 4, AFTER = 5;
const STRING = 6, ESCAPE = 7, HEX = 8, UTF8 = 9, WORD = 10, BOM = 11;
const MINUS = 12, POINT = 13, EXPONENT = 14, SIGN = 15;
const ZERO = 16, INTEGER = 17, FRACTION = 18, DIGITS = 19;

const EXPECTED = [
  ...["a value", "a value or ]", 'a name in "', 'a name in " or }', "a colon"],
  ...["the end", "text", "an escape", "a hexadecimal digit", "UTF-8", "a word"],
  ...["a byte order mark", "a digit", "a digit", "a digit or sign", "a digit"],
];
const ARRAY = 1, OBJECT = 2;

/**
 * Checks JSON text (RFC 8259) byte by byte, to the letter, in chunks of any size, and without recursion. It is much
 * slower than `JSON.parse` and takes a byte for each level of depth, so it looks only at what `JSON.parse` refused, or
 * what is to be skipped.
 */
export class JsonChecker {
  /** How many arrays and objects are open. */
  depth = 0;
  /** `run` stops after each byte of structure that leaves it no deeper than this. */
  watch = -1;
  /** Whether the byte at which `run` stopped cannot follow the ones before it. */
  failed = false;
  /** More depth than this is refused: `failed`, and `tooDeep`. */
  maxDepth: number = Infinity;
  /** Whether the byte at which `run` stopped would open more than `maxDepth`. */
  tooDeep = false;
  #state: number;
  #isName = false;
  #stack: Bytes = new Uint8Array(16);
  /** What is left of a word, in reverse order of need: `true`, `false` or `null`. */
  #word = "";
  #index = 0;
  #utf8 = new Utf8Checker();

  /** @param allowBom Whether a byte order mark may come first. */
  constructor(allowBom = false) {
    this.#state = allowBom ? BOM : VALUE;
  }

  /** Whether the text may end here. */
  get complete(): boolean {
    return this.depth === 0 && (this.#state === AFTER || this.#state >= ZERO);
  }

  /** Whether the next byte begins a value, or is the blank before it. */
  get wantsValue(): boolean {
    return this.#state === VALUE || this.#state === FIRST_ITEM ||
      (this.#state === BOM && this.#index === 0);
  }

  /** Whether the next byte begins the name of a member, or is the blank before it. */
  get wantsName(): boolean {
    return this.#state === NAME || this.#state === FIRST_NAME;
  }

  /** Whether the bytes so far end inside a string. */
  get inString(): boolean {
    return this.#state >= STRING && this.#state <= UTF8;
  }

  /** Whether the innermost of what is open is an array. */
  get inArray(): boolean {
    return this.depth > 0 && this.#stack[this.depth - 1] === ARRAY;
  }

  /** What could have come where the text stopped. */
  get expected(): string {
    if (this.#state === WORD) return this.#word;
    if (this.#state === AFTER || this.#state >= ZERO) {
      if (this.depth > 0) return this.inArray ? "a comma or ]" : "a comma or }";
      return EXPECTED[AFTER]!;
    }
    // One may begin the text, but nobody expects one.
    const atStart = this.#state === BOM && this.#index === 0;
    return EXPECTED[atStart ? VALUE : this.#state]!;
  }

  /** Checks bytes from `start`, and tells how far it came: to `end`, to a stop, or to the byte that cannot be there. */
  run(bytes: Bytes, start = 0, end: number = bytes.length): number {
    for (let i = start; i < end; i++) {
      if (this.#state === STRING) {
        while (isText(bytes[i]!)) if (++i === end) return end;
      }
      if (!this.#step(bytes[i]!)) {
        this.failed = true;
        return i;
      }
      // A state above STRING is one in the middle of a text, word or number.
      if (this.depth <= this.watch && this.#state <= STRING) return i + 1;
    }
    return end;
  }

  #step(byte: number): boolean {
    switch (this.#state) {
      case VALUE:
      case FIRST_ITEM:
        return isBlank(byte) || this.#beginValue(byte);
      case NAME:
      case FIRST_NAME:
        return isBlank(byte) || this.#beginName(byte);
      case COLON:
        return isBlank(byte) || (byte === 0x3a && this.#go(VALUE));
      case AFTER:
        return isBlank(byte) || this.#afterValue(byte);
      case STRING:
        return this.#stepString(byte);
      case ESCAPE:
        if (byte !== 0x75) return isEscape(byte) && this.#go(STRING);
        this.#index = 0;
        return this.#go(HEX);
      case HEX:
        return isHex(byte) && (++this.#index < 4 || this.#go(STRING));
      case UTF8:
        return this.#utf8.next(byte) && (this.#utf8.more || this.#go(STRING));
      case WORD:
        if (byte !== this.#word.charCodeAt(this.#index)) return false;
        return ++this.#index < this.#word.length || this.#go(AFTER);
      case BOM:
        return this.#stepBom(byte);
      default:
        return this.#stepNumber(byte);
    }
  }

  #go(state: number): true {
    this.#state = state;
    return true;
  }

  #stepBom(byte: number): boolean {
    if (this.#index === 0 && byte !== 0xef) {
      this.#state = VALUE;
      return this.#step(byte);
    }
    if (byte !== BOM_BYTES[this.#index]) return false;
    return ++this.#index < 3 || this.#go(VALUE);
  }

  #beginValue(byte: number): boolean {
    switch (byte) {
      case 0x22:
        this.#isName = false;
        return this.#go(STRING);
      case 0x5b:
        return this.#open(ARRAY, FIRST_ITEM);
      case 0x7b:
        return this.#open(OBJECT, FIRST_NAME);
      case 0x5d:
        return this.#state === FIRST_ITEM && this.#close();
      case 0x2d:
        return this.#go(MINUS);
      case 0x30:
        return this.#go(ZERO);
      case 0x74:
        return this.#beginWord("true");
      case 0x66:
        return this.#beginWord("false");
      case 0x6e:
        return this.#beginWord("null");
      default:
        return isDigit(byte) && this.#go(INTEGER);
    }
  }

  #beginWord(word: string): true {
    this.#word = word;
    this.#index = 1;
    return this.#go(WORD);
  }

  #beginName(byte: number): boolean {
    if (byte === 0x7d) return this.#state === FIRST_NAME && this.#close();
    this.#isName = true;
    return byte === 0x22 && this.#go(STRING);
  }

  #afterValue(byte: number): boolean {
    if (this.depth === 0) return false;
    if (byte === 0x2c) return this.#go(this.inArray ? VALUE : NAME);
    return byte === (this.inArray ? 0x5d : 0x7d) && this.#close();
  }

  #open(kind: number, state: number): boolean {
    if (this.depth >= this.maxDepth) {
      this.tooDeep = true;
      return false;
    }
    if (this.depth === this.#stack.length) {
      const larger = new Uint8Array(this.depth * 2);
      larger.set(this.#stack);
      this.#stack = larger;
    }
    this.#stack[this.depth++] = kind;
    return this.#go(state);
  }

  #close(): true {
    this.depth--;
    return this.#go(AFTER);
  }

  #stepString(byte: number): boolean {
    if (byte === 0x22) return this.#go(this.#isName ? COLON : AFTER);
    if (byte === 0x5c) return this.#go(ESCAPE);
    return byte >= 0x80 && this.#utf8.first(byte) && this.#go(UTF8);
  }

  #stepNumber(byte: number): boolean {
    const state = this.#state;
    if (isDigit(byte)) {
      if (state === ZERO) return false;
      if (state === MINUS) return this.#go(byte === 0x30 ? ZERO : INTEGER);
      if (state === POINT) return this.#go(FRACTION);
      if (state === EXPONENT || state === SIGN) return this.#go(DIGITS);
      return true;
    }
    if (state === EXPONENT && (byte === 0x2b || byte === 0x2d)) {
      return this.#go(SIGN);
    }
    if (state < ZERO) return false;
    if (byte === 0x2e && state <= INTEGER) return this.#go(POINT);
    if ((byte | 0x20) === 0x65 && state !== DIGITS) return this.#go(EXPONENT);
    this.#state = AFTER;
    return this.#step(byte);
  }
}

const BOM_BYTES = [0xef, 0xbb, 0xbf];
