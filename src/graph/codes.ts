import type { Serialization } from "../serialization.ts";
import { FIRST_CODE, isToken } from "./layout.ts";

const PLAIN_HEADER = 1;
const VALUE_HEADER = 2;
const FRAMES = 3;
const OBJECT = 6;

/** What a value is made of, as a sum. */
export function sumOf(
  value: unknown,
  header: unknown,
  frames: readonly unknown[],
): number {
  let sum = typeof value === "object" ? OBJECT : 0;
  if (frames.length > 0) sum += FRAMES;
  if (header === undefined) return sum;
  return sum + (isToken(header) ? PLAIN_HEADER : VALUE_HEADER);
}

/** How each sum is spelled. */
const KINDS: readonly string[] = [
  ...["", "p", "v", "f", "pf", "vf"],
  ...["o", "op", "ov", "of", "opf", "ovf"],
];

/** The spelling of a sum. */
export function kindOf(sum: number): string {
  return KINDS[sum]!;
}

/** The codes that a writer has given away. */
export class Codes {
  #next = FIRST_CODE;
  /** The type that was last, and its codes. */
  #serialization: Serialization | undefined;
  #codes: number[] = [];
  readonly #types = new Map<Serialization, number[]>();

  /** The next free code. */
  take(): number {
    return this.#next--;
  }

  /** The code of a type's values with a certain sum; 0 if it is to be defined, and then it has one. */
  ofType(serialization: Serialization, sum: number): number {
    if (serialization !== this.#serialization) this.#find(serialization);
    const code = this.#codes[sum]!;
    if (code === 0) this.#codes[sum] = this.take();
    return code;
  }

  #find(serialization: Serialization): void {
    let codes = this.#types.get(serialization);
    if (!codes) {
      codes = new Array<number>(KINDS.length).fill(0);
      this.#types.set(serialization, codes);
    }
    this.#serialization = serialization;
    this.#codes = codes;
  }
}
