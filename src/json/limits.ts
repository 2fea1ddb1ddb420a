import type { Bytes } from "../types.ts";

/** What a decoder of JSON text takes at most. */
export interface JsonLimits {
  readonly maxDepth: number;
  readonly maxValueBytes: number;
}

export const DEFAULT_MAX_DEPTH = 1_000;
export const DEFAULT_MAX_VALUE_BYTES: number = 64 << 20;

/** Bytes in, the values that they complete out. Pieces are no longer than the caller likes values to be together. */
export interface BatchParser {
  /**
   * @param values An empty list. If there is a fault, it has the values that stand before it, as far as they can be told.
   * @returns The values: in this list, or in another.
   */
  push(piece: Bytes, values: unknown[]): unknown[];
  /** After the last piece. */
  end(): unknown[];
}
