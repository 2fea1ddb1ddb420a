import { LimitError } from "../errors.ts";
import type { Bytes } from "../types.ts";
import type { Input, Part } from "./input.ts";

const PIECE = 1 << 18;

/** All the input, for formats that know nothing of streams. */
export function* readWhole(input: Input, limit: number): Part<Bytes> {
  for (;;) {
    if (input.length > limit) {
      throw new LimitError(input.stage, "bytes", input.length, limit, {
        offset: limit,
      });
    }
    if (input.ended) break;
    yield undefined;
  }
  return input.bytes.subarray(input.at, input.end);
}

/** Bytes in pieces of some size. */
export function* inPieces(whole: Bytes): Part<void> {
  for (let at = 0; at < whole.length; at += PIECE) {
    yield whole.slice(at, at + PIECE);
  }
}
