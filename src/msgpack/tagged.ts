import { FormatError } from "../errors.ts";
import { readGraph } from "../graph/read.ts";
import type { Registry } from "../registry.ts";
import { told } from "../told.ts";
import { Frames } from "../tree/frames.ts";
import { revive } from "../tree/revive.ts";
import type { Bytes } from "../types.ts";
import { GraphTokens, isGraphNext } from "./graph_tokens.ts";
import { readValue } from "./read_value.ts";
import { isListHead, MsgpackReader } from "./reader.ts";
import { timeOf } from "./time.ts";

/** What the reading of tagged values needs from the message they came in. */
export interface TaggedOptions {
  readonly registry: Registry;
  readonly frames: readonly Bytes[];
  /** How many values there should be, if they are in a list. */
  readonly values: unknown;
  /** Arrays and objects within each other. */
  readonly maxDepth: number;
}

const STAGE = "msgpack";

/** A tag adds two levels. */
const treeDepth = (maxDepth: number) => 3 * maxDepth + 3;

/** The values of a frame that are trees or graphs: trees are read first and then revived, graphs are read as they are. */
export function readTagged(bytes: Bytes, options: TaggedOptions): unknown[] {
  const { registry, maxDepth, values } = options;
  const frames = new Frames(options.frames);
  const frame = (name: unknown) => frames.take(name, fail);
  const reader = new MsgpackReader(STAGE, bytes);
  const graphs: [index: number, value: unknown][] = [];
  const trees: unknown[] = [];
  const single = values === undefined;
  const count = single ? 1 : countOf(reader, values);
  for (let i = 0; i < count; i++) {
    if (isGraphNext(reader)) {
      const graph = { stage: STAGE, registry, frame, maxDepth };
      graphs.push([i, readGraph(new GraphTokens(reader), graph)]);
      trees.push(null);
    } else trees.push(readValue(reader, treeDepth(maxDepth), timeOf));
  }
  reader.end();
  // The list around the values is one level more.
  const found = revive(trees, {
    ...{ stage: STAGE, registry, frames, single },
    maxDepth: maxDepth + 1,
  }) as unknown[];
  frames.end(STAGE);
  for (const [index, value] of graphs) found[index] = value;
  return found;
}

/** How many values the list has that comes next. */
function countOf(reader: MsgpackReader, values: unknown): number {
  const head = reader.head();
  const count = isListHead(head) ? reader.count(head) : undefined;
  if (count !== values) {
    fail(`the frame does not hold ${told(values)} values`);
  }
  return count!;
}

function fail(message: string): never {
  throw new FormatError(STAGE, message);
}
