import { FormatError, LimitError, TruncatedError } from "../errors.ts";

/** Python's errors of its parser, with the offset in bytes. */
export function refuse(
  message: string,
  text: string,
  at: number,
): FormatError {
  const before = text.slice(0, at);
  const offset = new TextEncoder().encode(before).length;
  const line = before.split("\n").length;
  const column = at - before.lastIndexOf("\n");
  const where = `${message}: line ${line} column ${column} (char ${at})`;
  return at >= text.length
    ? new TruncatedError("json", where, { offset })
    : new FormatError("json", where, { offset });
}

/** More arrays and objects within each other than agreed. */
export function tooDeep(maxDepth: number, offset: number): LimitError {
  return new LimitError("json", "depth", maxDepth + 1, maxDepth, { offset });
}
