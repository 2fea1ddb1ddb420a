import { SerializeError } from "../errors.ts";
import { isPlainJson } from "./plain_json.ts";
import { explainNotJson } from "./refuse.ts";

/** What an encoder of JSON text takes, and what it makes of the rest. */
export interface StringifyOptions {
  readonly maxDepth: number;
  readonly lossy: boolean;
}

/** The JSON text of the value that is the `index`-th of its stream. */
export type Stringify = (value: unknown, index: number) => string;

/** What lies deeper is looked at without recursion. */
export const MAX_RECURSION = 500;

/** How a stage writes values as text: refusing what would be lost, or as `JSON.stringify` does. */
export function stringifierFor(
  stage: string,
  { maxDepth, lossy }: StringifyOptions,
): Stringify {
  if (lossy) return stringifyLossily;
  const quickDepth = Math.min(maxDepth, MAX_RECURSION);
  return (value, index) => {
    if (!isPlainJson(value, quickDepth)) {
      const error = explainNotJson(stage, value, index, maxDepth);
      if (error) throw error;
    }
    return JSON.stringify(value);
  };
}

function stringifyLossily(value: unknown, index: number): string {
  try {
    // As in an array, where something must stand.
    return JSON.stringify(value) ?? "null";
  } catch (cause) {
    // Errors of a `toJSON` pass; these are of `JSON.stringify` itself, which has no path to tell.
    if (!(cause instanceof TypeError)) throw cause;
    throw new SerializeError(cause.message, `$[${index}]`, { cause });
  }
}
