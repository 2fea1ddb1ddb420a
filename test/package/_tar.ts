/** Archives of files, as much of tar as packages need: plain files with names of at most 255 letters. */
import type { Buffer } from "node:buffer";

const BLOCK = 512;

/** The bytes of files by their names. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Files to an archive. */
export function tar(files: Files): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, bytes] of files) {
    const rest = new Uint8Array((BLOCK - bytes.length % BLOCK) % BLOCK);
    parts.push(header(name, bytes.length), bytes, rest);
  }
  parts.push(new Uint8Array(2 * BLOCK));
  const whole = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function header(name: string, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) =>
    block.set(new TextEncoder().encode(text), at);
  const octal = (at: number, digits: number, value: number) =>
    put(at, value.toString(8).padStart(digits, "0"));
  // What is too long for a name is cut at a slash.
  const cut = name.length > 100 ? name.lastIndexOf("/", 154) : -1;
  put(0, name.slice(cut + 1));
  octal(100, 7, 0o644);
  octal(108, 7, 0);
  octal(116, 7, 0);
  octal(124, 11, size);
  octal(136, 11, 0);
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\x0000");
  put(345, name.slice(0, Math.max(cut, 0)));
  octal(148, 6, block.reduce((sum, byte) => sum + byte, 0));
  put(154, "\0");
  return block;
}

/** The files of an archive, without a leading `./`. */
export function untar(archive: Uint8Array | Buffer): Files {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + BLOCK <= archive.length && archive[at] !== 0) {
    const text = (from: number, length: number) =>
      new TextDecoder().decode(archive.subarray(at + from, at + from + length))
        .replace(/\0[^]*/, "");
    const size = parseInt(text(124, 12), 8);
    const name = [text(345, 155), text(0, 100)].filter(Boolean).join("/");
    const begin = at + BLOCK;
    if (text(156, 1) !== "5") {
      const bytes = Uint8Array.from(archive.subarray(begin, begin + size));
      files.set(name.replace(/^\.\//, ""), bytes);
    }
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
