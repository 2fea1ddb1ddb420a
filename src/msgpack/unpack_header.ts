import { FormatError, TruncatedError } from "../errors.ts";
import { MsgpackScanner } from "./scanner.ts";
import { countOf, TOKENS } from "./tokens.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The header that some bytes hold: what `packHeader` packs, and integers that a number cannot hold, as bigint. The bytes are
 * scanned first, so that whatever they claim is there, and no deeper than allowed.
 *
 * @param stage The stage that errors name.
 */
export function unpackHeader(
  stage: string,
  bytes: Uint8Array,
  maxDepth: number,
): unknown {
  const scanner = new MsgpackScanner(stage, maxDepth);
  if (!scanner.next(bytes, 0)) {
    throw new TruncatedError(stage, "the bytes end within a value", {
      offset: bytes.length,
    });
  }
  const { position: offset } = scanner;
  if (offset < bytes.length) {
    throw new FormatError(stage, "there are bytes after the value", { offset });
  }
  return new Unpacker(stage, bytes).value();
}

class Unpacker {
  readonly #stage: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(stage: string, bytes: Uint8Array) {
    this.#stage = stage;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  value(): unknown {
    const offset = this.#at++;
    const head = this.#bytes[offset]!;
    const token = TOKENS[head]!;
    const { kind, width, extra } = token;
    const count = countOf(token, this.#view, this.#at);
    const start = this.#at += width;
    if (extra) {
      const message = "the header holds an extension";
      throw new FormatError(this.#stage, message, { offset });
    }
    if (kind === "array") return this.#items(count);
    if (kind === "map") return this.#map(count);
    this.#at += count;
    const bytes = this.#bytes.subarray(start, this.#at);
    if (kind === "text") return textOf(bytes);
    return kind === "binary" ? bytes : this.#scalar(head, start);
  }

  #items(count: number): unknown[] {
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) items.push(this.value());
    return items;
  }

  #map(count: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    for (let i = 0; i < count; i++) map[this.value() as string] = this.value();
    return map;
  }

  /** What its head says, or the number behind it. */
  #scalar(head: number, at: number): unknown {
    const view = this.#view;
    if (head < 0x80) return head;
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xca:
        return view.getFloat32(at);
      case 0xcb:
        return view.getFloat64(at);
      case 0xcc:
        return view.getUint8(at);
      case 0xcd:
        return view.getUint16(at);
      case 0xce:
        return view.getUint32(at);
      case 0xcf:
        return narrow(view.getBigUint64(at));
      case 0xd0:
        return view.getInt8(at);
      case 0xd1:
        return view.getInt16(at);
      case 0xd2:
        return view.getInt32(at);
      case 0xd3:
        return narrow(view.getBigInt64(at));
    }
    return head === 0xc0 ? null : head === 0xc3;
  }
}

/** Most text of a header is short, and ASCII: a decoder's call takes longer than it does. */
function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    if (byte >= 0x80 || text.length > 64) return decoder.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
