import type { TokenSource } from "../graph/layout.ts";
import { isListHead, type MsgpackReader } from "./reader.ts";

/** `{"$Graph": …}`, up to the list. */
const HEAD: readonly number[] = [
  ...[0x81, 0xa6, 0x24, 0x47, 0x72, 0x61, 0x70, 0x68],
];

/** Whether the value that comes next is a graph. */
export function isGraphNext({ bytes, position }: MsgpackReader): boolean {
  for (let i = 0; i < HEAD.length; i++) {
    if (bytes[position + i] !== HEAD[i]) return false;
  }
  return isListHead(bytes[position + HEAD.length]!);
}

/** The tokens of a graph, read from msgpack as they are asked for. */
export class GraphTokens implements TokenSource {
  /** How many tokens are left. */
  left: number;
  readonly #reader: MsgpackReader;

  /** @param reader Where the graph begins: see {@linkcode isGraphNext}. Afterwards, where it ends. */
  constructor(reader: MsgpackReader) {
    this.#reader = reader;
    reader.pass(HEAD.length);
    this.left = reader.count(reader.head())!;
    // No token takes less than a byte: this throws if they cannot all be there.
    reader.position = reader.pass(this.left);
  }

  next(): unknown {
    const reader = this.#reader;
    if (this.left === 0) reader.fail("the graph ends too early");
    this.left--;
    const head = reader.head();
    const token = reader.scalar(head);
    if (token !== undefined) return token;
    const units = reader.binary(head) ??
      reader.fail("a token of the graph is no plain primitive");
    if (units.length % 2) reader.fail("a token has half a unit of text");
    return textOf(units);
  }
}

/** Text with halves of surrogate pairs, from its UTF-16 code units, each in two bytes, the low one first. */
function textOf(units: Uint8Array): string {
  const parts: string[] = [];
  // A call takes so many arguments.
  for (let at = 0; at < units.length;) {
    const part: number[] = [];
    for (; at < units.length && part.length < 1_000; at += 2) {
      part.push(units[at]! | units[at + 1]! << 8);
    }
    parts.push(String.fromCharCode(...part));
  }
  return parts.join("");
}
