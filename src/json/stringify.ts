import { SerializeError } from "../errors.ts";
import { isPlain } from "../plain.ts";
import { explainNotJson } from "./refuse.ts";

/** What an encoder of JSON text takes, and what it makes of the rest. */
export interface StringifyOptions {
  readonly maxDepth: number;
  readonly lossy: boolean;
}

/** The JSON text of the value that is the `index`-th of its stream. */
export type Stringify = (value: unknown, index: number) => string;

/** How a stage writes values as text: refusing what would be lost, or as `JSON.stringify` does. */
export function stringifierFor(
  stage: string,
  { maxDepth, lossy }: StringifyOptions,
): Stringify {
  if (lossy) return stringifyLossily;
  return (value, index) => {
    // What is plain is at most 500 deep.
    if (!isPlain(value) || maxDepth < 500) {
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
