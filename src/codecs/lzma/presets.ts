import type { Input, Part } from "../input.ts";

/** How hard the encoder tries. */
export interface Preset {
  /** Bytes. */
  readonly dictionary: number;
  readonly niceLength: number;
  readonly depth: number;
  /** Whether each symbol is chosen by rule, rather than many together by their price. */
  readonly fast: boolean;
  /** Whether matches are found by chains of hashes, rather than binary trees. */
  readonly chain: boolean;
}

const DICTIONARIES = [18, 20, 21, 22, 22, 23, 23, 24, 25, 26];
const FAST_DEPTHS = [4, 8, 24, 48];

/** The presets of `xz` and of Python's `lzma`, 0 to 9. */
export function presetOf(level: number, extreme: boolean): Preset {
  const dictionary = 2 ** DICTIONARIES[level]!;
  if (extreme) {
    const most = level !== 3 && level !== 5;
    const niceLength = most ? 273 : 192;
    const depth = most ? 512 : 16 + niceLength / 2;
    return { dictionary, niceLength, depth, fast: false, chain: false };
  }
  if (level < 4) {
    const niceLength = level < 2 ? 128 : 273;
    const depth = FAST_DEPTHS[level]!;
    return { dictionary, niceLength, depth, fast: true, chain: true };
  }
  const niceLength = level === 4 ? 16 : level === 5 ? 32 : 64;
  const depth = 16 + niceLength / 2;
  return { dictionary, niceLength, depth, fast: false, chain: false };
}

/** An encoder takes so many bytes at a time, and then others have their turn: that nobody wants the rest, for one. */
export const SHARE: number = 1 << 12;

const ENOUGH = 1 << 20;

/**
 * Waits until there is enough input that the tables of an encoder are worth their memory. If it ends before, or is known
 * to be short, smaller ones do: those of preset 9 take longer to make than a megabyte to compress.
 *
 * @param size How many bytes will come, if that is known.
 */
export function* fitPreset(
  input: Input,
  preset: Preset,
  size: number | undefined,
): Part<Preset> {
  if (size === undefined) {
    while (!input.ended && input.length < ENOUGH) yield undefined;
    if (input.ended) size = input.length;
  }
  const dictionary = Math.min(
    preset.dictionary,
    Math.max(4096, size ?? Infinity),
  );
  return { ...preset, dictionary: Math.ceil(dictionary / 16) * 16 };
}
