import type { Bytes } from "./types.ts";

/** What newer runtimes add to `Uint8Array`, and older ones to `Buffer`. */
interface Native {
  toBase64?(): string;
}
interface NativeClass {
  fromBase64?(text: string, options: object): Bytes;
}

/** Base64 of bytes, RFC 4648 with padding: by the runtime where it can, else by way of text. */
export function toBase64(bytes: Bytes): string {
  const native = bytes as Native;
  if (native.toBase64) return native.toBase64();
  const { Buffer } = globalThis as { Buffer?: NodeBuffer };
  return Buffer
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
      "base64",
    )
    : viaText(bytes);
}

/** A call takes so many arguments; and no padding may stand between two parts. */
const PART = 3 * 8_192;

function viaText(bytes: Bytes): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += PART) {
    text += btoa(String.fromCharCode(...bytes.subarray(i, i + PART)));
  }
  return text;
}

interface NodeBuffer {
  from(buffer: ArrayBuffer, offset: number, length: number): {
    toString(encoding: string): string;
  };
  from(text: string, encoding: string): Bytes;
}

/** Padded text ends in one of these: the bits that the padding leaves over have to be zero. */
const END = /(?:[AQgw]==|[AEIMQUYcgkosw048]=|[A-Za-z0-9+/])$/;
const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes of strict base64, with its padding; `undefined` if it is not that. */
export function fromBase64(text: string): Bytes | undefined {
  try {
    const { fromBase64: native } = Uint8Array as NativeClass;
    if (native) {
      const bytes = native.call(Uint8Array, text, {
        lastChunkHandling: "strict",
      });
      // It skips white space, which would make the text longer than its bytes ask for.
      return text.length === 4 * Math.ceil(bytes.length / 3)
        ? bytes
        : undefined;
    }
    if (!isStrict(text)) return undefined;
    const { Buffer } = globalThis as { Buffer?: NodeBuffer };
    return Buffer
      ? new Uint8Array(Buffer.from(text, "base64"))
      : Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function isStrict(text: string): boolean {
  if (text === "") return true;
  return text.length % 4 === 0 && ALPHABET.test(text) &&
    END.test(text.slice(-4));
}
