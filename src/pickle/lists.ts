import { PyTuple } from "./values/sequence.ts";

/**
 * An empty list with room for four: an array that V8 has to grow from nothing gets room for seventeen, and most lists are
 * small. What is put in and taken out is no constant, because those would be shared until the first change.
 */
export function roomyList(any: number): unknown[] {
  const list: unknown[] = [any, any, any, any];
  list.pop();
  list.pop();
  list.pop();
  list.pop();
  return list;
}

/** A tuple of what is between two heights of the stack. */
export function tupleOf(
  stack: readonly unknown[],
  from: number,
  to: number,
): PyTuple {
  const length = to - from;
  // Of its length at once, or it would have room for seventeen; but not a long one, for which engines would take a map.
  const tuple = new PyTuple(length < 1000 ? length : 0);
  for (let i = 0; i < length; i++) tuple[i] = stack[from + i];
  return tuple;
}
