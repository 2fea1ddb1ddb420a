import { AsciiWindow } from "../ascii_window.ts";
import type { Bytes } from "../types.ts";
import { decodeText } from "./utf8.ts";

/** Text longer than this is decoded for itself. */
const SHORT = 200;

/** Text out of bytes; what is short and ASCII is cut out of a window. */
export class Strings {
  /** The bytes, to be read as numbers. */
  readonly view: DataView<ArrayBuffer>;
  readonly #bytes: Bytes;
  readonly #window: AsciiWindow<ArrayBuffer>;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    this.#window = new AsciiWindow(bytes);
    this.view = this.#window.view;
  }

  /** The text of these bytes, `undefined` if it is malformed. */
  read(from: number, length: number): string | undefined {
    const to = from + length;
    const text = length > SHORT ? undefined : this.#window.read(from, to);
    return text ?? decodeText(this.#bytes.subarray(from, to));
  }
}
