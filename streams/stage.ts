/**
 * Stages, and pipelines of them.
 *
 * @module
 */
import type { Bytes } from "../src/types.ts";

/**
 * One reversible step of a pipeline: a name, and two ways to build a `TransformStream`.
 *
 * Whatever the encoder writes, the decoder of the same stage reads back. Both accept chunks of any size, take no more
 * than they need while their reader stands still, pass `cancel` and `abort` on, and let the errors of their source
 * through as the same objects. Neither changes what it is given.
 */
export interface Stage<In, Out> {
  /** Short name, for headers, errors and the command line. */
  readonly name: string;
  /** A new stream from the near side to the far side. */
  encoder(): TransformStream<In, Out>;
  /** A new stream from the far side back. */
  decoder(): TransformStream<Out, In>;
}

/** A stage from bytes to bytes. */
export interface Codec extends Stage<Bytes, Bytes> {
  /** What a header's `compression` calls it, where that is not its name: Dask says `zlib` for `deflate`. */
  readonly compression?: string;
  /**
   * A new stream from plain bytes to coded ones.
   *
   * @param size How many bytes will come, if that is known: some formats note it down, and Dask's zstd demands it.
   */
  encoder(size?: number): TransformStream<Bytes, Bytes>;
}

/** @internal */
// deno-lint-ignore no-explicit-any
type AnyStage = Stage<any, any>;

/** What a stage takes. */
export type InOf<S> = S extends Stage<infer In, infer _> ? In : never;
/** What a stage gives. */
export type OutOf<S> = S extends Stage<infer _, infer Out> ? Out : never;
/** The first of a list. */
export type First<S extends readonly unknown[]> = S extends
  readonly [infer F, ...unknown[]] ? F : never;
/** The last of a list. */
export type Last<S extends readonly unknown[]> = S extends
  readonly [...unknown[], infer L] ? L : never;
/** The list, in which every stage takes what the one before it gives. */
export type Linked<S extends readonly AnyStage[]> = S extends readonly [
  infer A extends AnyStage,
  infer B extends AnyStage,
  ...infer R extends AnyStage[],
] ? readonly [A, ...Linked<readonly [Stage<OutOf<A>, OutOf<B>>, ...R]>]
  : S;

/**
 * Stages end to end, as one stage: encoders left to right, decoders right to left. The compiler checks that each
 * stage takes what the one before it gives.
 *
 * @param stages At least one stage.
 * @returns A stage from what the first takes to what the last gives.
 *
 * @example Messages, compressed, in base64
 * ```ts
 * import { base64, dumps, frames, gzip, loads, pipe, serialize } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const text = pipe(serialize(), frames(), gzip(), base64());
 * deepEqual(await loads(await dumps({ a: [1, 2] }, text), text), { a: [1, 2] });
 * ```
 */
export function pipe<const S extends readonly [AnyStage, ...AnyStage[]]>(
  ...stages: S & Linked<S>
): Stage<InOf<First<S>>, OutOf<Last<S>>> {
  const list = stages as readonly AnyStage[];
  return {
    name: list.map((stage) => stage.name).join("+"),
    encoder: () => join(list.map((stage) => stage.encoder())),
    decoder: () => join(list.map((stage) => stage.decoder()).reverse()),
  };
}

// deno-lint-ignore no-explicit-any
type AnyStream = TransformStream<any, any>;

function join([head, ...rest]: AnyStream[]): AnyStream {
  const readable = rest.reduce(
    (tail, next) => tail.pipeThrough(next),
    head!.readable,
  );
  return { readable, writable: head!.writable };
}
