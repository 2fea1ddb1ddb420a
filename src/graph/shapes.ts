import { isAwkwardKey, isPlainPrimitive } from "../tree/ordinary.ts";

/** The keys of objects, and under which of them plain primitives stand: "p", or else values: "v". */
export interface Shape {
  readonly keys: readonly string[];
  readonly kinds: string;
  /** Whether plain primitives are all there is. */
  readonly isPlain: boolean;
  /** Its code; 0 until it is defined. */
  code: number;
}

/** A key on the way to a shape; what may come next is known by key, apart by kind. */
class Node {
  shape: Shape | undefined;
  readonly #plain = new Map<string, Node>();
  readonly #value = new Map<string, Node>();
  /** Where it went on the last time: most objects are like the one before. */
  #key: string | undefined;
  #isPlain = false;
  #last: Node | undefined;

  /** The next key on the way; `undefined` if formats do not agree about it. */
  next(key: string, isPlain: boolean): Node | undefined {
    if (this.#key === key && this.#isPlain === isPlain) return this.#last;
    const nodes = isPlain ? this.#plain : this.#value;
    let next = nodes.get(key);
    if (!next) {
      if (isAwkwardKey(key)) return undefined;
      nodes.set(key, next = new Node());
    }
    this.#key = key;
    this.#isPlain = isPlain;
    return this.#last = next;
  }
}

/** Objects with more keys are tables rather than records: hardly two have the same shape. */
const MAX_KEYS = 64;

/** The shapes that have been met, found by walking along an object's keys. */
export class Shapes {
  readonly #root = new Node();

  /**
   * The shape of an object.
   *
   * @param object The object.
   * @param values Takes its values, in order.
   * @returns The shape; or `undefined` if it has a key that formats do not agree about.
   */
  of(
    object: Readonly<Record<string, unknown>>,
    values: unknown[],
  ): Shape | undefined {
    let node: Node | undefined = this.#root;
    for (const key in object) {
      const value = object[key];
      if (values.push(value) > MAX_KEYS) continue;
      node = node.next(key, isPlainPrimitive(value));
      if (!node) return undefined;
    }
    if (values.length > MAX_KEYS) return shapeOf(object, values);
    return node.shape ??= shapeOf(object, values);
  }
}

function shapeOf(
  object: Readonly<Record<string, unknown>>,
  values: readonly unknown[],
): Shape | undefined {
  const keys = Object.keys(object);
  if (keys.some(isAwkwardKey)) return undefined;
  const kinds = values.map((value) => isPlainPrimitive(value) ? "p" : "v");
  const isPlain = !kinds.includes("v");
  return { keys, kinds: kinds.join(""), isPlain, code: 0 };
}
