import { FormatError, TruncatedError } from "../errors.ts";
import { readGraph } from "../graph/read.ts";
import type { Registry } from "../registry.ts";
import { told } from "../told.ts";
import { Frames } from "../tree/frames.ts";
import { revive } from "../tree/revive.ts";
import type { Bytes } from "../types.ts";
import { decodeScanned } from "./read.ts";
import { MsgpackScanner } from "./scanner.ts";
import { isGraphAt, TokenUnpacker } from "./token_unpacker.ts";
import { countOf, TOKENS } from "./tokens.ts";

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

/** The values of a frame that are trees or graphs: trees are decoded first and then revived, graphs are read as they are. */
export function readTagged(bytes: Bytes, options: TaggedOptions): unknown[] {
  const { registry, maxDepth, values } = options;
  const frames = new Frames(options.frames);
  const frame = (name: unknown) => frames.take(name, fail);
  const scanner = new MsgpackScanner(STAGE, treeDepth(maxDepth));
  const graphs: [index: number, value: unknown][] = [];
  const trees: unknown[] = [];
  let at = 0;
  let count = 1;
  if (values !== undefined) [count, at] = listHead(bytes, values);
  for (let i = 0; i < count; i++) {
    if (isGraphAt(bytes, at)) {
      const tokens = new TokenUnpacker(STAGE, bytes, at);
      graphs.push([
        i,
        readGraph(tokens, { stage: STAGE, registry, frame, maxDepth }),
      ]);
      at = tokens.position;
      trees.push(null);
      continue;
    }
    scanner.position = at;
    if (!scanner.next(bytes, 0)) cut(bytes);
    const tree = bytes.subarray(at, scanner.position);
    trees.push(decodeScanned(STAGE, tree, at, scanner.wide));
    at = scanner.position;
  }
  if (at < bytes.length) {
    fail("there are bytes after the value", { offset: at });
  }
  const single = values === undefined;
  // The list around the values is one level more.
  const found = revive(trees, {
    ...{ stage: STAGE, registry, frames, single },
    maxDepth: maxDepth + 1,
  }) as unknown[];
  frames.end(STAGE);
  for (const [index, value] of graphs) found[index] = value;
  return found;
}

/** How many values a list has, and where the first one begins. */
function listHead(bytes: Bytes, values: unknown): [number, number] {
  const head = TOKENS[bytes[0] ?? 0]!;
  const start = 1 + head.width;
  if (start > bytes.length) cut(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = countOf(head, view, 1);
  if (head.kind !== "array" || count !== values) {
    fail(`the frame does not hold ${told(values)} values`);
  }
  return [count, start];
}

function fail(message: string, options?: { offset: number }): never {
  throw new FormatError(STAGE, message, options);
}

function cut({ length: offset }: Bytes): never {
  const message = "the bytes end within a value";
  throw new TruncatedError(STAGE, message, { offset });
}
