import { PyFloat } from "../pickle/values/mod.ts";
import type { JsonReading } from "./read.ts";
import { refuse, tooDeep } from "./reader_errors.ts";
import { MAX_DIGITS } from "./number.ts";

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
/** What may stand in a string as it is, up to the next that may not. */
// deno-lint-ignore no-control-regex
const CHARACTERS = /[^"\\\x00-\x1f]*/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
const WORDS: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
];

/** An array or object that is open. */
type Open = { readonly items: unknown[] } | OpenObject;

interface OpenObject {
  readonly entries: Map<string, unknown>;
  /** The name of the member at hand. */
  key: string;
}

/** Reads JSON as Python does, with integers of any size; without recursion. */
export class TextReader {
  readonly #text: string;
  readonly #reading: JsonReading;
  readonly #open: Open[] = [];
  #at = 0;

  constructor(text: string, reading: JsonReading) {
    this.#text = text;
    this.#reading = reading;
  }

  /** The value of the whole text. */
  read(): unknown {
    if (this.#text.startsWith("\ufeff")) {
      throw this.#refuse("Unexpected UTF-8 BOM");
    }
    this.#space();
    let value = this.#value();
    for (let top; (top = this.#open.at(-1));) {
      value = "items" in top
        ? this.#afterItem(top.items, value)
        : this.#afterMember(top, value);
    }
    this.#space();
    if (this.#at < this.#text.length) throw this.#refuse("Extra data");
    return value;
  }

  /** Reads a value, or begins one: then what is wanted next is its first item. */
  #value(): unknown {
    for (;;) {
      const first = this.#text[this.#at];
      if (first === '"') return this.#string();
      if (first !== "[" && first !== "{") return this.#scalar(first);
      this.#at++;
      this.#space();
      const { maxDepth } = this.#reading;
      const isEmpty = this.#text[this.#at] === (first === "[" ? "]" : "}");
      if (this.#open.length >= maxDepth) throw tooDeep(maxDepth, this.#at - 1);
      if (isEmpty) {
        this.#at++;
        return first === "[" ? [] : this.#object(new Map());
      }
      if (first === "[") this.#open.push({ items: [] });
      else this.#open.push({ entries: new Map(), key: this.#key() });
    }
  }

  #afterItem(items: unknown[], value: unknown): unknown {
    items.push(value);
    this.#space();
    const next = this.#text[this.#at];
    if (next === ",") {
      this.#at++;
      this.#space();
      return this.#value();
    }
    if (next !== "]") throw this.#refuse("Expecting ',' delimiter");
    this.#at++;
    this.#open.pop();
    return items;
  }

  #afterMember(top: OpenObject, value: unknown): unknown {
    top.entries.set(top.key, value);
    this.#space();
    const next = this.#text[this.#at];
    if (next === ",") {
      this.#at++;
      this.#space();
      top.key = this.#key();
      return this.#value();
    }
    if (next !== "}") throw this.#refuse("Expecting ',' delimiter");
    this.#at++;
    this.#open.pop();
    return this.#object(top.entries);
  }

  #key(): string {
    if (this.#text[this.#at] !== '"') {
      throw this.#refuse("Expecting property name enclosed in double quotes");
    }
    const key = this.#string();
    this.#space();
    if (this.#text[this.#at] !== ":") {
      throw this.#refuse("Expecting ':' delimiter");
    }
    this.#at++;
    this.#space();
    return key;
  }

  #object(entries: Map<string, unknown>): unknown {
    const { dicts = "object" } = this.#reading;
    if (dicts === "map") return entries;
    if (dicts === "auto" && [...entries.keys()].some(isIndex)) return entries;
    return Object.fromEntries(entries);
  }

  #scalar(first: string | undefined): unknown {
    NUMBER.lastIndex = this.#at;
    const isNumber = first !== undefined && /[-\d]/.test(first);
    const match = isNumber ? NUMBER.exec(this.#text) : null;
    if (match) return this.#number(match[0], match[1] ?? match[2]);
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return typeof value === "number" ? this.#float(value) : value;
    }
    throw this.#refuse("Expecting value");
  }

  #number(digits: string, fraction: string | undefined): unknown {
    const start = this.#at;
    this.#at += digits.length;
    if (fraction !== undefined) return this.#float(Number(digits));
    const { integers = "auto" } = this.#reading;
    if (digits.length - (digits[0] === "-" ? 1 : 0) > MAX_DIGITS) {
      this.#at = start;
      throw this.#refuse(`an integer has more than ${MAX_DIGITS} digits`);
    }
    const number = Number(digits);
    if (integers === "bigint") return BigInt(digits);
    // Python has no integer -0.
    if (integers === "number" || Number.isSafeInteger(number)) {
      return number + 0;
    }
    return BigInt(digits);
  }

  #float(value: number): unknown {
    return this.#reading.floats === "wrap" && Number.isInteger(value) &&
        !Object.is(value, -0)
      ? new PyFloat(value)
      : value;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at++;
    let out = "";
    for (;;) {
      CHARACTERS.lastIndex = this.#at;
      out += CHARACTERS.exec(text)![0];
      this.#at = CHARACTERS.lastIndex;
      const next = text[this.#at];
      if (next === undefined) {
        // What is missing is missing at the end, though Python points at the start.
        const where = `Unterminated string starting at char ${start}`;
        throw this.#refuse(where);
      }
      if (next === '"') {
        this.#at++;
        return out;
      }
      if (next === "\\") out += this.#escape();
      else {
        if (this.#reading.strict) {
          throw this.#refuse("Invalid control character at");
        }
        out += next;
        this.#at++;
      }
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? "";
    const short = ESCAPES.get(letter);
    if (short !== undefined) {
      this.#at += 2;
      return short;
    }
    const digits = this.#text.slice(this.#at + 2, this.#at + 6);
    if (letter !== "u") throw this.#refuse("Invalid \\escape");
    if (!/^[\da-fA-F]{4}$/.test(digits)) {
      throw this.#refuse("Invalid \\uXXXX escape");
    }
    this.#at += 6;
    return String.fromCharCode(parseInt(digits, 16));
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #refuse(message: string): Error {
    return refuse(message, this.#text, this.#at);
  }
}

/** Whether objects of JavaScript would put a key before all others. */
function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}
