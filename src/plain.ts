/** Deeper values take the careful path: the native one recurses, and so does the check. */
const MAX_DEPTH = 500;
const DOLLAR = 36;
/** So many objects are compared one by one. */
const FEW = 8;
const MAX_MET = 10_000;

/**
 * Whether JSON text brings a value back just as it was, so that the whole of it can be handed to the runtime's own
 * `JSON.stringify`. This is asked of every value before anything else is done to it, so it has to be quick: it looks
 * at each node once.
 *
 * Not plain are `undefined`, `-0`, `NaN` and the infinities, holes, symbol keys, frozen and sealed objects, anything
 * of a class, anything deeper than 500, an object whose only key begins with `$`, because tags look like that, and a key
 * `__proto__`, which formats treat differently. An object that is met twice is not plain either: JSON makes two of it.
 * To remember all objects costs as much as all the rest, so of large values that are plain otherwise only the first 10,000
 * objects are remembered, unless the caller asks for more.
 *
 * @param maxMet So many objects are remembered.
 */
export function isPlain(value: unknown, maxMet: number = MAX_MET): boolean {
  return isPlainAt(value, MAX_DEPTH, new Met(maxMet));
}

/**
 * Whether a value is plain for a reader who does not expect objects to be shared, but no deeper than `maxDepth`, so that
 * the careful path can refuse that with its path.
 */
export function isPlainCopy(value: unknown, maxDepth: number): boolean {
  return isPlainAt(value, Math.min(maxDepth, MAX_DEPTH), undefined);
}

/** Objects that were met. A set costs more to make than a few comparisons, and most values are small. */
class Met {
  readonly #few: object[] = [];
  readonly #most: number;
  #many: Set<object> | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether an object is met for the first time. */
  isFirst(object: object): boolean {
    const few = this.#few;
    if (this.#many === undefined) {
      for (let i = 0; i < few.length; i++) if (few[i] === object) return false;
      if (few.push(object) === FEW) this.#many = new Set(few);
      return true;
    }
    const { size } = this.#many;
    if (size >= this.#most) return true;
    return this.#many.add(object).size > size;
  }
}

function isPlainAt(
  value: unknown,
  depth: number,
  met: Met | undefined,
): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return isPlainNumber(value);
    case "object":
      return value === null || isPlainTree(value, depth, met);
    default:
      return false;
  }
}

/** Finite, and not -0. */
export function isPlainNumber(value: number): boolean {
  return value - value === 0 && (value !== 0 || 1 / value > 0);
}

function isPlainTree(
  tree: object,
  depth: number,
  met: Met | undefined,
): boolean {
  if (depth === 0 || met?.isFirst(tree) === false) return false;
  const prototype = Object.getPrototypeOf(tree);
  if (prototype === Object.prototype) {
    return isPlainObject(tree as Record<string, unknown>, depth, met);
  }
  return prototype === Array.prototype && Array.isArray(tree) &&
    isPlainArray(tree, depth, met);
}

// In both of these, what most items are is looked at on the spot: a call for each would cost more than the check.

function isPlainArray(
  array: readonly unknown[],
  depth: number,
  met: Met | undefined,
): boolean {
  // A hole reads as `undefined`, which is not plain either.
  for (let i = 0; i < array.length; i++) {
    const item = array[i];
    if (typeof item === "string" || item === null) continue;
    if (typeof item === "number") {
      if (!isPlainNumber(item)) return false;
    } else if (typeof item === "object") {
      if (!isPlainTree(item, depth - 1, met)) return false;
    } else if (typeof item !== "boolean") return false;
  }
  return Object.isExtensible(array);
}

function isPlainObject(
  object: Record<string, unknown>,
  depth: number,
  met: Met | undefined,
): boolean {
  let count = 0;
  let key = "";
  for (key in object) {
    if (key === "__proto__") return false;
    count++;
    const item = object[key];
    if (typeof item === "string" || item === null) continue;
    if (typeof item === "number") {
      if (!isPlainNumber(item)) return false;
    } else if (typeof item === "object") {
      if (!isPlainTree(item, depth - 1, met)) return false;
    } else if (typeof item !== "boolean") return false;
  }
  if (count === 1 && key.charCodeAt(0) === DOLLAR) return false;
  return Object.isExtensible(object) &&
    Object.getOwnPropertySymbols(object).length === 0;
}

/** Whether all text in a plain value is well-formed: JSON can spell a lone surrogate, UTF-8 cannot. */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  for (const key in value) {
    if (!key.isWellFormed()) return false;
    if (!isWellFormed((value as Record<string, unknown>)[key])) return false;
  }
  return true;
}

/** Whether nothing in a freshly parsed tree lies deeper than `limit` arrays and objects. */
export function isWithinDepth(tree: unknown, limit: number): boolean {
  if (typeof tree !== "object" || tree === null) return true;
  if (limit === 0) return false;
  if (Array.isArray(tree)) {
    for (let i = 0; i < tree.length; i++) {
      const item = tree[i];
      if (
        typeof item === "object" && item !== null &&
        !isWithinDepth(item, limit - 1)
      ) return false;
    }
    return true;
  }
  for (const key in tree) {
    const item = (tree as Record<string, unknown>)[key];
    if (
      typeof item === "object" && item !== null &&
      !isWithinDepth(item, limit - 1)
    ) return false;
  }
  return true;
}
