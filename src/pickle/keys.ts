/**
 * Which keys are one: Python compares them by value, and `1`, `1.0` and `True` are equal; `Map` and `Set` compare objects
 * by identity.
 *
 * @module
 */
import {
  PyByteArray,
  PyComplex,
  PyDeque,
  PyFloat,
  PyFrozenSet,
  PyInt,
  PySlice,
  PyTuple,
  PyUUID,
} from "./values/mod.ts";
import { valueOfKey } from "./key_values.ts";
import { decodeLatin1 } from "./utf8.ts";
import { MaskedArray, NdArray } from "./values/mod.ts";
import { unhashable as tables } from "./values/table.ts";

/** A key that Python could not use as one. */
export class UnhashableError extends Error {}

/** By what stands for a key among all equal ones, the key that was there first. */
export type KeyIndex = Map<unknown, unknown>;

/** Gives every key what stands for all keys equal to it: a primitive, an object of its own, or the object itself. */
export class KeyEquality {
  /** What stands for tuples and the like, by what is in them. */
  readonly #tokens = new Map<string, object>();
  /** Tuples that were seen: without this, shared tuples in tuples would take for ever. */
  readonly #known = new Map<object, unknown>();
  /** A number for each thing in a tuple. */
  readonly #numbers = new Map<unknown, number>();

  /** What stands for the key. */
  of(key: unknown): unknown {
    if (typeof key !== "object" || key === null) return ofPrimitive(key);
    if (!isCompound(key)) return ofObject(key, this);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    return this.#compound(key);
  }

  /** What stands for values of that kind with that text. */
  token(text: string): object {
    let token = this.#tokens.get(text);
    if (!token) this.#tokens.set(text, token = {});
    return token;
  }

  /** What stands for bytes with these values; long ones are looked at once. */
  ofBytes(key: Uint8Array): object {
    let token = this.#known.get(key) as object | undefined;
    if (!token) {
      token = this.token(`b${decodeLatin1(key)}`);
      this.#known.set(key, token);
    }
    return token;
  }

  /** Tuples within tuples, the innermost first, on a stack of our own. */
  #compound(root: object): unknown {
    const waiting: object[] = [root];
    const open = new Set<object>();
    while (waiting.length > 0) {
      const next = waiting[waiting.length - 1]!;
      if (this.#known.has(next)) {
        waiting.pop();
        continue;
      }
      const before = waiting.length;
      for (const item of next as Iterable<unknown>) {
        if (!isCompound(item) || this.#known.has(item)) continue;
        if (open.has(item)) throw new UnhashableError("a key holds itself");
        waiting.push(item);
      }
      if (waiting.length > before) {
        open.add(next);
        continue;
      }
      waiting.pop();
      open.delete(next);
      this.#known.set(next, this.#join(next));
    }
    return this.#known.get(root);
  }

  #join(compound: object): object {
    const numbers: number[] = [];
    for (const item of compound as Iterable<unknown>) {
      numbers.push(this.#numberOf(this.of(item)));
    }
    if (compound instanceof PyTuple) return this.token(`t${numbers.join()}`);
    numbers.sort((a, b) => a - b);
    return this.token(`f${numbers.join()}`);
  }

  #numberOf(token: unknown): number {
    let number = this.#numbers.get(token);
    if (number === undefined) {
      this.#numbers.set(token, number = this.#numbers.size);
    }
    return number;
  }
}

function isCompound(key: unknown): key is object {
  return key instanceof PyTuple || key instanceof PyFrozenSet;
}

function ofPrimitive(key: unknown): unknown {
  switch (typeof key) {
    case "boolean":
      return key ? 1 : 0;
    case "bigint":
      return ofBigint(key);
    case "number":
      // Two NaN are two keys.
      return key !== key ? {} : key;
    default:
      return key;
  }
}

function ofBigint(key: bigint): unknown {
  const number = Number(key);
  return Number.isFinite(number) && BigInt(number) === key ? number : key;
}

function ofObject(key: object, equality: KeyEquality): unknown {
  if (key instanceof PyFloat) return key.value !== key.value ? key : key.value;
  if (key instanceof PyInt) return ofBigint(key.value);
  if (key instanceof PyComplex) {
    return key.im === 0 ? key.re : equality.token(`c${key.re},${key.im}`);
  }
  if (isUnhashable(key)) {
    throw new UnhashableError("a key cannot be changeable");
  }
  if (key instanceof Uint8Array) return equality.ofBytes(key);
  if (key instanceof PyUUID) return equality.token(`u${key.text}`);
  const value = valueOfKey(key);
  if (typeof value === "string") return equality.token(`v${value}`);
  return value ?? key;
}

function isUnhashable(key: object): boolean {
  const prototype = Object.getPrototypeOf(key);
  return prototype === Object.prototype || prototype === null ||
    Array.isArray(key) || key instanceof Map || key instanceof Set ||
    key instanceof PyByteArray || key instanceof PyDeque ||
    key instanceof PySlice || key instanceof PyUUID && key.text === "" ||
    key instanceof NdArray ||
    key instanceof MaskedArray || tables.some((Table) => key instanceof Table);
}
