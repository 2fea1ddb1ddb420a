/** So many objects that look alike, and the rest of those goes into a `Map`. */
const MAX_ALIKE = 8;
const FIRST_SIZE = 1 << 8;
/** Items that an object is told from others by. */
const LOOKED_AT = 4;

/** Differs from run to run, so that nobody can choose values that all meet in one place of the table. */
const SEED = Math.floor(Math.random() * 2 ** 32) | 0;

const float = new Float64Array(1);
const halves = new Int32Array(float.buffer);

/**
 * The numbers of objects and arrays. A `Map` could have them, but it would take as long as all the rest of the writing: it has to
 * look at every object again each time it grows. Here an object is found by what it begins with, which is at hand and does not
 * change; identity decides.
 */
export class Seen {
  #table = new Int32Array(FIRST_SIZE);
  #hashes = new Int32Array(FIRST_SIZE >> 1);
  readonly #objects: object[] = [];
  readonly #numbers: number[] = [];
  readonly #rest = new Map<object, number>();

  /**
   * Gives an object a number, if it has none.
   *
   * @param hash From {@linkcode hashOf}.
   * @returns The number that it has already, or -1.
   */
  enter(value: object, hash: number, number: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    let slot = hash & mask;
    let alike = 0;
    for (let entry; (entry = table[slot]!) !== 0; slot = slot + 1 & mask) {
      if (this.#hashes[entry - 1] !== hash) continue;
      if (this.#objects[entry - 1] === value) return this.#numbers[entry - 1]!;
      if (++alike === MAX_ALIKE) return this.#enterRest(value, number);
    }
    const count = this.#objects.push(value);
    this.#numbers.push(number);
    this.#hashes[count - 1] = hash;
    table[slot] = count;
    if (count === this.#hashes.length) this.#grow();
    return -1;
  }

  #enterRest(value: object, number: number): number {
    const found = this.#rest.get(value);
    if (found !== undefined) return found;
    this.#rest.set(value, number);
    return -1;
  }

  #grow(): void {
    const hashes = new Int32Array(4 * this.#hashes.length);
    hashes.set(this.#hashes);
    const table = new Int32Array(2 * hashes.length);
    const mask = table.length - 1;
    for (let i = 0; i < this.#objects.length; i++) {
      let slot = hashes[i]! & mask;
      while (table[slot] !== 0) slot = slot + 1 & mask;
      table[slot] = i + 1;
    }
    this.#table = table;
    this.#hashes = hashes;
  }
}

/** A number that objects which begin with the same items share, and others hardly ever. */
export function hashOf(items: readonly unknown[]): number {
  let hash = items.length ^ SEED;
  const end = Math.min(items.length, LOOKED_AT);
  for (let i = 0; i < end; i++) {
    hash = Math.imul(hash ^ partOf(items[i]), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ SEED, 0xc2b2ae35);
  return hash ^ hash >>> 16;
}

function partOf(item: unknown): number {
  if (typeof item === "string") return textPart(item);
  if (typeof item !== "number") return item === null ? 1 : 2;
  if (item === (item | 0)) return item;
  float[0] = item;
  return halves[0]! ^ halves[1]!;
}

function textPart(text: string): number {
  const { length } = text;
  if (length === 0) return 3;
  return Math.imul(length, 0x9e3779b1) ^ text.charCodeAt(0) ^
    text.charCodeAt(length >> 1) << 8 ^ text.charCodeAt(length - 1) << 16 ^
    text.charCodeAt(length >> 2) << 20;
}
