import { AsciiWindow } from "../ascii_window.ts";
import { FormatError, TruncatedError } from "../errors.ts";
import type { TokenSource } from "../graph/layout.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** `{"$Graph": …}`, up to the list. */
const HEAD: readonly number[] = [
  ...[0x81, 0xa6, 0x24, 0x47, 0x72, 0x61, 0x70, 0x68],
];
/** Longer text is for the decoder. */
const SHORT = 200;

/** Whether the value that begins there is a graph. */
export function isGraphAt(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < HEAD.length; i++) {
    if (bytes[at + i] !== HEAD[i]) return false;
  }
  // The head of a list, of any width.
  const head = bytes[at + HEAD.length]!;
  return head >> 4 === 9 || head === 0xdc || head === 0xdd;
}

/** The tokens of a graph, read from msgpack as they are asked for; what was claimed is there, or an error. */
export class TokenUnpacker implements TokenSource {
  /** How many tokens are left. */
  left: number;
  /** Where the next one begins; after the last, where the graph ends. */
  position: number;
  readonly #stage: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #window: AsciiWindow;

  /**
   * @param stage The stage that errors name.
   * @param at Where the graph begins: see {@linkcode isGraphAt}.
   */
  constructor(stage: string, bytes: Uint8Array, at: number) {
    this.#stage = stage;
    this.#bytes = bytes;
    this.#window = new AsciiWindow(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.position = at + HEAD.length + 1;
    const head = bytes[this.position - 1]!;
    this.left = head < 0xa0 ? head & 0x0f : this.#uint(head === 0xdc ? 2 : 4);
    // No token takes less than a byte.
    if (this.left > bytes.length - this.position) this.#cut();
  }

  next(): unknown {
    if (this.left === 0) this.#fail("the graph ends too early");
    if (this.position >= this.#bytes.length) this.#cut();
    this.left--;
    const head = this.#bytes[this.position++]!;
    if (head < 0x80) return head;
    if (head >= 0xe0) return head - 0x100;
    if (head >= 0xa0 && head < 0xc0) return this.#text(head & 0x1f);
    return this.#wide(head);
  }

  #wide(head: number): unknown {
    const view = this.#view;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return head === 0xc3;
      case 0xc4:
        return this.#units(this.#uint(1));
      case 0xc5:
        return this.#units(this.#uint(2));
      case 0xc6:
        return this.#units(this.#uint(4));
      case 0xca:
        return view.getFloat32(this.#pass(4));
      case 0xcb:
        return view.getFloat64(this.#pass(8));
      case 0xcc:
        return view.getUint8(this.#pass(1));
      case 0xcd:
        return view.getUint16(this.#pass(2));
      case 0xce:
        return view.getUint32(this.#pass(4));
      case 0xcf:
        return view.getBigUint64(this.#pass(8));
      case 0xd0:
        return view.getInt8(this.#pass(1));
      case 0xd1:
        return view.getInt16(this.#pass(2));
      case 0xd2:
        return view.getInt32(this.#pass(4));
      case 0xd3:
        return view.getBigInt64(this.#pass(8));
      case 0xd9:
        return this.#text(this.#uint(1));
      case 0xda:
        return this.#text(this.#uint(2));
      case 0xdb:
        return this.#text(this.#uint(4));
    }
    this.position--;
    return this.#fail("a token of the graph is no plain primitive");
  }

  #uint(width: 1 | 2 | 4): number {
    const at = this.#pass(width);
    const view = this.#view;
    if (width === 1) return view.getUint8(at);
    return width === 2 ? view.getUint16(at) : view.getUint32(at);
  }

  /** Goes over so many bytes, which have to be there; gives where they begin. */
  #pass(count: number): number {
    const at = this.position;
    if (count > this.#bytes.length - at) this.#cut();
    this.position = at + count;
    return at;
  }

  #text(length: number): string {
    const start = this.#pass(length);
    const text = length > SHORT
      ? undefined
      : this.#window.read(start, start + length);
    return text ?? this.#longText(start);
  }

  /** Text with halves of surrogate pairs. */
  #units(length: number): string {
    if (length % 2) this.#fail("a token has half a unit of text");
    const start = this.#pass(length);
    const end = this.position;
    const parts: string[] = [];
    // A call takes so many arguments.
    for (let at = start; at < end;) {
      const units: number[] = [];
      for (; at < end && units.length < 1_000; at += 2) {
        units.push(this.#view.getUint16(at, true));
      }
      parts.push(String.fromCharCode(...units));
    }
    return parts.join("");
  }

  #longText(start: number): string {
    try {
      return decoder.decode(this.#bytes.subarray(start, this.position));
    } catch (cause) {
      const options = { offset: start, cause };
      throw new FormatError(this.#stage, "text is not UTF-8", options);
    }
  }

  #fail(message: string): never {
    throw new FormatError(this.#stage, message, { offset: this.position });
  }

  #cut(): never {
    throw new TruncatedError(this.#stage, "the bytes end within a value", {
      offset: this.#bytes.length,
    });
  }
}
