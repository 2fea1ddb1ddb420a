import type { Output } from "./write_output.ts";
import { Once } from "./write_once.ts";
import { writeText } from "./write_text.ts";

const PUT = 0x70;
const BINPUT = 0x71;
const LONG_BINPUT = 0x72;
const GET = 0x67;
const BINGET = 0x68;
const LONG_BINGET = 0x6a;
const MEMOIZE = 0x94;
const CHECK_EVERY = 64 << 10;

/**
 * What is written already, under the numbers that CPython gives out. Python goes by identity, which text has none of in
 * JavaScript: equal texts are taken for one object, as names and constants of a program are in Python.
 */
export class Memo {
  /** How many have a number. */
  count = 0;
  readonly #out: Output;
  readonly #protocol: number;
  readonly #objects = new Map<object, number>();
  /** Lists and objects of no class, which are most of what there is, if all are taken to turn up only once. */
  readonly #once: Once | undefined;
  /** Where in the output they are looked at. */
  #check = CHECK_EVERY;
  readonly #texts = new Map<string, number>();
  /** What else goes by value: classes and functions by name, and byte strings of one byte or none. */
  readonly #others = new Map<string, number>();

  constructor(out: Output, protocol: number, isTree: boolean) {
    this.#out = out;
    this.#protocol = protocol;
    this.#once = isTree ? new Once() : undefined;
  }

  /** The number of an object, `undefined` if it is not written yet. */
  find(value: object): number | undefined {
    return this.#objects.get(value);
  }

  /** Gives an object its number; it stands on top of Python's stack, and has none yet. */
  add(value: object): void {
    this.#objects.set(value, this.count);
    this.put();
  }

  /**
   * Promises a list or an object of no class the next number, or refers to it if it has one.
   *
   * @returns Whether it had none.
   */
  enter(value: object): boolean {
    if (this.#once) {
      this.#once.note(value);
      return true;
    }
    const number = this.#objects.get(value);
    if (number === undefined) {
      this.#objects.set(value, this.count);
      return true;
    }
    this.get(number);
    return false;
  }

  /** Whether what was taken to turn up only once did so; looked at now and then, because of a cycle there would be no end. */
  isSound(extent: "so far" | "to the end" = "so far"): boolean {
    const { length } = this.#out;
    if (!this.#once || extent === "so far" && length < this.#check) return true;
    this.#check = length + CHECK_EVERY;
    return this.#once.holds();
  }

  findOther(key: string): number | undefined {
    return this.#others.get(key);
  }

  addOther(key: string): void {
    this.#others.set(key, this.count);
    this.put();
  }

  /**
   * A text, which a later one that equals it will refer to.
   *
   * @returns Its number.
   */
  text(text: string): number {
    let index = this.#texts.get(text);
    if (index !== undefined) {
      this.get(index);
      return index;
    }
    index = this.count;
    this.#texts.set(text, index);
    writeText(this.#out, text, this.#protocol);
    this.put();
    return index;
  }

  /** A text that is an object of its own, unless Python has only one of it: none or one character below 256. */
  ownText(text: string): void {
    if (text.length < 2 && !(text.charCodeAt(0) > 255)) {
      this.text(text);
      return;
    }
    writeText(this.#out, text, this.#protocol);
    this.put();
  }

  /** Gives the next number to what stands on top. */
  put(): void {
    const out = this.#out;
    const index = this.count++;
    if (this.#protocol >= 4) out.byte(MEMOIZE);
    else if (this.#protocol === 0) this.#line(PUT, index);
    else if (index < 256) out.byte2(BINPUT, index);
    else out.word(LONG_BINPUT, index);
  }

  /** What has the number. */
  get(index: number): void {
    if (this.#protocol === 0) this.#line(GET, index);
    else if (index < 256) this.#out.byte2(BINGET, index);
    else this.#out.word(LONG_BINGET, index);
  }

  #line(opcode: number, index: number): void {
    this.#out.byte(opcode);
    this.#out.latin1(`${index}\n`);
  }
}
