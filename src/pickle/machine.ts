import type { Bytes } from "../types.ts";
import { FormatError, LimitError, TruncatedError } from "../errors.ts";
import type { PickleClass, PickleGlobals } from "./globals.ts";
import { KeyEquality, type KeyIndex, UnhashableError } from "./keys.ts";
import type { PickleLoadOptions } from "./options.ts";

/** The name in errors. */
export const STAGE = "pickle";

/** The bytes do not reach; `need` says how many it takes. */
export const MORE = -1;

/** Less than this is never too much. */
const LEAST_STACK = 524_288;
const LEAST_MEMO = 1_048_576;

/**
 * The state of pickle's stack machine: what `run` steps forward, and may leave and take up again wherever bytes are
 * missing. The stack is an array and a height, because cells above the height are free to be written without more ado.
 */
export class Machine {
  /** The stack. */
  readonly stack: unknown[] = [];
  /** Its height. */
  sp = 0;
  /** The heights at which marks were set. */
  readonly marks: number[] = [];
  /** The last of them, below which nothing may be taken; 0 without marks. */
  base = 0;

  /** The memo from 0 on, without gaps: of this, too, what is beyond is left over. */
  readonly memo: unknown[] = [];
  /** How much of it is in use. */
  memoSize = 0;
  /** What was put in the memo beyond that. */
  sparse: Map<number, unknown> | undefined;

  /** What PROTO says. */
  protocol = 0;
  /** Where the bytes that `run` has begin in the input. */
  origin = 0;
  /** Where the next opcode is, within these bytes. */
  at = 0;
  /** How many bytes from there on are needed to go on. */
  need = 1;
  /** Where the last frame ends in the input. */
  frameEnd = 0;
  /** How long the input is, if that is known. */
  size: number = Infinity;
  /** What was on top at STOP. */
  result: unknown;

  /** The keys of the last object, if many pickles are read: most have those of the one before them. */
  keys: (string | undefined)[] | undefined;
  /** Dicts that turned out not to be objects, and what they became. */
  readonly replaced: Map<object, object> = new Map();
  /** Dicts that were taken from the memo or doubled, so that there may be other references to them. */
  readonly fetched: Set<object> = new Set();
  /** Whether one of those was replaced. */
  stale = false;
  /** Of Maps and Sets with keys that are not equal by identity, which keys they have. */
  readonly indexes: Map<object, KeyIndex> = new Map();
  readonly equality: KeyEquality = new KeyEquality();
  /** By module and name, what was found under them. */
  readonly names: Map<string, Map<string, unknown>> = new Map();
  /** What names stand for, and what sets the state of values. */
  readonly meanings: Map<object, PickleClass> = new Map();

  readonly options: PickleLoadOptions;
  readonly globals: PickleGlobals;
  buffers: Iterator<unknown> | undefined;

  constructor(options: PickleLoadOptions, globals: PickleGlobals) {
    this.options = options;
    this.globals = globals;
    this.buffers = options.buffers?.[Symbol.iterator]();
  }

  /** Makes it ready for another pickle; `false` if it knows of this one what it could not forget. */
  reset(): boolean {
    const { sparse, replaced, fetched, indexes, names, meanings } = this;
    const known = replaced.size + fetched.size + indexes.size + names.size +
      meanings.size;
    if (known > 0 || sparse || this.#copied > 0) return false;
    if (this.marks.length > 0) this.marks.length = 0;
    this.sp = this.base = this.memoSize = 0;
    this.protocol = this.frameEnd = 0;
    this.result = undefined;
    return true;
  }

  /** The error for something wrong with the opcode at hand. */
  error(message: string, cause?: unknown): FormatError {
    const offset = this.origin + this.at;
    return new FormatError(STAGE, message, { offset, cause });
  }

  /** The error for input that ends too early. */
  truncated(): TruncatedError {
    const offset = this.origin + this.at;
    return new TruncatedError(STAGE, "the pickle is cut", { offset });
  }

  limit(what: string, actual: number, limit: number): LimitError {
    const offset = this.origin + this.at;
    return new LimitError(STAGE, what, actual, limit, { offset });
  }

  /** Says how many bytes the opcode at hand takes in all. */
  more(need: number): typeof MORE {
    this.need = need;
    return MORE;
  }

  /** Takes note of a frame: CPython reads no further than to see that it is all there. */
  frame(end: number): void {
    this.frameEnd = Math.max(this.frameEnd, this.origin + end);
    if (this.frameEnd > this.size) throw this.truncated();
  }

  /**
   * Counts what a call copies: the same large list from the memo, given to many calls, would become as many copies. What
   * Python writes has each only once.
   */
  charge(amount: number): void {
    this.#copied += amount;
    const limit = LEAST_MEMO + 8 * (this.origin + this.at);
    if (this.#copied > limit) throw this.limit("copies", this.#copied, limit);
  }
  #copied = 0;

  /** The height of the stack at which to ask again whether that is too much. */
  checkStack(height: number): number {
    const limit = this.options.maxStack ?? this.#scaled(LEAST_STACK);
    if (height > limit) throw this.limit("a stack", height, limit);
    return Math.min(limit, Math.max(1024, 2 * height));
  }

  /** The same for the memo. */
  checkMemo(entries: number): number {
    const limit = this.options.maxMemo ?? this.#scaled(LEAST_MEMO);
    if (entries > limit) throw this.limit("a memo", entries, limit);
    return Math.min(limit, Math.max(1024, 2 * entries));
  }

  #scaled(least: number): number {
    return Math.max(least, Math.floor((this.origin + this.at) / 2));
  }

  /** Puts the value on top of the stack into the memo. */
  memoize(index: number, value: unknown): void {
    const { memo, memoSize } = this;
    if (index <= memoSize) {
      memo[index] = value;
      if (index === memoSize) {
        this.memoSize++;
        this.sparse?.delete(index);
      }
    } else {
      this.sparse ??= new Map();
      this.sparse.set(index, value);
    }
    const { entries } = this;
    if ((entries & 1023) === 0) this.checkMemo(entries);
  }

  /** How much the memo has, which is the number of what MEMOIZE puts there. */
  get entries(): number {
    return this.sparse ? this.memoSize + this.sparse.size : this.memoSize;
  }

  /** What is in the memo, which has to be there. */
  recall(index: number): unknown {
    if (index < this.memoSize) return this.current(this.memo[index]);
    if (!this.sparse?.has(index)) throw this.error(`the memo has no ${index}`);
    return this.current(this.sparse.get(index));
  }

  /** The value itself, or what it was replaced by. */
  current(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    const replaced = this.replaced.get(value);
    if (replaced !== undefined) return replaced;
    this.fetched.add(value);
    return value;
  }

  /** What stands for a key, which has to be one. */
  tokenOf(key: unknown): unknown {
    try {
      return this.equality.of(key);
    } catch (error) {
      if (error instanceof UnhashableError) throw this.error(error.message);
      throw error;
    }
  }

  push(value: unknown): void {
    this.stack[this.sp++] = value;
  }

  /** Takes one value off the stack. */
  pop(): unknown {
    if (this.sp <= this.base) throw this.underflow();
    return this.stack[--this.sp];
  }

  /** The value on top of the stack. */
  top(): unknown {
    if (this.sp <= this.base) throw this.underflow();
    return this.stack[this.sp - 1];
  }

  /** Takes the last mark away: the height at which it was set. */
  popMark(): number {
    const { marks } = this;
    const mark = marks.pop();
    if (mark === undefined) throw this.error("there is no mark");
    this.base = marks.length > 0 ? marks[marks.length - 1]! : 0;
    return mark;
  }

  /** The same, where what stands below is to be filled with what stands above. */
  popMarkAbove(): number {
    const mark = this.popMark();
    if (mark <= this.base) throw this.underflow();
    return mark;
  }

  /** Takes all values above a height off the stack. */
  popTo(height: number): unknown[] {
    const values = this.stack.slice(height, this.sp);
    this.sp = height;
    return values;
  }

  underflow(): FormatError {
    return this.error(
      this.marks.length > 0 && this.sp === this.base
        ? "a mark is where a value should be"
        : "the stack is empty",
    );
  }

  /** `bytes`: a view of the input, or a copy. */
  bytes(view: Bytes): Bytes {
    return this.options.copy ? view.slice() : view;
  }
}
