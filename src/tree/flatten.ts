import type { Registry } from "../registry.ts";
import type { Bytes } from "../types.ts";
import { partsOf, refuseType } from "./open.ts";
import {
  isAwkwardKey,
  isDense,
  isOrdinaryArray,
  isOrdinaryObject,
  isPlainPrimitive,
} from "./ordinary.ts";
import { pathOfKeys } from "./path.ts";
import { TAG, tagOf, type TreeObject } from "./tags.ts";

/** What the flattening of a value needs from the format it is for. */
export interface FlattenOptions {
  /** Where the serializations are found. */
  readonly registry: Registry;
  /** Keeps a frame, and gives what stands for it in the tree: its index, or its base64. */
  readonly keep: (frame: Bytes) => number | string;
}

/** Formats recurse, and so does this; what is deeper is for the graph, which is flat. */
const MAX_DEPTH = 500;

/**
 * The value as a tree of plain data: see `tags.ts`.
 *
 * @returns The tree; or `undefined` if the value is none, because something in it is met twice, or lies too deep.
 */
export function flatten(value: unknown, options: FlattenOptions): unknown {
  return new Flattener(options).node(value, 0);
}

class Flattener {
  readonly #registry: Registry;
  readonly #keep: FlattenOptions["keep"];
  readonly #seen = new Set<unknown>();
  /** From the root, what each level is called in the one above; a header has no name of its own. */
  readonly #keys: (string | number | undefined)[] = [];
  #depth = 0;

  constructor({ registry, keep }: FlattenOptions) {
    this.#registry = registry;
    this.#keep = keep;
  }

  node(value: unknown, depth: number): unknown {
    if (isPlainPrimitive(value)) return value;
    if (depth > MAX_DEPTH || this.#isMetAgain(value)) return undefined;
    if (typeof value !== "object") return this.#typed(value, depth);
    if (Array.isArray(value)) {
      return isOrdinaryArray(value) && isDense(value)
        ? this.#array(value, depth)
        : this.#typed(value, depth);
    }
    return isOrdinaryObject(value!)
      ? this.#object(value, depth)
      : this.#typed(value, depth);
  }

  /** Whether an object, or the bytes that a view shows, were met before. */
  #isMetAgain(value: unknown): boolean {
    if (typeof value !== "object") return false;
    const seen = this.#seen;
    const { size } = seen;
    if (seen.add(value).size === size) return true;
    return ArrayBuffer.isView(value) &&
      seen.add(value.buffer).size === size + 1;
  }

  #array(array: readonly unknown[], depth: number): unknown {
    const tree: unknown[] = [];
    for (let i = 0; i < array.length; i++) {
      this.#keys[depth] = i;
      const node = this.node(array[i], depth + 1);
      if (node === undefined) return undefined;
      tree.push(node);
    }
    return tree;
  }

  #object(object: TreeObject, depth: number): unknown {
    const keys = Object.keys(object);
    // Formats treat it differently, so it is no part of the tree.
    if (keys.some(isAwkwardKey)) return this.#typed(object, depth);
    const escape = tagOf(object) === undefined ? "" : TAG;
    const tree: TreeObject = {};
    for (const key of keys) {
      this.#keys[depth] = key;
      const node = this.node(object[key], depth + 1);
      if (node === undefined) return undefined;
      tree[escape + key] = node;
    }
    return tree;
  }

  #typed(value: unknown, depth: number): unknown {
    this.#depth = depth;
    const serialization = this.#registry.find(value) ??
      refuseType(value, this.#path);
    const { header, frames } = partsOf(value, serialization, this.#path);
    const list: unknown[] = [];
    if (frames !== undefined && frames.length > 0) {
      list.push(null);
      for (const frame of frames) list.push(this.#keep(frame));
    }
    if (header !== undefined) {
      this.#keys[depth] = undefined;
      const node = this.node(header, depth + 1);
      if (node === undefined) return undefined;
      list[0] = node;
    }
    return { [TAG + serialization.type]: list };
  }

  readonly #path = (): string => pathOfKeys(this.#keys, this.#depth);
}
