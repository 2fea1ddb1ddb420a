import type { Bytes } from "../types.ts";
import { FormatError, TruncatedError } from "../errors.ts";
import { JsonChecker } from "./check.ts";

/** A byte order mark is not skipped. */
const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Several times faster in some runtimes, but puts U+FFFD where the bytes are wrong. */
const LAX = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of bytes, which throws if they are not UTF-8. */
export function decodeText(bytes: Bytes): string {
  const text = LAX.decode(bytes);
  return text.includes("\ufffd") ? STRICT.decode(bytes) : text;
}

/**
 * The value of one JSON text. What `JSON.parse` refuses is looked at again, to tell the very byte: the first that
 * no JSON text can have after the ones before it, or the end, if all it lacks is more.
 *
 * @param stage Who reads, for errors.
 * @param bytes The whole text.
 * @param offset Where the bytes begin in the input of the stage.
 */
export function parseJson(
  stage: string,
  bytes: Bytes,
  offset: number,
): unknown {
  try {
    return JSON.parse(decodeText(bytes));
  } catch (cause) {
    throw explainNotParsed(stage, bytes, offset, cause);
  }
}

/** Where a text ends that lacks something. */
export type Ending = "input" | "line" | "record";

/** Why bytes are not one JSON text. Only where the input itself ends is it that that was cut. */
export function explainNotParsed(
  stage: string,
  bytes: Bytes,
  offset: number,
  cause?: unknown,
  ending: Ending = "input",
): FormatError {
  const checker = new JsonChecker();
  const at = checker.run(bytes);
  if (checker.failed) {
    return unexpected(stage, checker, bytes[at]!, offset + at, cause);
  }
  if (!checker.complete) {
    return cut(stage, checker, offset + at, cause, ending);
  }
  return new FormatError(stage, "the runtime cannot parse this JSON text", {
    offset,
    cause,
  });
}

/** The error for a byte that a checker refused. */
export function unexpected(
  stage: string,
  checker: JsonChecker,
  byte: number,
  offset: number,
  cause?: unknown,
): FormatError {
  const message = `expected ${checker.expected}, found ${nameOf(byte)}`;
  return new FormatError(stage, message, { offset, cause });
}

/** The error for a text that ends where a checker wanted more. */
export function cut(
  stage: string,
  checker: JsonChecker,
  offset: number,
  cause?: unknown,
  ending: Ending = "input",
): FormatError {
  const message =
    `expected ${checker.expected}, found the end of the ${ending}`;
  const Class = ending === "line" ? FormatError : TruncatedError;
  return new Class(stage, message, { offset, cause });
}

function nameOf(byte: number): string {
  return byte > 0x20 && byte < 0x7f
    ? JSON.stringify(String.fromCharCode(byte))
    : `byte 0x${byte.toString(16).padStart(2, "0")}`;
}
