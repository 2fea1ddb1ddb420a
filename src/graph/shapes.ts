import { isAwkwardKey, isPlainPrimitive } from "../tree/ordinary.ts";

/** The keys of objects, and under which of them plain primitives stand: "p", or else values: "v". */
export interface Shape {
  readonly keys: readonly string[];
  readonly kinds: string;
  /** Its code; 0 until it is defined. */
  code: number;
}

/** A key on the way to a shape; what may come next is known by key, apart by kind. */
interface Node {
  readonly plain: Map<string, Node>;
  readonly value: Map<string, Node>;
  shape: Shape | undefined;
}

/** Objects with more keys are tables rather than records: hardly two have the same shape. */
const MAX_KEYS = 64;

/** The shapes that have been met, found by walking along an object's keys. */
export class Shapes {
  readonly #root: Node = {
    plain: new Map(),
    value: new Map(),
    shape: undefined,
  };

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
    let node = this.#root;
    let count = 0;
    for (const key in object) {
      const value = object[key];
      values.push(value);
      if (++count > MAX_KEYS) continue;
      const next = isPlainPrimitive(value) ? node.plain : node.value;
      let child = next.get(key);
      if (!child) {
        if (isAwkwardKey(key)) return undefined;
        child = { plain: new Map(), value: new Map(), shape: undefined };
        next.set(key, child);
      }
      node = child;
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
  const kinds = values.map((value) => isPlainPrimitive(value) ? "p" : "v");
  return { keys, kinds: kinds.join(""), code: 0 };
}
