import { writeGraph } from "../graph/write.ts";
import type { Token } from "../graph/layout.ts";
import type { Registry } from "../registry.ts";
import type { Bytes } from "../types.ts";
import { flatten } from "./flatten.ts";
import { GRAPH } from "./tags.ts";

/** A value in plain data. */
export interface Spelled {
  readonly tree: unknown;
  /** The frames that the tree names, in the order in which they were met. */
  readonly frames: readonly Bytes[];
}

/**
 * Spells a value in plain data: as a tree, or as a graph if something in it is met twice, or lies very deep.
 *
 * @param value The value.
 * @param registry Where the serializations are found.
 * @param name What stands for a frame: by its place among the frames of this value, or by its bytes.
 * @throws {SerializeError} If it holds something that could not come back as it was; with the path.
 */
export function spell(
  value: unknown,
  registry: Registry,
  name: (index: number, frame: Bytes) => number | string,
): Spelled {
  const begin = () => {
    registry.beginWalk();
    const frames: Bytes[] = [];
    const keep = (frame: Bytes) => name(frames.push(frame) - 1, frame);
    return { frames, keep, registry, tokens: [] as Token[] };
  };
  const target = begin();
  const tree = flatten(value, target);
  if (tree !== undefined) return { tree, frames: target.frames };
  const { tokens, frames } = writeGraph(value, registry, begin);
  return { tree: { [GRAPH]: tokens }, frames };
}
