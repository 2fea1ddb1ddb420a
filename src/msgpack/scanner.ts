import { FormatError, LimitError } from "../errors.ts";
import { countOf, TOKENS } from "./tokens.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** An array or map that is open, and how many of its tokens are still to come. */
interface Open {
  readonly isMap: boolean;
  left: number;
}

/**
 * Finds where a msgpack value ends, without building it, however its bytes are cut: what is not all there yet is not begun.
 * Refused on the way is what its reader would refuse: too much depth, text that is not UTF-8, keys that are not text or
 * would change a prototype.
 *
 * Resumable: if the bytes end within a value, the next call goes on where this one stopped.
 */
export class MsgpackScanner {
  /** Where the next token begins; after a whole value, where that ends. */
  position = 0;
  readonly #stage: string;
  readonly #maxDepth: number;
  readonly #open: Open[] = [];

  /**
   * @param stage The stage that errors name.
   * @param maxDepth Arrays and maps within each other.
   */
  constructor(stage: string, maxDepth: number) {
    this.#stage = stage;
    this.#maxDepth = maxDepth;
  }

  /**
   * Goes to the end of the value.
   *
   * @param bytes The bytes; if the last call found no end, the same ones and more.
   * @param base Where they begin in the whole input, for errors.
   * @returns Whether the end is among them; `position` says where.
   */
  next(bytes: Uint8Array, base: number): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    while (this.position < bytes.length) {
      if (!this.#token(bytes, view, base)) return false;
      while (this.#open.at(-1)?.left === 0) this.#open.pop();
      if (this.#open.length === 0) return true;
    }
    return false;
  }

  /** Passes one token; `false` if not all of it is there. */
  #token(bytes: Uint8Array, view: DataView, base: number): boolean {
    const at = this.position;
    const head = bytes[at]!;
    const token = TOKENS[head]!;
    const start = at + 1 + token.width;
    if (start > bytes.length) return false;
    const count = countOf(token, view, at + 1);
    const isContainer = token.kind === "array" || token.kind === "map";
    const end = isContainer ? start : start + count + token.extra;
    if (end > bytes.length) return false;

    const parent = this.#open.at(-1);
    const isKey = parent?.isMap === true && parent.left % 2 === 0;
    if (token.kind === "unused") this.#fail("0xc1 is no msgpack", base + at);
    if (isKey && token.kind !== "text") {
      this.#fail("a map's key is not text", base + at);
    }
    if (token.kind === "text") this.#text(bytes, start, end, base, isKey);
    if (parent) parent.left--;
    if (isContainer) this.#enter(token.kind === "map", count, base + at);
    this.position = end;
    return true;
  }

  #enter(isMap: boolean, count: number, offset: number): void {
    const depth = this.#open.length + 1;
    if (depth > this.#maxDepth) {
      throw new LimitError(this.#stage, "depth", depth, this.#maxDepth, {
        offset,
      });
    }
    this.#open.push({ isMap, left: isMap ? 2 * count : count });
  }

  #text(
    bytes: Uint8Array,
    start: number,
    end: number,
    base: number,
    isKey: boolean,
  ): void {
    let i = start;
    while (i < end && bytes[i]! < 0x80) i++;
    if (i < end) {
      try {
        decoder.decode(bytes.subarray(start, end));
      } catch (cause) {
        this.#fail("text is not UTF-8", base + start, cause);
      }
    } else if (isKey && isProto(bytes, start, end)) {
      this.#fail("a map has the key __proto__", base + start);
    }
  }

  #fail(message: string, offset: number, cause?: unknown): never {
    throw new FormatError(this.#stage, message, { offset, cause });
  }
}

const PROTO = new TextEncoder().encode("__proto__");

function isProto(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === PROTO.length &&
    PROTO.every((byte, i) => bytes[start + i] === byte);
}
