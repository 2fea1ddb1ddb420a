import { LimitError } from "../../errors.ts";
import { type Input, type Part, PAUSE, type Steps, u32 } from "../input.ts";
import { LzmaDecoder, MOST_PER_SYMBOL } from "./decoder.ts";
import { LzmaEncoder } from "./encoder.ts";
import { DEFAULT_PROPS, propsByte, readProps } from "./model.ts";
import { fitPreset, type Preset, SHARE } from "./presets.ts";
import { Window } from "./window.ts";

const HEADER = 13;
const PIECE = 1 << 16;
/** `xz` and Python refuse larger ones: it is surely no `.lzma`. */
const MAX_SIZE = 2 ** 38;

/**
 * Reads one `.lzma` file, as of the LZMA Utils before `xz`. It has no checksum.
 *
 * @param maxDictionary Bytes of memory that it may ask for.
 */
export function* readAlone(input: Input, maxDictionary: number): Steps {
  const { offset } = input;
  const refuse = () => input.refusal("it is neither xz nor lzma", offset);
  const props = readProps(yield* input.byte());
  if (!props) throw refuse();
  const header = yield* input.take(HEADER - 1);
  const dictionary = u32(header, 0);
  const low = u32(header, 4);
  const high = u32(header, 8);
  const isOpen = low === 0xffffffff && high === 0xffffffff;
  const size = isOpen ? Infinity : high * 2 ** 32 + low;
  if (!isUsual(dictionary) || !isOpen && size >= MAX_SIZE) throw refuse();
  const memory = Math.min(dictionary, size);
  if (memory > maxDictionary) {
    throw new LimitError(input.stage, "a dictionary", memory, maxDictionary, {
      offset: offset + 1,
    });
  }
  const start = yield* input.take(5);
  const decoder = new LzmaDecoder();
  decoder.reset(props);
  if (!decoder.start(start, 0)) throw refuse();
  yield* readSymbols(input, decoder, new Window(memory), size);
}

/** Whether what follows begins like a `.lzma` file, which has no magic number: but few bytes make a likely header. */
export function* beginsAlone(input: Input): Part<boolean> {
  yield* input.need(1);
  if (!readProps(input.bytes[input.at]!)) return false;
  yield* input.need(5);
  if (!isUsual(u32(input.bytes, input.at + 1))) return false;
  yield* input.need(HEADER + 1);
  const size = input.bytes.subarray(input.at + 5, input.at + HEADER);
  const isOpen = size.every((byte) => byte === 255);
  const isLarge = size.subarray(5).some((byte) => byte > 0) || size[4]! > 63;
  return (isOpen || !isLarge) && input.bytes[input.at + HEADER] === 0;
}

/** All encoders write 2^n or 2^n + 2^(n-1), or the most there is. */
function isUsual(dictionary: number): boolean {
  if (dictionary === 0 || dictionary === 0xffffffff) return true;
  const low = (dictionary & -dictionary) >>> 0;
  return dictionary === low || dictionary === 3 * low;
}

function* readSymbols(
  input: Input,
  decoder: LzmaDecoder,
  window: Window,
  left: number,
): Part<void> {
  while (left > 0 && !decoder.ended) {
    // Whole symbols only, unless no more can come.
    if (!input.ended && input.length <= MOST_PER_SYMBOL) {
      yield undefined;
      continue;
    }
    window.open(left);
    yield* runOnce(input, decoder, window);
    left -= window.made;
    if (window.made > 0) yield window.flush();
  }
  if (window.pending > 0) throw input.refusal("a match is too long");
  if (!decoder.ended) yield* readEnd(input, decoder, window, left);
  else if (left !== Infinity && left > 0) {
    throw input.refusal("the length does not match");
  }
  yield* normalize(input, decoder);
  if (!decoder.isFinished) throw input.refusal("the data is damaged");
}

function* runOnce(
  input: Input,
  decoder: LzmaDecoder,
  window: Window,
): Part<void> {
  const last = input.ended ? input.end : input.end - MOST_PER_SYMBOL;
  const at = decoder.run(input.bytes, input.at, last, window);
  // What made no sense may be what stands behind a cut.
  if (at > input.end) throw input.truncated();
  input.at = at;
  if (!decoder.isLost) return;
  if (window.made > 0) yield window.flush();
  throw input.refusal("a distance is too large");
}

/** A length in the header may be followed by an end marker nevertheless. */
function* readEnd(
  input: Input,
  decoder: LzmaDecoder,
  window: Window,
  left: number,
): Part<void> {
  if (left > 0) return;
  yield* normalize(input, decoder);
  if (decoder.isFinished) return;
  while (!input.ended && input.length < MOST_PER_SYMBOL) yield undefined;
  window.open(1);
  yield* runOnce(input, decoder, window);
  if (!decoder.ended) throw input.refusal("the length does not match");
}

function* normalize(input: Input, decoder: LzmaDecoder): Part<void> {
  if (!decoder.wantsByte) return;
  yield* input.need(1);
  input.at = decoder.normalize(input.bytes, input.at);
}

/** Writes one `.lzma` file with an end marker and no length, as `xz` and Python do. */
export function* writeAlone(
  input: Input,
  preset: Preset,
  size: number | undefined,
): Steps {
  const header = new Uint8Array(HEADER).fill(255);
  header[0] = propsByte(DEFAULT_PROPS);
  for (let i = 0; i < 4; i++) header[1 + i] = preset.dictionary >>> 8 * i;
  yield header;
  const fit = yield* fitPreset(input, preset, size);
  const encoder = new LzmaEncoder(fit, DEFAULT_PROPS);
  while (!(yield* input.isOver())) {
    const end = Math.min(input.end, input.at + SHARE);
    input.at += encoder.finder.fill(input.bytes.subarray(input.at, end));
    while (encoder.run(Infinity, PIECE)) yield encoder.range.take().slice();
    if (input.length > 0) yield PAUSE;
  }
  encoder.finder.finish();
  while (encoder.run(Infinity, PIECE)) yield encoder.range.take().slice();
  encoder.endMarker();
  encoder.range.finish();
  yield encoder.range.take().slice();
}
