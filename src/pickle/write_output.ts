import type { Bytes } from "../types.ts";

/** A frame that has this much is ended, and a byte string that has this much stands outside of frames. */
const FRAME_TARGET = 64 << 10;
/** Below this, the frame's own header would be the larger part of it. */
const FRAME_MIN = 4;
const FRAME_HEADER = 9;
const FRAME = 0x95;
const FIRST_SIZE = 1 << 10;

/** Byte strings from here on are put into the result as they are, and copied only once, when it is put together. */
export const LARGE: number = FRAME_TARGET;

const utf8 = new TextEncoder();
/** Above this, a call of the runtime's encoder costs less than a loop. */
const SHORT_TEXT = 64;

/**
 * Where opcodes go: one buffer that doubles as it fills, cut into frames just where CPython's C pickler cuts. The fields
 * are open to the writer, because the calls of an opcode each would be most of its time.
 */
export class Output {
  bytes: Bytes = new Uint8Array(FIRST_SIZE);
  view: DataView<ArrayBuffer> = new DataView(this.bytes.buffer);
  /** Where the next byte goes. */
  at = 0;
  /** Where in `bytes` the frame begins that is open; -1 if there is none. */
  #frame = -1;
  /** Past this a frame is long enough, if there is one. */
  #frameEnd = Infinity;
  readonly #framing: boolean;
  /** What is done: pieces of buffers, and large byte strings as they came. */
  readonly #parts: Bytes[] = [];
  /** Where in `bytes` that begins which is in no part yet. */
  #start = 0;
  /** How much there is that `at` does not count: old buffers, and large byte strings. */
  #before = 0;

  constructor(protocol: number) {
    this.#framing = protocol >= 4;
    if (protocol >= 2) {
      this.bytes[0] = 0x80;
      this.bytes[1] = protocol;
      this.at = 2;
    }
    this.#openFrame();
  }

  /** How much is written. */
  get length(): number {
    return this.#before + this.at;
  }

  /** Makes room for so many bytes more. */
  reserve(length: number): void {
    const needed = this.at + length;
    if (needed > this.bytes.length) this.#grow(needed - this.#start);
  }

  /** Called before each value: the only places where a frame may end. */
  boundary(): void {
    if (this.at < this.#frameEnd) return;
    this.#closeFrame();
    this.#openFrame();
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  byte2(first: number, second: number): void {
    this.reserve(2);
    this.bytes[this.at++] = first;
    this.bytes[this.at++] = second;
  }

  /** An opcode and 32 bits. */
  word(opcode: number, value: number): void {
    this.reserve(5);
    this.bytes[this.at++] = opcode;
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  /** An opcode and 64 bits; the value is a length. */
  long(opcode: number, value: number): void {
    this.reserve(9);
    this.bytes[this.at++] = opcode;
    this.view.setUint32(this.at, value % 2 ** 32, true);
    this.view.setUint32(this.at + 4, Math.floor(value / 2 ** 32), true);
    this.at += 8;
  }

  /** Characters below 256, each as its byte. */
  latin1(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) {
      this.bytes[this.at++] = text.charCodeAt(i);
    }
  }

  /** Bytes that stand in the frame. */
  append(data: Uint8Array): void {
    this.reserve(data.length);
    this.bytes.set(data, this.at);
    this.at += data.length;
  }

  /**
   * Bytes after their header, outside of frames if there are many.
   *
   * @param header Writes opcode and length.
   */
  payload(data: Bytes, header: () => void): void {
    if (data.length < LARGE) {
      header();
      this.append(data);
      return;
    }
    this.#closeFrame();
    header();
    this.#parts.push(this.bytes.subarray(this.#start, this.at), data);
    this.#start = this.at;
    this.#before += data.length;
    this.#openFrame();
  }

  /**
   * UTF-8 of short or well-formed text, without checks of what the caller knows.
   *
   * @returns How many bytes that were; -1, and nothing is written, if it is not all ASCII and has to be encoded otherwise.
   */
  ascii(text: string): number {
    const { length } = text;
    this.reserve(length);
    const { bytes, at } = this;
    if (length > SHORT_TEXT) {
      const { read } = utf8.encodeInto(text, bytes.subarray(at, at + length));
      // All of it in as many bytes as it has units: then there is nothing but ASCII in it.
      if (read !== length) return -1;
    } else {
      for (let i = 0; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 127) return -1;
        bytes[at + i] = unit;
      }
    }
    this.at = at + length;
    return length;
  }

  /** The whole, when the last opcode is there. */
  finish(): Bytes {
    this.#closeFrame();
    this.#parts.push(this.bytes.subarray(this.#start, this.at));
    return join(this.#parts);
  }

  #openFrame(): void {
    if (!this.#framing) return;
    this.reserve(FRAME_HEADER);
    this.#frame = this.at;
    this.at += FRAME_HEADER;
    this.#frameEnd = this.at + FRAME_TARGET;
  }

  #closeFrame(): void {
    if (this.#frame < 0) return;
    const body = this.#frame + FRAME_HEADER;
    const length = this.at - body;
    if (length >= FRAME_MIN) {
      this.bytes[this.#frame] = FRAME;
      this.view.setUint32(this.#frame + 1, length, true);
      this.view.setUint32(this.#frame + 5, Math.floor(length / 2 ** 32), true);
    } else {
      this.bytes.copyWithin(this.#frame, body, this.at);
      this.at -= FRAME_HEADER;
    }
    this.#frame = -1;
    this.#frameEnd = Infinity;
  }

  /** A new buffer; what is in a part already stays in the old one. */
  #grow(needed: number): void {
    const start = this.#start;
    const larger = new Uint8Array(
      Math.max(needed, 2 * (this.at - start), FIRST_SIZE),
    );
    larger.set(this.bytes.subarray(start, this.at));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
    this.at -= start;
    this.#before += start;
    this.#start = 0;
    if (this.#frame >= 0) {
      this.#frame -= start;
      this.#frameEnd -= start;
    }
  }
}

/** The parts end to end; where the runtime gives out memory without clearing it first, that is enough. */
function join(parts: readonly Bytes[]): Bytes {
  if (parts.length === 1) return parts[0]!;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const { Bun } = globalThis as unknown as {
    Bun?: { allocUnsafe?(size: number): Bytes };
  };
  const whole = Bun?.allocUnsafe?.(length) ?? new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
