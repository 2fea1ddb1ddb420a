/**
 * xz, and `.lzma` before it.
 *
 * @module
 */
import { presetOf } from "../src/codecs/lzma/presets.ts";
import type { XzCheck } from "../src/codecs/xz/checks.ts";
import { StepsStream } from "./_steps_stream.ts";
import type { Codec } from "./stage.ts";

export type { XzCheck };

/** Options of {@linkcode lzma}, and those that {@linkcode xz} shares with it. */
export interface LzmaOptions {
  /**
   * From 0, which is fast, to 9, which is small, as of `xz` and of Python. The encoder takes memory by it: about 4 MB
   * (0), 9, 17, 33, 50 (4), 100 (5 and 6), 200, 400, 800 (9); the decoder needs the dictionary, 256 KiB to 64 MiB.
   *
   * @default {6}
   */
  readonly preset?: number;
  /**
   * Whether the encoder tries harder than the preset alone has it, which takes twice the time.
   *
   * @default {false}
   */
  readonly extreme?: boolean;
  /**
   * Bytes of memory that a dictionary may ask its decoder to keep.
   *
   * @default {134217728}
   */
  readonly maxDictionary?: number;
  /**
   * Whether the decoder passes over what follows the first stream and does not begin another, as Python's
   * `lzma.decompress` does.
   *
   * @default {false}
   */
  readonly ignoresRest?: boolean;
}

/** Options of {@linkcode xz}. */
export interface XzOptions extends LzmaOptions {
  /**
   * The integrity check that the encoder adds.
   *
   * @default {"crc64"}
   */
  readonly check?: XzCheck;
}

const MAX_DICTIONARY = 128 * 1024 * 1024;

/**
 * The `.xz` format, as the command `xz` and Python's `lzma` write it.
 *
 * The decoder reads any number of streams after each other, with the padding between them; all checks; LZMA2 with the delta
 * and branch filters; and `.lzma`. The check of a block comes at its end, when the block has been delivered.
 *
 * It is written in JavaScript, since no runtime has it; its modules are loaded when the first bytes come.
 *
 * @param options How hard to try, which check, how much memory to grant.
 * @returns The codec. Its decoder fails with {@linkcode FormatError}, {@linkcode TruncatedError} or
 * {@linkcode LimitError}; the offset is that of the fault, or of the part it is in.
 * @throws {RangeError} If there is no such preset or check.
 *
 * @example
 * ```ts
 * import { xz } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(xz({ preset: 1 }).encoder());
 * equal(await new Response(packed.pipeThrough(xz().decoder())).text(), "salt");
 * ```
 */
export function xz(options: XzOptions = {}): Codec {
  const { check = "crc64" } = options;
  if (!["none", "crc32", "crc64", "sha256"].includes(check)) {
    throw new RangeError(`Cannot use check ${check} of xz`);
  }
  const preset = presetFor("xz", options);
  return {
    name: "xz",
    encoder: (size) =>
      new StepsStream("xz", async () => {
        const { writeXz } = await import("../src/codecs/xz/writer.ts");
        return (input) => writeXz(input, preset, check, size);
      }),
    decoder: () => decoder("xz", options),
  };
}

/**
 * The `.lzma` format, that of the LZMA Utils before `xz`, and of Python's `FORMAT_ALONE`. It has no checksum: a flipped bit
 * may go unnoticed, so put it where something else has one. The decoder is that of {@linkcode xz}, which reads both.
 *
 * @param options How hard to try, how much memory to grant.
 * @returns The codec. Its decoder fails as that of `xz` does.
 * @throws {RangeError} If there is no such preset.
 *
 * @example
 * ```ts
 * import { lzma, xz } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const packed = new Blob(["salt"]).stream().pipeThrough(lzma().encoder());
 * equal(await new Response(packed.pipeThrough(xz().decoder())).text(), "salt");
 * ```
 */
export function lzma(options: LzmaOptions = {}): Codec {
  const preset = presetFor("lzma", options);
  return {
    name: "lzma",
    encoder: (size) =>
      new StepsStream("lzma", async () => {
        const { writeAlone } = await import("../src/codecs/lzma/alone.ts");
        return (input) => writeAlone(input, preset, size);
      }),
    decoder: () => decoder("lzma", options),
  };
}

function presetFor(
  name: string,
  { preset = 6, extreme = false }: LzmaOptions,
): ReturnType<typeof presetOf> {
  if (Number.isInteger(preset) && preset >= 0 && preset <= 9) {
    return presetOf(preset, extreme);
  }
  throw new RangeError(
    `Cannot use preset ${preset} of ${name}: presets are 0 to 9`,
  );
}

function decoder(
  stage: string,
  { maxDictionary = MAX_DICTIONARY, ignoresRest = false }: LzmaOptions,
): StepsStream {
  return new StepsStream(stage, async () => {
    const { readXz } = await import("../src/codecs/xz/reader.ts");
    return (input) => readXz(input, { maxDictionary, ignoresRest });
  });
}
