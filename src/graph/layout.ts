/**
 * The graph: how a value whose objects are referred to more than once, or lie very deep, is spelled as one flat list of
 * plain tokens (text, finite numbers, booleans and `null`). A list has no depth, so no format's recursion limits it, and
 * whatever carries plain data carries a graph: it stands in a tree as `{"$Graph": [token, …]}`.
 *
 * Where an object may stand, a token says which:
 *
 * ```text
 *  n ≥ 0            the object number n, which has been met: objects count from 0, in the order in which they begin
 *  -1 p             the plain primitive p
 *  -2 n p…          an array of n plain primitives
 *  -3 n v…          an array of n values, each of which begins with such a token again
 *  -4 kinds key…    from now on, the next free code is an object with these keys; and here is the first such object.
 *                   In `kinds`, "p" says that a plain primitive stands under the key, "v" a value
 *  -5 name kind     from now on, the next free code is a type; and here is the first of it. In `kind`, "p" or "v" says
 *                   what its header is, if it has one; "f" that it has frames; "o" that it is an object, with a number
 *  -6, -7, …        the codes that were defined, in order
 *  a bigint         itself, in formats that have integers of 64 bits apart from numbers
 * ```
 *
 * A header that is an array is part of its value, and has no number.
 *
 * An object's values follow in the order of its keys; a type's header follows, then its frames: how many, and what the
 * format knows each by. `{"a": [1, 2]}` twice in an array, then a `Date`:
 *
 * ```text
 * -3 3   -4 "v" "a" -2 2 1 2   1   -5 "Date" "op" 0
 * ```
 *
 * @module
 */
import { isPlainNumber } from "../plain.ts";
import type { Bytes } from "../types.ts";

/** A token that says what stands here. */
export const PRIMITIVE = -1;
export const PRIMITIVES = -2;
export const VALUES = -3;
export const DEFINE_SHAPE = -4;
export const DEFINE_TYPE = -5;
/** The first code that a definition gets; the next ones are below it. */
export const FIRST_CODE = -6;

/** A token: what any format of plain data has. Text may hold halves of surrogate pairs: how that is spelled is the format's. */
export type Token = string | number | boolean | null;

/** Whether a value is a token as it is: a number has to be finite, and not -0. */
export function isToken(value: unknown): value is Token {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return isPlainNumber(value);
    default:
      return value === null;
  }
}

/** What takes tokens. */
export interface TokenSink {
  /** A code, a count or an object's number. */
  integer(token: number): void;
  /** Any token. */
  primitive(token: Token): void;
  /** A bigint, in formats that may have such; `false` if it is too wide. */
  bigint?(value: bigint): boolean;
}

/** Where a graph is written to. */
export interface GraphTarget {
  readonly tokens: TokenSink;
  /** Keeps a frame, and gives what the format knows it by. */
  readonly keep: (frame: Bytes) => number | string;
}

/** What gives tokens. */
export interface TokenSource {
  /** No more tokens than this can follow. */
  readonly left: number;
  /** The next token; throws one of our errors if there is none. */
  next(): unknown;
}
