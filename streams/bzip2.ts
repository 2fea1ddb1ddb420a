/**
 * bzip2.
 *
 * @module
 */
import { StepsStream } from "./_steps_stream.ts";
import type { Codec } from "./stage.ts";

/** Options of {@linkcode bzip2}. */
export interface Bzip2Options {
  /**
   * From 1 to 9: the size of blocks, in 100 kB. Encoder and decoder take memory by it, about 20 and 5 times as much.
   *
   * @default {9}
   */
  readonly level?: number;
  /**
   * Whether the decoder passes over what follows the first stream and does not begin another, as Python's `bz2.decompress`
   * does.
   *
   * @default {false}
   */
  readonly ignoresRest?: boolean;
}

/**
 * bzip2, as the command of that name and Python's `bz2` write it.
 *
 * The decoder reads any number of streams after each other. The check of a block comes at its end, when the block has been
 * delivered.
 *
 * It is written in JavaScript, since no runtime has it; its modules are loaded when the first bytes come.
 *
 * @param options How large blocks are.
 * @returns The codec. Its decoder fails with {@linkcode FormatError} or {@linkcode TruncatedError}; the offset is that of
 * the fault, or of the block it is in.
 * @throws {RangeError} If there is no such level.
 *
 * @example
 * ```ts
 * import { bzip2 } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(bzip2().encoder());
 * equal(await new Response(packed.pipeThrough(bzip2().decoder())).text(), "salt");
 * ```
 */
export function bzip2(options: Bzip2Options = {}): Codec {
  const { level = 9, ignoresRest = false } = options;
  if (!(Number.isInteger(level) && level >= 1 && level <= 9)) {
    throw new RangeError(
      `Cannot use level ${level} of bzip2: levels are 1 to 9`,
    );
  }
  return {
    name: "bzip2",
    encoder: () =>
      new StepsStream("bzip2", async () => {
        const { writeBzip2 } = await import("../src/codecs/bzip2/writer.ts");
        return (input) => writeBzip2(input, level);
      }),
    decoder: () =>
      new StepsStream("bzip2", async () => {
        const { readBzip2 } = await import("../src/codecs/bzip2/reader.ts");
        return (input) => readBzip2(input, ignoresRest);
      }),
  };
}
