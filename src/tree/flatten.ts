import type { Bytes } from "../types.ts";
import { LimitError, SerializeError } from "../errors.ts";
import type { Registry } from "../registry.ts";
import type { Parts, Serialization } from "../serialization.ts";
import { pathOf, type Step } from "./path.ts";
import { setKey, TAG, tagOf, type TreeObject } from "./tags.ts";

/** What the flattening of a value needs from the format it is for. */
export interface FlattenOptions {
  /** Where the serializations are found. Without one nothing is tagged: what is not plain is refused. */
  readonly registry?: Registry;
  /** Values that the format holds as they are, though plain data does not. */
  readonly isNative?: (value: unknown) => boolean;
  /** Keeps a frame, and gives what stands for it in the tree: its index, or its base64. */
  readonly keep?: (frame: Bytes) => number | string;
  /** Arrays and objects within each other. */
  readonly maxDepth: number;
  /** The key under which the value stands, in the paths of errors. */
  readonly at?: number;
}

/** A value still to be put into the tree; or an object that has been left, with all that is in it. */
type Job =
  | {
    value: unknown;
    target: object;
    key: PropertyKey;
    step: Step | undefined;
    depth: number;
  }
  | { left: object };

/** The value as a tree of plain data: see `tags.ts`. Walks with a stack of its own, so depth costs no call stack. */
export function flatten(value: unknown, options: FlattenOptions): unknown {
  const root: { tree?: unknown } = {};
  const above = new Set<object>();
  const step = options.at === undefined
    ? undefined
    : { up: undefined, key: options.at };
  const stack: Job[] = [{ value, target: root, key: "tree", step, depth: 0 }];
  for (let job; (job = stack.pop());) {
    if ("left" in job) above.delete(job.left);
    else flattenOne(job, stack, above, options);
  }
  return root.tree;
}

function flattenOne(
  job: Exclude<Job, { left: object }>,
  stack: Job[],
  above: Set<object>,
  options: FlattenOptions,
): void {
  const { value, target, key, step, depth } = job;
  if (isPlainPrimitive(value) || options.isNative?.(value)) {
    return setKey(target, key, value);
  }
  if (depth >= options.maxDepth) {
    throw new LimitError("serialize", "depth", depth + 1, options.maxDepth, {
      path: pathOf(step),
    });
  }
  if (typeof value === "object" && value !== null) {
    if (above.has(value)) {
      throw new SerializeError("it contains itself", pathOf(step));
    }
    above.add(value);
    stack.push({ left: value });
  }
  const node = open(value, step, options);
  setKey(target, key, node.tree);
  // Backwards, so that the stack gives them in order, and frames are numbered as they are met.
  const { children, into } = node;
  for (let i = children.length - 1; i >= 0; i--) {
    const [name, child, own = name] = children[i]!;
    stack.push({
      value: child,
      target: into,
      key: name,
      // The header of a value stands for the value itself: a path goes on with what is in it.
      step: node.isTag ? step : { up: step, key: own },
      depth: depth + 1,
    });
  }
}

/** Where it goes, what it is, and what the value calls that place, if something else. */
type Child = readonly [
  key: string | number,
  value: unknown,
  own?: string | number,
];

/** A node of the tree whose children are still to come. */
interface Open {
  readonly tree: object;
  readonly into: object;
  readonly children: readonly Child[];
  /** Whether it is a value taken apart, and its only child its header. */
  readonly isTag?: boolean;
}

function open(
  value: unknown,
  step: Step | undefined,
  options: FlattenOptions,
): Open {
  if (
    Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype
  ) {
    return openArray(value, step);
  }
  if (isObject(value)) return openObject(value, step, options);
  const serialization = options.registry?.find(value);
  if (!serialization) {
    throw new SerializeError(
      `no serialization is registered for its type, ${typeName(value)}`,
      pathOf(step),
    );
  }
  const { header, frames = [] } = partsOf(value, serialization, step);
  const list: unknown[] = [null];
  for (const frame of frames) list.push(options.keep!(frame));
  const bare = header === undefined && frames.length === 0;
  return {
    tree: { [TAG + serialization.type]: bare ? [] : list },
    into: list,
    children: header === undefined ? [] : [[0, header]],
    isTag: true,
  };
}

function partsOf(
  value: unknown,
  serialization: Serialization,
  step: Step | undefined,
): Parts {
  try {
    return serialization.serialize(value);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SerializeError(message, pathOf(step), { cause });
  }
}

function openArray(array: readonly unknown[], step: Step | undefined): Open {
  refuseFixed(array, step);
  const tree = new Array<unknown>(array.length);
  const children: [number, unknown][] = [];
  for (let i = 0; i < array.length; i++) {
    const item = array[i];
    if (isPlainPrimitive(item)) tree[i] = item;
    else if (item === undefined && !(i in array)) {
      throw new SerializeError(
        "it is a hole in an array",
        pathOf({ up: step, key: i }),
      );
    } else children.push([i, item]);
  }
  return { tree, into: tree, children };
}

function openObject(
  object: TreeObject,
  step: Step | undefined,
  { registry }: FlattenOptions,
): Open {
  refuseFixed(object, step);
  if (Object.getOwnPropertySymbols(object).length > 0) {
    throw new SerializeError("it has a key that is a symbol", pathOf(step));
  }
  const keys = Object.keys(object);
  const awkward = keys.find(isAwkwardKey);
  if (awkward !== undefined) {
    if (registry) return openEntries(object);
    throw new SerializeError(
      "formats do not agree about such a key",
      pathOf({ up: step, key: awkward }),
    );
  }
  const escape = registry && tagOf(object) !== undefined ? TAG : "";
  const tree: TreeObject = {};
  const children: Child[] = [];
  for (const key of keys) {
    const item = object[key];
    const name = escape + key;
    // Every key takes its place now, so that the order of keys is kept.
    tree[name] = isPlainPrimitive(item) ? item : null;
    if (!isPlainPrimitive(item)) children.push([name, item, key]);
  }
  return { tree, into: tree, children };
}

/** Formats and runtimes differ in what they do to such a key, so it travels as a value. */
function isAwkwardKey(key: string): boolean {
  return key === "__proto__" || !key.isWellFormed();
}

function openEntries(object: TreeObject): Open {
  const entries = Object.entries(object).flat();
  const list: unknown[] = [null];
  return {
    tree: { [`${TAG}Object`]: list },
    into: list,
    children: [[0, entries]],
  };
}

function refuseFixed(object: object, step: Step | undefined): void {
  if (Object.isExtensible(object)) return;
  throw new SerializeError(
    "it is frozen, sealed or not extensible, which would be lost",
    pathOf(step),
  );
}

/** What plain data has as it is: see `isPlain`. */
function isPlainPrimitive(value: unknown): boolean {
  return typeof value === "string" && value.isWellFormed() ||
    value === null || typeof value === "boolean" ||
    typeof value === "number" && Number.isFinite(value) &&
      !Object.is(value, -0);
}

function isObject(value: unknown): value is TreeObject {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

/** What a person would call the type of a value: its class, or its kind of primitive. */
function typeName(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return "an object without a prototype";
  const name = prototype.constructor?.name;
  return typeof name === "string" && name ? name : "an unnamed class";
}
