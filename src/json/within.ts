import type { Bytes } from "../types.ts";
import { LimitError } from "../errors.ts";
import { isWithinDepth } from "../plain.ts";
import type { JsonLimits } from "./limits.ts";
import { decodeText, type Ending, explainNotParsed } from "./parse.ts";
import { findTooDeep } from "./scan.ts";

/** Texts up to this are parsed before anyone asks how deep they are: that is quicker, and safe. */
export const HARMLESS: number = 256 << 10;

/** The value of one JSON text; throws whatever comes if it is not one, or too deep. `explainRefused` tells what it was. */
export function parseWithin(bytes: Bytes, maxDepth: number): unknown {
  const large = bytes.length > HARMLESS;
  if (large && findTooDeep(bytes, maxDepth) >= 0) throw new RangeError();
  const value: unknown = JSON.parse(decodeText(bytes));
  // Each level takes two bytes.
  if (large || bytes.length <= 2 * maxDepth || isWithinDepth(value, maxDepth)) {
    return value;
  }
  throw new RangeError();
}

/**
 * Parses texts that are most likely right, all decoded at once, and passes over empty ones.
 *
 * @param separator What stands between two texts.
 * @param ending What each text has to end in.
 * @returns Whether that went well; if not, some text is wrong or needs a closer look, and what was pushed is to go again.
 */
export function parseQuickly(
  bytes: Bytes,
  separator: string,
  ending: string,
  { maxDepth, maxValueBytes }: JsonLimits,
  values: unknown[],
): boolean {
  // A text this short cannot be too long, even if all of it is beyond ASCII.
  const short = maxValueBytes / 3;
  try {
    for (const text of decodeText(bytes).split(separator)) {
      if (text === "" || text === "\r") continue;
      if (text.length > short) return false;
      if (ending !== "" && !text.endsWith(ending)) return false;
      const value: unknown = JSON.parse(text);
      // Each level takes two bytes, so that few texts need a look.
      const deep = text.length > 2 * maxDepth &&
        !isWithinDepth(value, maxDepth);
      if (deep) return false;
      values.push(value);
    }
    return true;
  } catch {
    return false;
  }
}

/** Why `parseWithin` threw. */
export function explainRefused(
  stage: string,
  bytes: Bytes,
  offset: number,
  maxDepth: number,
  cause: unknown,
  ending: Ending = "input",
): Error {
  const deep = findTooDeep(bytes, maxDepth);
  if (deep < 0) {
    return explainNotParsed(stage, bytes, offset, cause, ending);
  }
  return new LimitError(stage, "depth", maxDepth + 1, maxDepth, {
    offset: offset + deep,
  });
}

/** The error for a value longer than agreed, which begins at `offset`. */
export function tooLong(
  stage: string,
  actual: number,
  limit: number,
  offset: number,
): LimitError {
  return new LimitError(stage, "a value of bytes", actual, limit, {
    offset: offset + limit,
  });
}
