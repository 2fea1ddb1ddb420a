import type { Bytes } from "../types.ts";
import { LimitError, SerializeError } from "../errors.ts";
import type { Registry } from "../registry.ts";
import { type Open, open, refuse } from "./open.ts";
import { isPlainPrimitive } from "./ordinary.ts";
import { pathOf, type Step } from "./path.ts";
import { setKey } from "./tags.ts";

/** What the flattening of a value needs from the format it is for. */
export interface FlattenOptions {
  /** Where the serializations are found. */
  readonly registry: Registry;
  /** Keeps a frame, and gives what stands for it in the tree: its index, or its base64. */
  readonly keep: (frame: Bytes) => number | string;
}

/** What a format without tags allows. */
export interface NativeOptions {
  /** Values that the format holds as they are, though plain data does not. */
  readonly isNative: (value: unknown) => boolean;
  /** Arrays and objects within each other. */
  readonly maxDepth: number;
  /** The key under which the value stands, in the paths of errors. */
  readonly at: number;
}

/** A value still to be put into the tree. */
interface Job {
  readonly value: unknown;
  readonly target: object;
  readonly key: PropertyKey;
  readonly step: Step | undefined;
  readonly depth: number;
}

/** Formats recurse; what is deeper than this is for the graph, which is flat. */
const MAX_DEPTH = 500;

/**
 * The value as a tree of plain data: see `tags.ts`. Walks with a stack of its own, so depth costs no call stack.
 *
 * @returns The tree; or `undefined` if the value is none, because something in it is met twice, or lies too deep.
 */
export function flatten(value: unknown, options: FlattenOptions): unknown {
  const root: { tree?: unknown } = {};
  const seen = new Set<unknown>();
  const stack: Job[] = [
    { value, target: root, key: "tree", step: undefined, depth: 0 },
  ];
  for (let job; (job = stack.pop());) {
    const { value, target, key, step, depth } = job;
    if (isPlainPrimitive(value)) {
      setKey(target, key, value);
      continue;
    }
    if (depth > MAX_DEPTH || isMetAgain(value, seen)) return undefined;
    const node = open(value, step, options);
    setKey(target, key, node.tree);
    pushChildren(stack, node, job);
  }
  return root.tree;
}

/** Whether an object, or the bytes that a view shows, were met before. */
function isMetAgain(value: unknown, seen: Set<unknown>): boolean {
  if (typeof value !== "object") return false;
  const { size } = seen;
  if (seen.add(value).size === size) return true;
  return ArrayBuffer.isView(value) && seen.add(value.buffer).size === size + 1;
}

/** Backwards, so that the stack gives them in order, and frames are numbered as they are met. */
function pushChildren(stack: Job[], node: Open, { step, depth }: Job): void {
  const { children, into, isTag } = node;
  for (let i = children.length - 1; i >= 0; i--) {
    const [key, value, own = key] = children[i]!;
    // The header of a value stands for the value itself: a path goes on with what is in it.
    const down = isTag ? step : { up: step, key: own };
    stack.push({ value, target: into, key, step: down, depth: depth + 1 });
  }
}

/**
 * Refuses, with its path, what a format without tags could not bring back.
 *
 * @throws {SerializeError} For what is neither plain nor native, or contains itself.
 * @throws {LimitError} For what lies too deep.
 */
export function refuseForeign(value: unknown, options: NativeOptions): void {
  const { isNative, maxDepth, at } = options;
  const above = new Set<unknown>();
  const step = { up: undefined, key: at };
  const stack: (Omit<Job, "target" | "key"> | { left: unknown })[] = [
    { value, step, depth: 0 },
  ];
  for (let job; (job = stack.pop());) {
    if ("left" in job) {
      above.delete(job.left);
      continue;
    }
    const { value, step, depth } = job;
    if (isPlainPrimitive(value) || isNative(value)) continue;
    if (depth >= maxDepth) {
      const path = pathOf(step);
      throw new LimitError("serialize", "depth", depth + 1, maxDepth, { path });
    }
    if (above.has(value)) {
      throw new SerializeError("it contains itself", pathOf(step));
    }
    above.add(value);
    stack.push({ left: value });
    for (const [key, child] of refuse(value, step)) {
      stack.push({ value: child, step: { up: step, key }, depth: depth + 1 });
    }
  }
}
