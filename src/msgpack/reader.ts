import { AsciiWindow } from "../ascii_window.ts";
import { FormatError, TruncatedError } from "../errors.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Longer text is for the decoder. */
const SHORT = 200;

/** What a scalar is: a bigint is an integer that came in 64 bits. */
export type Scalar = string | number | bigint | boolean | null;

/** Reads msgpack out of bytes; whatever its heads claim is there, or an error. */
export class MsgpackReader {
  /** Where the next head stands. */
  position: number;
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** The stage that errors name. */
  readonly stage: string;
  /** Where the bytes begin in the input, for errors. */
  readonly base: number;
  readonly #view: DataView;
  readonly #window: AsciiWindow;

  /**
   * @param stage The stage that errors name.
   * @param bytes The bytes.
   * @param position Where to begin.
   * @param base Where the bytes begin in the input, for errors.
   */
  constructor(stage: string, bytes: Uint8Array, position = 0, base = 0) {
    this.stage = stage;
    this.bytes = bytes;
    this.position = position;
    this.base = base;
    this.#window = new AsciiWindow(bytes);
    this.#view = this.#window.view;
  }

  /** The next byte, which is a head. */
  head(): number {
    if (this.position >= this.bytes.length) this.#cut();
    return this.bytes[this.position++]!;
  }

  /** The scalar that has this head, which was just read; `undefined` if none has. */
  scalar(head: number): Scalar | undefined {
    if (head < 0x80) return head;
    if (head >= 0xe0) return head - 0x100;
    if (head < 0xc0) return head < 0xa0 ? undefined : this.#text(head & 0x1f);
    const view = this.#view;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return head === 0xc3;
      case 0xca:
        return view.getFloat32(this.pass(4));
      case 0xcb:
        return view.getFloat64(this.pass(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.uint(1 << head - 0xcc);
      case 0xcf:
        return view.getBigUint64(this.pass(8));
      case 0xd0:
        return view.getInt8(this.pass(1));
      case 0xd1:
        return view.getInt16(this.pass(2));
      case 0xd2:
        return view.getInt32(this.pass(4));
      case 0xd3:
        return view.getBigInt64(this.pass(8));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.uint(1 << head - 0xd9));
    }
    return undefined;
  }

  /** How many items an array or a map has whose head was just read; `undefined` if it is the head of none. */
  count(head: number): number | undefined {
    if (head >= 0x80 && head < 0xa0) return head & 0x0f;
    if (head < 0xdc || head > 0xdf) return undefined;
    return this.uint(head % 2 ? 4 : 2);
  }

  /** The bytes that have this head, which was just read; `undefined` if none have. */
  binary(head: number): Uint8Array | undefined {
    if (head < 0xc4 || head > 0xc6) return undefined;
    return this.take(this.uint(1 << head - 0xc4));
  }

  /** So many bytes, in place. */
  take(count: number): Uint8Array {
    const at = this.pass(count);
    return this.bytes.subarray(at, at + count);
  }

  /** A number without a sign, in 1, 2 or 4 bytes. */
  uint(width: number): number {
    const at = this.pass(width);
    if (width === 1) return this.bytes[at]!;
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  /** Goes over so many bytes, which have to be there; gives where they begin. */
  pass(count: number): number {
    const at = this.position;
    if (count > this.bytes.length - at) this.#cut();
    this.position = at + count;
    return at;
  }

  /** Throws if anything is left. */
  end(): void {
    if (this.position < this.bytes.length) {
      this.fail("there are bytes after the value");
    }
  }

  /** What is wrong, and where; by default, where it reads. */
  fail(message: string, at: number = this.position, cause?: unknown): never {
    const offset = this.base + at;
    throw new FormatError(this.stage, message, { offset, cause });
  }

  #text(length: number): string {
    const start = this.pass(length);
    const end = this.position;
    const text = length > SHORT ? undefined : this.#window.read(start, end);
    if (text !== undefined) return text;
    try {
      return decoder.decode(this.bytes.subarray(start, end));
    } catch (cause) {
      return this.fail("text is not UTF-8", start, cause);
    }
  }

  #cut(): never {
    const offset = this.base + this.bytes.length;
    const message = "the bytes end within a value";
    throw new TruncatedError(this.stage, message, { offset });
  }
}

/** Whether it is the head of an array, of any width. */
export function isListHead(head: number): boolean {
  return head >> 4 === 9 || head === 0xdc || head === 0xdd;
}
