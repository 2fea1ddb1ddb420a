import type { Bytes } from "../types.ts";
import { FormatError, LimitError } from "../errors.ts";
import { pathOf, type Step } from "../tree/path.ts";
import { JsonChecker } from "./check.ts";
import { cut, decodeText, unexpected } from "./parse.ts";

const COMMA = 0x2c;

/**
 * The document around one array: checked to the letter, skipped, and followed down a path to the `[` of that array.
 * It keeps a byte for each level of depth, and the name at hand as long as that could be the wanted one.
 */
export class Envelope {
  readonly #checker = new JsonChecker(true);
  /** How many of the arrays and objects on the path are open. Nothing deeper is of interest. */
  #matched = 0;
  /** The index of the item at hand, for each of them. */
  readonly #indexes: number[] = [];
  /** Whether the next value at this level is the one on the path. */
  #onPath = true;
  #name: number[] | undefined;
  #found = false;

  constructor(
    readonly stage: string,
    readonly steps: readonly (string | number)[],
    readonly maxDepth: number,
  ) {
    this.#checker.maxDepth = maxDepth;
    this.#checker.watch = 0;
  }

  /**
   * Reads from `start` to the end of bytes that begin at `offset` in the input.
   *
   * @returns Where the first element would begin, or -1 if its array has not come.
   */
  read(bytes: Bytes, start: number, offset: number): number {
    const checker = this.#checker;
    for (let i = start, next; i < bytes.length; i = next) {
      const { depth } = checker;
      const here = depth === this.#matched;
      const decisive = here && this.#onPath && checker.wantsValue;
      const named = here && checker.wantsName;
      next = checker.run(bytes, i, decisive ? i + 1 : bytes.length);
      if (checker.failed) throw this.#refuse(bytes[next]!, offset + next);
      const byte = bytes[next - 1]!;
      if (this.#name) this.#addToName(bytes.subarray(i, next));
      else if (named && checker.inString) this.#name = [];
      if (decisive && this.#enter(byte, depth, offset + i)) return next;
      if (checker.depth < this.#matched) this.#leave(offset + next - 1);
      const between = byte === COMMA && !checker.inString;
      if (between && checker.depth === this.#matched) this.#nextItem();
    }
    return -1;
  }

  /** At the end of the input. */
  end(offset: number): void {
    if (!this.#checker.complete) throw cut(this.stage, this.#checker, offset);
  }

  /** Looks at the first byte of the value on the path, or the blank before it; true if it opens the wanted array. */
  #enter(byte: number, depth: number, offset: number): boolean {
    const checker = this.#checker;
    // A blank, the `]` of an empty array, or the start of a byte order mark.
    if (byte <= 0x20 || byte === 0xef || checker.depth < depth) return false;
    if (this.#found) throw this.#fail("is there twice", offset);
    const step = this.steps[this.#matched];
    if (byte !== (typeof step === "string" ? 0x7b : 0x5b)) {
      throw this.#fail("is not there", offset);
    }
    this.#onPath = step === 0;
    if (step === undefined) return this.#found = true;
    this.#indexes.push(0);
    checker.watch = ++this.#matched;
    return false;
  }

  #leave(offset: number): void {
    if (!this.#found) throw this.#fail("is not there", offset);
    this.#indexes.pop();
    this.#checker.watch = --this.#matched;
    this.#onPath = false;
  }

  #nextItem(): void {
    const level = this.#matched - 1;
    this.#onPath = ++this.#indexes[level]! === this.steps[level];
  }

  /** More bytes of a name, and the quote at its end. */
  #addToName(bytes: Bytes): void {
    const wanted = String(this.steps[this.#matched - 1]);
    // An escape takes six bytes; what is longer is another name.
    if (this.#name!.length + bytes.length > 6 * wanted.length + 1) {
      this.#name!.length = 0;
    } else this.#name!.push(...bytes);
    if (this.#checker.inString) return;
    this.#onPath = this.#name!.length > 0 && readName(this.#name!) === wanted;
    this.#name = undefined;
  }

  #fail(what: string, offset: number): FormatError {
    let step: Step | undefined;
    for (const key of this.steps) step = { up: step, key };
    const path = pathOf(step);
    return new FormatError(this.stage, `the array at ${path} ${what}`, {
      offset,
    });
  }

  #refuse(byte: number, offset: number): Error {
    const { stage, maxDepth } = this;
    if (!this.#checker.tooDeep) {
      return unexpected(stage, this.#checker, byte, offset);
    }
    return new LimitError(stage, "depth", maxDepth + 1, maxDepth, { offset });
  }
}

function readName(bytes: readonly number[]): unknown {
  return JSON.parse(`"${decodeText(Uint8Array.from(bytes))}`);
}
