import { SerializeError } from "../errors.ts";
import { liveKindOf } from "../live_kind.ts";
import type { Registry } from "../registry.ts";
import type { Parts, Serialization } from "../serialization.ts";
import type { FlattenOptions } from "./flatten.ts";
import {
  isAwkwardKey,
  isOrdinaryArray,
  isOrdinaryObject,
  isPlainPrimitive,
  typeName,
} from "./ordinary.ts";
import { pathOf, type Step } from "./path.ts";
import { TAG, tagOf, type TreeObject } from "./tags.ts";

/** Where it goes, what it is, and what the value calls that place, if something else. */
export type Child = readonly [
  key: string | number,
  value: unknown,
  own?: string | number,
];

/** A node of the tree whose children are still to come. */
export interface Open {
  readonly tree: object;
  readonly into: object;
  readonly children: readonly Child[];
  /** Whether it is a value taken apart, and its only child its header. */
  readonly isTag?: boolean;
}

/** Takes one value apart: its node, and what goes into that. */
export function open(
  value: unknown,
  step: Step | undefined,
  options: FlattenOptions,
): Open {
  const ordinary = typeof value === "object" && value !== null &&
    (isOrdinaryArray(value)
      ? openArray(value)
      : isOrdinaryObject(value) && openObject(value));
  return ordinary || openTyped(value, step, options);
}

/** The serialization for a value, or an error with its path. */
export function serializationOf(
  value: unknown,
  registry: Registry,
  path: () => string,
): Serialization {
  const serialization = registry.find(value);
  if (serialization) return serialization;
  const hint = liveKindOf(value) ? ": serializeLive() keeps it" : "";
  throw new SerializeError(
    `no serialization is registered for its type, ${typeName(value)}${hint}`,
    path(),
  );
}

/** What a value is taken apart into, or an error with its path. */
export function partsOf(
  value: unknown,
  serialization: Serialization,
  path: () => string,
): Parts {
  try {
    return serialization.serialize(value);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SerializeError(message, path(), { cause });
  }
}

/** The children of plain data; all else is refused. */
export function refuse(
  value: unknown,
  step: Step | undefined,
): Iterable<readonly [string | number, unknown]> {
  const ordinary = typeof value === "object" && value !== null &&
    (isOrdinaryArray(value)
      ? openArray(value)
      : isOrdinaryObject(value) && !Object.keys(value).some(isAwkwardKey) &&
        openObject(value));
  if (ordinary) return Object.entries(value);
  throw new SerializeError(
    `the format has nothing for its type, ${typeName(value)}`,
    pathOf(step),
  );
}

function openTyped(
  value: unknown,
  step: Step | undefined,
  { registry, keep }: FlattenOptions,
): Open {
  const path = () => pathOf(step);
  const serialization = serializationOf(value, registry, path);
  const { header, frames = [] } = partsOf(value, serialization, path);
  const list: unknown[] = [null];
  for (const frame of frames) list.push(keep(frame));
  const bare = header === undefined && frames.length === 0;
  return {
    tree: { [TAG + serialization.type]: bare ? [] : list },
    into: list,
    children: header === undefined ? [] : [[0, header]],
    isTag: true,
  };
}

/** An array with a hole is none of ours. */
function openArray(array: readonly unknown[]): Open | undefined {
  const tree = new Array<unknown>(array.length);
  const children: Child[] = [];
  for (let i = 0; i < array.length; i++) {
    const item = array[i];
    if (isPlainPrimitive(item)) tree[i] = item;
    else if (item === undefined && !(i in array)) return undefined;
    else children.push([i, item]);
  }
  return { tree, into: tree, children };
}

/** An object with an awkward key is none of ours. */
function openObject(object: TreeObject): Open | undefined {
  const keys = Object.keys(object);
  if (keys.some(isAwkwardKey)) return undefined;
  const escape = tagOf(object) === undefined ? "" : TAG;
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
