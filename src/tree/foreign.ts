import { LimitError, SerializeError } from "../errors.ts";
import {
  isAwkwardKey,
  isDense,
  isOrdinaryArray,
  isOrdinaryObject,
  isPlainPrimitive,
  typeName,
} from "./ordinary.ts";
import { pathOf, type Step } from "./path.ts";

/** What a format without tags allows. */
export interface NativeOptions {
  /** Values that the format holds as they are, though plain data does not. */
  readonly isNative: (value: unknown) => boolean;
  /** Arrays and objects within each other. */
  readonly maxDepth: number;
  /** The key under which the value stands, in the paths of errors. */
  readonly at: number;
}

/** A value still to be looked at. */
interface Job {
  readonly value: unknown;
  readonly step: Step;
  readonly depth: number;
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
  const stack: (Job | { left: unknown })[] = [
    { value, step: { up: undefined, key: at }, depth: 0 },
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
    for (const [key, child] of Object.entries(plainOnly(value, step))) {
      stack.push({ value: child, step: { up: step, key }, depth: depth + 1 });
    }
  }
}

/** Plain data; all else is refused. */
function plainOnly(value: unknown, step: Step): object {
  const isOrdinary = typeof value === "object" && value !== null &&
    (Array.isArray(value)
      ? isOrdinaryArray(value) && isDense(value)
      : isOrdinaryObject(value) && !Object.keys(value).some(isAwkwardKey));
  if (isOrdinary) return value;
  throw new SerializeError(
    `the format has nothing for its type, ${typeName(value)}`,
    pathOf(step),
  );
}
