import { isAwkwardKey } from "../tree/ordinary.ts";
import { isToken } from "./layout.ts";

/** The keys of objects, and under which of them plain primitives stand: "p", or else values: "v". */
export interface Shape {
  readonly keys: readonly string[];
  readonly kinds: string;
  /** Whether plain primitives are all there is. */
  readonly isPlain: boolean;
  /** Its code; 0 until it is defined. */
  code: number;
}

/** So many ways on are compared one by one. */
const FEW = 8;

/** A key on the way to a shape; what may come next is known by key, apart by kind. */
class Node {
  shape: Shape | undefined;
  readonly key: string;
  readonly isPlain: boolean;
  /** The first way on from here, and the next one from where this is one. */
  first: Node | undefined;
  other: Node | undefined;
  /** All ways on but the first few. */
  many: Map<string, Node> | undefined;

  constructor(key: string, isPlain: boolean) {
    this.key = key;
    this.isPlain = isPlain;
  }

  /** The next key on the way; `undefined` if formats do not agree about it. */
  next(key: string, isPlain: boolean): Node | undefined {
    let count = 0;
    for (let node = this.first; node; node = node.other, count++) {
      if (node.key === key && node.isPlain === isPlain) return node;
    }
    if (isAwkwardKey(key)) return undefined;
    if (count === FEW) return this.#nextOfMany(key, isPlain);
    const node = new Node(key, isPlain);
    node.other = this.first;
    return this.first = node;
  }

  #nextOfMany(key: string, isPlain: boolean): Node {
    const name = (isPlain ? "p" : "v") + key;
    const many = this.many ??= new Map<string, Node>();
    let node = many.get(name);
    if (!node) many.set(name, node = new Node(key, isPlain));
    return node;
  }
}

/** Objects with more keys are tables rather than records: hardly two have the same shape. */
const MAX_KEYS = 64;

/** The shapes that have been met, found by walking along an object's keys. */
export class Shapes {
  readonly #root = new Node("", false);

  /**
   * The shape of an object.
   *
   * @param object The object.
   * @param values Takes its values, in order; there may be others behind.
   * @returns The shape; or `undefined` if it has a key that formats do not agree about.
   */
  of(
    object: Readonly<Record<string, unknown>>,
    values: unknown[],
  ): Shape | undefined {
    let node: Node | undefined = this.#root;
    let count = 0;
    for (const key in object) {
      const value = object[key];
      values[count++] = value;
      if (count > MAX_KEYS) continue;
      const isPlain = isToken(value);
      const first: Node | undefined = node.first;
      // Most objects are like the one before.
      node = first !== undefined && first.key === key &&
          first.isPlain === isPlain
        ? first
        : node.next(key, isPlain);
      if (!node) return undefined;
    }
    if (count > MAX_KEYS) return shapeOf(object, values);
    return node.shape ??= shapeOf(object, values);
  }
}

function shapeOf(
  object: Readonly<Record<string, unknown>>,
  values: readonly unknown[],
): Shape | undefined {
  const keys = Object.keys(object);
  if (keys.some(isAwkwardKey)) return undefined;
  const kinds = keys.map((_, i) => isToken(values[i]) ? "p" : "v");
  const isPlain = !kinds.includes("v");
  return { keys, kinds: kinds.join(""), isPlain, code: 0 };
}

/** What is in an array: plain primitives only, values, or nothing at some place. */
export function contentOf(
  array: readonly unknown[],
): "plain" | "values" | "holes" {
  let content: "plain" | "values" = "plain";
  for (let i = 0; i < array.length; i++) {
    const item = array[i];
    if (isToken(item)) continue;
    if (item === undefined && !(i in array)) return "holes";
    content = "values";
  }
  return content;
}
