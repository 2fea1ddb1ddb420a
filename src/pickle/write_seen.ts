/** So many objects that look alike, and the rest of those goes into a `Map`. */
const MAX_ALIKE = 2;
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
  /** Of each object its hash and its number, in turns. */
  #entries = new Int32Array(FIRST_SIZE);
  readonly #objects: object[] = [];
  readonly #rest = new Map<object, number>();

  /**
   * Gives an object a number, if it has none.
   *
   * @param hash From {@linkcode hashOf}.
   * @returns The number that it has already, or -1.
   */
  enter(value: object, hash: number, number: number): number {
    const table = this.#table;
    const entries = this.#entries;
    const objects = this.#objects;
    const mask = table.length - 1;
    let slot = hash & mask;
    let alike = 0;
    // Entries are counted from 1, because 0 is an empty place.
    for (let entry; (entry = table[slot]!) !== 0; slot = slot + 1 & mask) {
      if (entries[2 * entry - 2] !== hash) continue;
      if (objects[entry - 1] === value) return entries[2 * entry - 1]!;
      if (++alike === MAX_ALIKE) return this.#enterRest(value, number);
    }
    const count = objects.push(value);
    entries[2 * count - 2] = hash;
    entries[2 * count - 1] = number;
    table[slot] = count;
    if (2 * count === entries.length) this.#grow();
    return -1;
  }

  #enterRest(value: object, number: number): number {
    const found = this.#rest.get(value);
    if (found !== undefined) return found;
    this.#rest.set(value, number);
    return -1;
  }

  #grow(): void {
    const entries = new Int32Array(4 * this.#entries.length);
    entries.set(this.#entries);
    const table = new Int32Array(entries.length);
    const mask = table.length - 1;
    for (let i = 0; i < this.#objects.length; i++) {
      let slot = entries[2 * i]! & mask;
      while (table[slot] !== 0) slot = slot + 1 & mask;
      table[slot] = i + 1;
    }
    this.#table = table;
    this.#entries = entries;
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
