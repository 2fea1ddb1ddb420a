import type { Bytes } from "../../types.ts";
import { type Input, type Part, PAUSE, type Steps } from "../input.ts";
import { LzmaDecoder } from "./decoder.ts";
import { LzmaEncoder } from "./encoder.ts";
import { DEFAULT_PROPS, MATCH_LEN_MAX, propsByte, readProps } from "./model.ts";
import { fitPreset, type Preset, SHARE } from "./presets.ts";
import { Window } from "./window.ts";

const MOST_PLAIN = (1 << 21) - MATCH_LEN_MAX;
/** 64 KiB, less a symbol, the end of the range coder and a margin. */
const MOST_PACKED = (1 << 16) - 26;
const MOST_STORED = 1 << 16;

/**
 * Reads LZMA2 up to its end marker.
 *
 * @param sink Does to each piece what is to be done, and gives what goes out.
 */
export function* readLzma2(
  input: Input,
  dictionary: number,
  sink: (piece: Bytes) => Bytes,
): Steps {
  const window = new Window(dictionary);
  const decoder = new LzmaDecoder();
  let needsDictionary = true;
  let needsProps = true;
  for (;;) {
    const { offset } = input;
    const control = yield* input.byte();
    if (control === 0) return;
    if (control === 1 || control >= 0xe0) {
      window.reset();
      needsDictionary = false;
      needsProps = true;
    } else if (control > 2 && control < 0x80 || needsDictionary) {
      throw input.refusal("a chunk is of an unknown kind", offset);
    }
    const [high = 0, low = 0] = yield* input.take(2);
    if (control < 0x80) {
      yield* readStored(input, window, (high << 8 | low) + 1, sink);
      continue;
    }
    const plain = ((control & 31) << 16 | high << 8 | low) + 1;
    const [packedHigh = 0, packedLow = 0] = yield* input.take(2);
    const packed = (packedHigh << 8 | packedLow) + 1;
    if (control >= 0xc0) {
      const props = readProps(yield* input.byte());
      if (!props) throw input.refusal("its properties are unknown", offset + 5);
      decoder.reset(props);
      needsProps = false;
    } else if (needsProps) {
      throw input.refusal("a chunk has no properties", offset);
    } else if (control >= 0xa0) decoder.reset();
    yield* readChunk(input, window, decoder, plain, packed, sink);
  }
}

function* readStored(
  input: Input,
  window: Window,
  left: number,
  sink: (piece: Bytes) => Bytes,
): Part<void> {
  while (left > 0) {
    yield* input.need(1);
    window.open(Math.min(left, input.length));
    const count = window.limit - window.pos;
    window.put(input.bytes.subarray(input.at, input.at + count));
    input.at += count;
    left -= count;
    const piece = sink(window.flush());
    if (piece.length > 0) yield piece;
  }
}

function* readChunk(
  input: Input,
  window: Window,
  decoder: LzmaDecoder,
  left: number,
  packed: number,
  sink: (piece: Bytes) => Bytes,
): Part<void> {
  yield* input.need(packed);
  const refuse = () => input.refusal("a compressed chunk is damaged");
  const end = input.at + packed;
  if (packed < 5 || !decoder.start(input.bytes, input.at)) throw refuse();
  let at = input.at + 5;
  while (left > 0) {
    window.open(left);
    at = decoder.run(input.bytes, at, end, window);
    left -= window.made;
    // What is wrong shows at the end of the chunk, or where the distance is.
    const isBad = at > end || decoder.isLost || decoder.ended;
    const piece = sink(window.flush());
    if (piece.length > 0) yield piece;
    if (isBad) throw refuse();
  }
  at = decoder.normalize(input.bytes, at);
  if (at !== end || !decoder.isFinished || window.pending > 0) throw refuse();
  input.at = end;
}

/**
 * Writes LZMA2, and its end marker.
 *
 * @param size How many bytes will come, if that is known; it need not be true.
 * @param note Is shown all that goes in.
 */
export function* writeLzma2(
  input: Input,
  preset: Preset,
  size: number | undefined,
  note: (bytes: Bytes) => void,
): Steps {
  const fit = yield* fitPreset(input, preset, size);
  const encoder = new LzmaEncoder(fit, DEFAULT_PROPS);
  const { finder } = encoder;
  let pending = 0;
  let begun = false;
  let isFresh = false;
  const writeChunk = (): Bytes => {
    encoder.range.finish();
    const packed = encoder.range.take();
    let plain = encoder.encoded;
    let chunk: Bytes;
    if (packed.length + 2 < plain) {
      chunk = compressed(packed, plain, begun ? isFresh ? 0x80 : 0xc0 : 0xe0);
      isFresh = true;
    } else {
      encoder.reset();
      plain = encoder.encoded;
      chunk = stored(encoder.lastBytes(plain), !begun);
      isFresh = false;
    }
    begun = true;
    pending -= plain;
    encoder.encoded = 0;
    encoder.range.reset();
    return chunk;
  };
  while (!(yield* input.isOver())) {
    const end = Math.min(input.end, input.at + SHARE);
    const count = finder.fill(input.bytes.subarray(input.at, end));
    note(input.bytes.subarray(input.at, input.at + count));
    input.at += count;
    pending += count;
    while (encoder.run(MOST_PLAIN, MOST_PACKED)) yield writeChunk();
    if (input.length > 0) yield PAUSE;
  }
  finder.finish();
  while (pending > 0) {
    encoder.run(MOST_PLAIN, MOST_PACKED);
    yield writeChunk();
  }
  yield Uint8Array.of(0);
}

function compressed(packed: Bytes, plain: number, control: number): Bytes {
  const head = control >= 0xc0 ? 6 : 5;
  const chunk = new Uint8Array(head + packed.length);
  chunk[0] = control | plain - 1 >> 16;
  chunk[1] = plain - 1 >> 8;
  chunk[2] = plain - 1;
  chunk[3] = packed.length - 1 >> 8;
  chunk[4] = packed.length - 1;
  if (head === 6) chunk[5] = propsByte(DEFAULT_PROPS);
  chunk.set(packed, head);
  return chunk;
}

/** Chunks of 64 KiB, as they are. */
function stored(plain: Bytes, resets: boolean): Bytes {
  const parts = Math.ceil(plain.length / MOST_STORED);
  const chunk = new Uint8Array(plain.length + 3 * parts);
  let to = 0;
  for (let at = 0; at < plain.length; at += MOST_STORED) {
    const part = plain.subarray(at, at + MOST_STORED);
    chunk[to++] = resets && at === 0 ? 1 : 2;
    chunk[to++] = part.length - 1 >> 8;
    chunk[to++] = part.length - 1;
    chunk.set(part, to);
    to += part.length;
  }
  return chunk;
}
