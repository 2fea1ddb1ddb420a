import type { Token, TokenSink } from "../graph/layout.ts";
import type { MsgpackWriter } from "./writer.ts";

/** `{"$Graph": […]}`, up to the first token; the 32 bits of how many there are come last. */
const HEAD: Uint8Array = Uint8Array.of(
  ...[0x81, 0xa6, 0x24, 0x47, 0x72, 0x61, 0x70, 0x68],
  ...[0xdd, 0, 0, 0, 0],
);

/**
 * A graph as msgpack, token by token. A bigint is an integer of 64 bits, and a number never is; text with halves of surrogate
 * pairs is binary.
 */
export class GraphPacker implements TokenSink {
  readonly #out: MsgpackWriter;
  readonly #start: number;
  #count = 0;

  constructor(out: MsgpackWriter) {
    this.#out = out;
    this.#start = out.length;
    out.append(HEAD);
  }

  integer(token: number): void {
    this.#count++;
    this.#out.number(token);
  }

  primitive(token: Token): void {
    this.#count++;
    switch (typeof token) {
      case "string":
        if (!this.#out.text(token)) this.#out.binary(unitsOf(token));
        return;
      case "number":
        return this.#out.number(token);
      default:
        return this.#out.literal(token);
    }
  }

  bigint(value: bigint): boolean {
    if (
      BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value
    ) return false;
    this.#count++;
    this.#out.bigint(value);
    return true;
  }

  /** After the last token. */
  end(): void {
    this.#out.setUint32(this.#start + HEAD.length - 4, this.#count);
  }
}

/** Text as its UTF-16 code units, each in two bytes, the low one first. */
function unitsOf(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = unit;
    bytes[2 * i + 1] = unit >> 8;
  }
  return bytes;
}
