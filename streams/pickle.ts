/**
 * Pickles as Python's `pickle.dump` writes them into a file, one behind the other.
 *
 * @module
 */
import { dumps } from "../src/pickle/dumps.ts";
import {
  PickleParser,
  type PickleParserOptions,
} from "../src/pickle/parser.ts";
import type { PickleDumpOptions } from "../src/pickle/write_options.ts";
import type { Bytes } from "../src/types.ts";
import { PullStream } from "./_pull_stream.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode pickleSequence}. */
export interface PickleSequenceOptions {
  /** How values are written. */
  readonly dump?: Omit<PickleDumpOptions, "bufferCallback">;
  /** How values are read, and limits. */
  readonly load?: Omit<PickleParserOptions, "buffers">;
}

/**
 * Values as pickles, one behind the other: what `pickle.dump` in a loop writes, and `pickle.load` in a loop reads. The
 * decoder keeps no more of the input than the instruction that is cut: a large array is gathered once, where it stays. It
 * imports and calls nothing: see `loads` of `@brine/brine/pickle`.
 *
 * @param options How values are written and read.
 * @returns A stage from values to bytes, named `pickle`.
 * @throws {SerializeError} From the encoder, for a value that Python could not load.
 * @throws {FormatError} From the decoder, with the offset.
 *
 * @example
 * ```ts
 * import { dumps, loads, pickleSequence } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const bytes = await dumps({ id: 1 }, pickleSequence());
 * deepEqual(await loads(bytes, pickleSequence()), { id: 1 });
 * ```
 */
export function pickleSequence(
  { dump, load = {} }: PickleSequenceOptions = {},
): Stage<unknown, Bytes> {
  return {
    name: "pickle",
    encoder: () =>
      new TransformStream({
        transform: (value, controller) =>
          controller.enqueue(dumps(value, dump)),
      }),
    decoder: () => new PullStream(new PickleParser(load)),
  };
}
