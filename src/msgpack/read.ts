import { FormatError, TruncatedError } from "../errors.ts";
import { decoderOf } from "./decoder.ts";
import { MsgpackScanner } from "./scanner.ts";

const decoder = decoderOf({ useBigInt64: false });
const wideDecoder = decoderOf({ useBigInt64: true });

/** The value of bytes whose structure a {@linkcode MsgpackScanner} has seen. */
export function decodeScanned(
  stage: string,
  bytes: Uint8Array,
  offset: number,
  wide: boolean,
): unknown {
  try {
    return wide ? narrow(wideDecoder.decode(bytes)) : decoder.decode(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    throw new FormatError(stage, `it is not msgpack${why}`, { offset, cause });
  }
}

/**
 * One msgpack value, whole: checked first, then decoded by `@msgpack/msgpack`. Integers that a number cannot hold come
 * as bigint.
 */
export function readMsgpack(
  stage: string,
  bytes: Uint8Array,
  maxDepth: number,
): unknown {
  const scanner = new MsgpackScanner(stage, maxDepth);
  if (!scanner.next(bytes, 0)) {
    throw new TruncatedError(stage, "the bytes end within a value", {
      offset: bytes.length,
    });
  }
  if (scanner.position < bytes.length) {
    throw new FormatError(stage, "there are bytes after the value", {
      offset: scanner.position,
    });
  }
  return decodeScanned(stage, bytes, 0, scanner.wide);
}

/** The decoder makes a bigint of every 64-bit integer; those that a number can hold become one, in place. */
function narrow(tree: unknown): unknown {
  const root = { tree };
  const stack: object[] = [root];
  for (let node; (node = stack.pop());) {
    for (const [key, item] of Object.entries(node)) {
      if (typeof item === "bigint" && Number.isSafeInteger(Number(item))) {
        (node as Record<string, unknown>)[key] = Number(item);
      } else if (
        typeof item === "object" && item !== null && !ArrayBuffer.isView(item)
      ) stack.push(item);
    }
  }
  return root.tree;
}
