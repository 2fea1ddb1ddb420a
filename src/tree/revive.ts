import { FormatError, LimitError, UnknownNameError } from "../errors.ts";
import type { Registry } from "../registry.ts";
import type { TokenSource } from "../graph/layout.ts";
import { readGraph } from "../graph/read.ts";
import { reasonOf } from "../told.ts";
import type { Frames } from "./frames.ts";
import { pathTo } from "./path.ts";
import { GRAPH, isEscaped, setKey, tagOf, type TreeObject } from "./tags.ts";

/** What the reviving of a tree needs from the message it came in. */
export interface ReviveOptions {
  /** The family that read the tree: the stage that errors name. */
  readonly stage: string;
  /** Where the serializations are found. */
  readonly registry: Registry;
  /** The frames that the tree names by index. */
  readonly frames: Frames;
  /** Whether the tree is a list of one, which is the value that errors tell the path in. */
  readonly single?: boolean;
  /** Arrays and objects within each other. */
  readonly maxDepth: number;
}

/** An object that looks like a tag, and where it stands. */
interface Tagged {
  readonly parent: object;
  readonly key: string | number;
  readonly node: TreeObject;
  readonly tag: string;
}

/**
 * The value that a tree spells. The tree is freshly parsed and nobody else's, so it is changed in place: only tagged nodes
 * are replaced. Parents are found before their children, and built after them.
 */
export function revive(tree: unknown, options: ReviveOptions): unknown {
  const root: TreeObject = { tree };
  const found = findTags(root, options);
  for (let i = found.length - 1; i >= 0; i--) {
    const { parent, key, node, tag } = found[i]!;
    setKey(parent, key, build(node, tag, root, options));
  }
  return root.tree;
}

function findTags(root: TreeObject, options: ReviveOptions): Tagged[] {
  const found: Tagged[] = [];
  const stack: { node: object; depth: number }[] = [{ node: root, depth: 0 }];
  for (let next; (next = stack.pop());) {
    const { node: parent, depth } = next;
    const visit = (key: string | number, node: unknown) => {
      if (typeof node !== "object" || node === null) return;
      if (ArrayBuffer.isView(node)) return;
      if (depth >= options.maxDepth) {
        const { stage, maxDepth } = options;
        // The list around the values is no level of the value's own.
        throw new LimitError(stage, "depth", depth, maxDepth - 1);
      }
      const tag = Array.isArray(node) ? undefined : tagOf(node);
      if (tag === undefined) return stack.push({ node, depth: depth + 1 });
      found.push({ parent, key, node: node as TreeObject, tag });
      // The list inside a tag is not of the value's making, so it is no level of its own.
      const content = (node as TreeObject)[tag];
      const inner = isEscaped(tag) ? node : content;
      if (tag !== GRAPH && typeof inner === "object" && inner !== null) {
        stack.push({ node: inner, depth: depth + 1 });
      }
    };
    if (Array.isArray(parent)) parent.forEach((node, i) => visit(i, node));
    else for (const key in parent) visit(key, (parent as TreeObject)[key]);
  }
  return found;
}

function build(
  node: TreeObject,
  tag: string,
  root: TreeObject,
  options: ReviveOptions,
): unknown {
  const { stage, registry, frames } = options;
  const content = node[tag];
  if (isEscaped(tag)) return { [tag.slice(1)]: content };
  const path = () =>
    pathTo(options.single ? (root.tree as unknown[])[0] : root.tree, node);
  const fail = (message: string, cause?: unknown): never => {
    throw new FormatError(stage, message, { cause, path: path() });
  };
  if (!Array.isArray(content)) return fail(`the tag ${tag} holds no list`);
  if (tag === GRAPH) return graph(content, fail, options);
  const [header, ...refs] = content;
  const serialization = registry.get(tag.slice(1));
  if (!serialization) {
    throw new UnknownNameError("type", tag.slice(1), registry.types(), {
      path: path(),
    });
  }
  const own = refs.map((ref) => frames.take(ref, fail));
  try {
    return serialization.deserialize({ header, frames: own });
  } catch (cause) {
    return fail(
      `${serialization.type} cannot be made of it: ${reasonOf(cause)}`,
      cause,
    );
  }
}

type Fail = (message: string, cause?: unknown) => never;

function graph(
  tokens: readonly unknown[],
  fail: Fail,
  { stage, registry, frames, maxDepth }: ReviveOptions,
): unknown {
  const frame = (name: unknown) => frames.take(name, fail);
  return readGraph(new ListedTokens(tokens, fail), {
    stage,
    registry,
    frame,
    // The list around the values is no level of the value's own.
    maxDepth: maxDepth - 1,
  });
}

class ListedTokens implements TokenSource {
  readonly #tokens: readonly unknown[];
  readonly #fail: Fail;
  #next = 0;

  constructor(tokens: readonly unknown[], fail: Fail) {
    this.#tokens = tokens;
    this.#fail = fail;
  }

  get left(): number {
    return this.#tokens.length - this.#next;
  }

  next(): unknown {
    if (this.#next < this.#tokens.length) return this.#tokens[this.#next++];
    return this.#fail("the graph ends too early");
  }
}
