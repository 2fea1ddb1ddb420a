/**
 * Snappy: raw, and framed.
 *
 * @module
 */
import { StepsStream } from "./_steps_stream.ts";
import type { BlockOptions } from "./lz4.ts";
import type { Codec } from "./stage.ts";

const MAX_BYTES = 1 << 28;

/**
 * Raw snappy, as python-snappy's `compress` writes it; Dask calls this `snappy`. The format knows nothing of streams, so
 * all of it is in memory at once, and it has no checksum.
 *
 * @param options How much it may be.
 * @returns The codec. Its decoder fails with {@linkcode FormatError}, {@linkcode TruncatedError} or
 * {@linkcode LimitError}.
 *
 * @example
 * ```ts
 * import { snappy } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(snappy().encoder());
 * equal(await new Response(packed.pipeThrough(snappy().decoder())).text(), "salt");
 * ```
 */
export function snappy(options: BlockOptions = {}): Codec {
  const { maxBytes = MAX_BYTES } = options;
  return {
    name: "snappy",
    encoder: () =>
      new StepsStream("snappy", async () => {
        const { writeSnappy } = await import("../src/codecs/snappy/block.ts");
        return (input) => writeSnappy(input, maxBytes);
      }),
    decoder: () =>
      new StepsStream("snappy", async () => {
        const { readSnappy } = await import("../src/codecs/snappy/block.ts");
        return (input) => readSnappy(input, maxBytes);
      }),
  };
}

/**
 * The framed format of snappy, that of `.sz` files: chunks of up to 64 KiB, each with a checksum (CRC-32C). It has no end,
 * so a stream that was cut between two chunks looks like a whole one.
 *
 * @returns The codec. Its decoder fails with {@linkcode FormatError} or {@linkcode TruncatedError}; the offset is that of the
 * chunk.
 *
 * @example
 * ```ts
 * import { snappyFramed } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(snappyFramed().encoder());
 * equal(await new Response(packed.pipeThrough(snappyFramed().decoder())).text(), "salt");
 * ```
 */
export function snappyFramed(): Codec {
  return {
    name: "snappy-framed",
    encoder: () =>
      new StepsStream("snappy-framed", async () => {
        const { writeFrames } = await import("../src/codecs/snappy/frame.ts");
        return writeFrames;
      }),
    decoder: () =>
      new StepsStream("snappy-framed", async () => {
        const { readFrames } = await import("../src/codecs/snappy/frame.ts");
        return readFrames;
      }),
  };
}
