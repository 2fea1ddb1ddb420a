/// <reference lib="dom" />
import { concat } from "../../../bytes.ts";
import type { Bytes } from "../../../types.ts";

/** Bytes that can be read from any place, some of which may still be on their way. */
export interface Random {
  /** How many there are; `undefined` while that is not known. */
  readonly size: number | undefined;
  /** Those from one place to another, fewer at the end; waits for what is on its way. */
  read(from: number, to: number): Promise<Bytes>;
}

/** A file, or any blob. */
export class BlobBytes implements Random {
  readonly size: number;
  readonly #blob: Blob;

  constructor(blob: Blob) {
    this.#blob = blob;
    this.size = blob.size;
  }

  async read(from: number, to: number): Promise<Bytes> {
    return new Uint8Array(await this.#blob.slice(from, to).arrayBuffer());
  }
}

/** Bytes that are asked for at a time. */
const WINDOW = 4 << 20;

/** Goes through bytes from front to back, a large piece at a time; the next one is sent for before it is needed. */
export class Cursor {
  /** Where the next byte is. */
  offset: number;
  readonly #bytes: Random;
  #window: Bytes = new Uint8Array(0);
  #start: number;
  #next: Promise<Bytes> | undefined;

  constructor(bytes: Random, offset: number) {
    this.#bytes = bytes;
    this.offset = offset;
    this.#start = offset;
  }

  /** The next so many bytes, if they are at hand. */
  take(length: number): Bytes | undefined {
    const from = this.offset - this.#start;
    if (from + length > this.#window.length) return undefined;
    this.offset += length;
    return this.#window.subarray(from, from + length);
  }

  /** Fetches more; tells whether there are so many bytes. */
  async fill(length: number): Promise<boolean> {
    const { size } = this.#bytes;
    if (size !== undefined && this.offset + length > size) return false;
    const rest = this.#window.subarray(this.offset - this.#start);
    const pieces = [rest];
    let have = rest.length;
    if (this.#next) {
      pieces.push(await this.#next);
      have += pieces[1]!.length;
      this.#next = undefined;
    }
    // Of a stream that is on its way, no more is waited for than is needed.
    const wanted = size === undefined ? length : Math.max(length, WINDOW);
    if (have < length) {
      const at = this.offset + have;
      pieces.push(await this.#bytes.read(at, this.offset + wanted));
    }
    this.#window = concat(pieces);
    this.#start = this.offset;
    if (size !== undefined) {
      const end = this.offset + this.#window.length;
      if (end < size) this.#next = this.#ahead(end);
    }
    return this.#window.length >= length;
  }

  #ahead(from: number): Promise<Bytes> {
    const next = this.#bytes.read(from, from + WINDOW);
    // Whoever waits for it hears of a failure; perhaps nobody does.
    next.catch(() => {});
    return next;
  }
}
