import type { Output } from "./write_output.ts";

const UNICODE = 0x56;
const BINUNICODE = 0x58;
const SHORT_BINUNICODE = 0x8c;
const BINUNICODE8 = 0x8d;
const encoder = new TextEncoder();

/** Text as a `str`, up to 4 GiB of it as UTF-8; the memo is the caller's. */
export function writeText(out: Output, text: string, protocol: number): void {
  if (protocol === 0) return writeEscaped(out, text);
  const { length } = text;
  if (length > 255) return writeLong(out, text, protocol);
  const header = protocol >= 4 ? 2 : 5;
  out.reserve(header + length);
  const start = out.at;
  out.at += header;
  const written = out.ascii(text);
  if (written < 0) {
    out.at = start;
    return writeMixed(out, text, header);
  }
  writeHeader(out, start, header, length);
}

/** Text of up to 255 units that is not all ASCII. */
function writeMixed(out: Output, text: string, header: number): void {
  if (!text.isWellFormed()) {
    return writeLong(out, text, header === 2 ? 4 : 3);
  }
  out.reserve(5 + 3 * text.length);
  const start = out.at;
  const body = start + header;
  const { written } = encoder.encodeInto(text, out.bytes.subarray(body));
  out.at = body + written;
  if (header === 2 && written > 255) {
    // It needs the longer header after all.
    out.bytes.copyWithin(body + 3, body, out.at);
    out.at += 3;
    header = 5;
  }
  writeHeader(out, start, header, written);
}

function writeHeader(
  out: Output,
  at: number,
  header: number,
  length: number,
): void {
  if (header === 2) {
    out.bytes[at] = SHORT_BINUNICODE;
    out.bytes[at + 1] = length;
  } else {
    out.bytes[at] = BINUNICODE;
    out.view.setUint32(at + 1, length, true);
  }
}

/** Text that is long, or not all ASCII. */
function writeLong(out: Output, text: string, protocol: number): void {
  const bytes = encodeText(text);
  const { length } = bytes;
  out.payload(bytes, () => {
    if (length < 256 && protocol >= 4) out.byte2(SHORT_BINUNICODE, length);
    else if (length < 2 ** 32) out.word(BINUNICODE, length);
    else out.long(BINUNICODE8, length);
  });
}

/** UTF-8, with three bytes for a surrogate that stands alone, as Python's `surrogatepass` has it. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes = new Uint8Array(3 * text.length);
  let at = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      i++;
      continue;
    }
    at += encoder.encodeInto(text.slice(start, i), bytes.subarray(at)).written;
    bytes[at++] = 0xed;
    bytes[at++] = 0x80 | unit >> 6 & 0x3f;
    bytes[at++] = 0x80 | unit & 0x3f;
    start = i + 1;
  }
  at += encoder.encodeInto(text.slice(start), bytes.subarray(at)).written;
  return bytes.subarray(0, at);
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** Raw-unicode-escape, and besides what would end the line or be taken for an escape. */
function writeEscaped(out: Output, text: string): void {
  out.byte(UNICODE);
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point > 0xffff) out.latin1(`\\U${hex(point, 8)}`);
    else if (point > 0xff || ESCAPED.has(point)) {
      out.latin1(`\\u${hex(point, 4)}`);
    } else out.byte(point);
  }
  out.byte(0x0a);
}

const ESCAPED = new Set([0, 0x0a, 0x0d, 0x1a, 0x5c]);

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
