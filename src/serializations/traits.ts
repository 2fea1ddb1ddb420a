/** What objects may be beside what is in them. */
export type Trait =
  | ""
  | "fixed"
  | "sealed"
  | "frozen"
  | "null"
  | "null fixed"
  | "null sealed"
  | "null frozen";

/** Whether an object has no prototype, and how much of it can be changed: a word for each. */
export function traitsOf(value: object): Trait {
  const fixed = Object.isExtensible(value)
    ? ""
    : isFrozen(value)
    ? "frozen"
    : Object.isSealed(value)
    ? "sealed"
    : "fixed";
  if (Object.getPrototypeOf(value) !== null) return fixed;
  return fixed ? `null ${fixed}` : "null";
}

/** V8 takes an empty array that cannot be extended for a frozen one, though its length can be written. */
function isFrozen(value: object): boolean {
  return Object.isFrozen(value) &&
    !Object.getOwnPropertyDescriptor(value, "length")?.writable;
}

/** Gives an object that is complete its traits. */
export function fix<T extends object>(value: T, traits: Trait): T {
  switch (traits) {
    case "":
      return value;
    case "fixed":
      return Object.preventExtensions(value);
    case "sealed":
      return Object.seal(value);
    case "frozen":
      return Object.freeze(value) as T;
    case "null":
    case "null fixed":
    case "null sealed":
    case "null frozen":
      return fix(Object.setPrototypeOf(value, null), rest(traits));
    default:
      throw new TypeError("no object has such traits");
  }
}

function rest(traits: Trait): Trait {
  return traits.slice("null ".length) as Trait;
}
