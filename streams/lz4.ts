/**
 * LZ4: frames, and single blocks.
 *
 * @module
 */
import { StepsStream } from "./_steps_stream.ts";
import type { Codec } from "./stage.ts";

/** Options of {@linkcode lz4}. */
export interface Lz4Options {
  /**
   * Whether the encoder adds a checksum, as the command of that name does, and Python does not. The decoder checks one
   * wherever there is one.
   *
   * @default {true}
   */
  readonly checksum?: boolean;
  /**
   * Whether the decoder passes over what follows the first frame and does not begin another.
   *
   * @default {false}
   */
  readonly ignoresRest?: boolean;
}

/** Options of {@linkcode lz4Block} and {@linkcode snappy}, which hold all in memory. */
export interface BlockOptions {
  /**
   * The most bytes that may go in or come out.
   *
   * @default {268435456}
   */
  readonly maxBytes?: number;
}

const MAX_BYTES = 1 << 28;

/**
 * The LZ4 frame format, as the command `lz4` and Python's `lz4.frame` write it.
 *
 * The decoder reads any number of frames after each other, and passes over skippable ones. An encoder that is told the size
 * of its input writes it down, and fails if it turns out wrong. It is not what Dask calls `lz4`: that is
 * {@linkcode lz4Block}.
 *
 * @param options Whether there is a checksum.
 * @returns The codec. Its decoder fails with {@linkcode FormatError} or {@linkcode TruncatedError}; the offset is that of
 * the fault, or of the block it is in.
 *
 * @example
 * ```ts
 * import { lz4 } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(lz4().encoder());
 * equal(await new Response(packed.pipeThrough(lz4().decoder())).text(), "salt");
 * ```
 */
export function lz4(options: Lz4Options = {}): Codec {
  const { checksum = true, ignoresRest = false } = options;
  return {
    name: "lz4",
    compression: "lz4.frame",
    encoder: (size) =>
      new StepsStream("lz4", async () => {
        const { writeLz4 } = await import("../src/codecs/lz4/frame_writer.ts");
        return (input) => writeLz4(input, size, checksum);
      }),
    decoder: () =>
      new StepsStream("lz4", async () => {
        const { readLz4 } = await import("../src/codecs/lz4/frame_reader.ts");
        return (input) => readLz4(input, ignoresRest);
      }),
  };
}

/**
 * A length and one LZ4 block, as Python's `lz4.block` writes them; Dask calls this `lz4`. The format knows nothing of
 * streams, so all of it is in memory at once, and it has no checksum.
 *
 * @param options How much it may be.
 * @returns The codec. Its decoder fails with {@linkcode FormatError}, {@linkcode TruncatedError} or
 * {@linkcode LimitError}.
 *
 * @example
 * ```ts
 * import { lz4Block } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(lz4Block().encoder());
 * equal(await new Response(packed.pipeThrough(lz4Block().decoder())).text(), "salt");
 * ```
 */
export function lz4Block(options: BlockOptions = {}): Codec {
  const { maxBytes = MAX_BYTES } = options;
  return {
    name: "lz4-block",
    compression: "lz4",
    encoder: () =>
      new StepsStream("lz4-block", async () => {
        const { writeSized } = await import("../src/codecs/lz4/sized.ts");
        return (input) => writeSized(input, maxBytes);
      }),
    decoder: () =>
      new StepsStream("lz4-block", async () => {
        const { readSized } = await import("../src/codecs/lz4/sized.ts");
        return (input) => readSized(input, maxBytes);
      }),
  };
}
