import { FormatError } from "../errors.ts";
import { PyTuple } from "../pickle/values/sequence.ts";

const MAX_DEPTH = 32;

/** A literal of Python as headers of arrays have them: dicts, lists, tuples, text, numbers, booleans and `None`. */
export function readLiteral(text: string): unknown {
  const reader = new LiteralReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw this.#error("it is too deep");
    const next = this.#peek();
    switch (next) {
      case "{":
        return this.#dict(depth + 1);
      case "[":
        return this.#items("]", depth + 1).items;
      case "(": {
        const { items, isTuple } = this.#items(")", depth + 1);
        return isTuple ? PyTuple.from(items) : items[0];
      }
      case "'":
      case '"':
        return this.#string();
    }
    const word = this.#match(/[-\w.]+/y);
    const known = WORDS.get(word);
    if (known !== undefined) return known;
    // Python 2 wrote lengths with an L.
    if (/^-?\d+L?$/.test(word)) return parseInt(word, 10);
    throw this.#error("a word that is not known");
  }

  end(): void {
    this.#match(/\s*/y);
    if (this.#at < this.#text.length) throw this.#error("there is more");
  }

  #dict(depth: number): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    this.#at++;
    while (!this.#passes("}")) {
      const key = this.value(depth);
      if (!this.#passes(":")) throw this.#error("a colon is missing");
      map.set(key, this.value(depth));
      if (this.#passes(",")) continue;
      if (this.#passes("}")) break;
      throw this.#error("a comma is missing");
    }
    return map;
  }

  #items(
    close: string,
    depth: number,
  ): { items: unknown[]; isTuple: boolean } {
    const items: unknown[] = [];
    let comma = false;
    this.#at++;
    while (!this.#passes(close)) {
      items.push(this.value(depth));
      if (this.#passes(",")) comma = true;
      else if (this.#passes(close)) break;
      else throw this.#error("a comma is missing");
    }
    return { items, isTuple: comma || items.length !== 1 };
  }

  #string(): string {
    const quoted = this.#match(
      /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/y,
    );
    return quoted.slice(1, -1).replace(
      /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([^]))/gi,
      (all, x, u, wide, char: string | undefined) => {
        if (char !== undefined) return ESCAPES.get(char) ?? char;
        const point = parseInt(x ?? u ?? wide, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : all;
      },
    );
  }

  #peek(): string | undefined {
    this.#match(/\s*/y);
    return this.#text[this.#at];
  }

  #passes(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) throw this.#error("it is no literal");
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #error(why: string): FormatError {
    return new FormatError(
      "npy",
      `the header at its character ${this.#at}: ${why}`,
    );
  }
}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["True", true],
  ["False", false],
  ["None", null],
]);

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
]);
