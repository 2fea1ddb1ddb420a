import type { Bytes } from "../types.ts";
import { FormatError, LimitError } from "../errors.ts";
import { JsonChecker } from "./check.ts";
import { cut, decodeText, unexpected } from "./parse.ts";
import { pathOf, type Step } from "../tree/path.ts";

/**
 * The document around one array: checked to the letter, skipped, and followed down a path to the `[` of that array.
 * Memory is a byte for each level of depth, and the name at hand where it could be the wanted one.
 */
export class Envelope {
  readonly #checker = new JsonChecker(true);
  /** The index of the element at hand in each array on the path. */
  readonly #indexes: number[] = [];
  /** How many steps of the path have been taken to what is open now. */
  #matched = 0;
  /** Whether the next value is the one that the next step leads to. */
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
   * Reads on from `start` (at `offset` in the input) to the end of the bytes.
   *
   * @returns Where the first element would begin, or -1 if the `[` has not come.
   */
  seek(bytes: Bytes, start: number, offset: number): number {
    for (let i = start; i < bytes.length;) {
      const wanted = this.#checker.wantsValue;
      const depth = this.#checker.depth;
      const next = this.#checker.run(bytes, i);
      if (this.#name) this.#addToName(bytes, i, next);
      if (this.#checker.failed) throw this.#problem(bytes[next]!, offset + next);
      i = next;
      const byte = bytes[i - 1]!;
      if (this.#follow(byte, depth, wanted, offset + i - 1)) return i;
    }
    return -1;
  }

  /** At the end of the input. */
  end(offset: number): void {
    if (!this.#checker.complete) throw cut(this.stage, this.#checker, offset);
    if (!this.#found) throw this.#missing(offset);
  }

  /** Whether this byte, which the checker has just passed, opens the wanted array. */
  #follow(byte: number, depth: number, wanted: boolean, offset: number): boolean {
    const checker = this.#checker;
    // The checker is somewhere inside a value that is of no interest.
    if (checker.depth > checker.watch && depth > checker.watch) return false;
    if (checker.inString) {
      if (!wanted && this.#matched === depth) this.#name = [];
    } else if (this.#name) {
      this.#onPath = this.#isWantedName(this.#name);
      this.#name = undefined;
    } else if (byte === 0x2c) this.#nextItem();
    if (wanted && this.#onPath && !isBlank(byte)) {
      if (byte === 0x5d && checker.depth < depth) this.#close();
      else return this.#enter(byte, offset);
    } else if (checker.depth < depth) this.#close();
    return false;
  }
}
