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

/** Bytes that are gathered before they become a blob, which the browser may keep on disk. */
const PART = 8 << 20;

/** What a stream brings, kept by the browser outside of the heap, so that it can be read again from any place. */
export class Spool implements Random {
  /** What the stream failed with. */
  failure: unknown;
  /** How many bytes have come. */
  length = 0;
  readonly #parts: Blob[] = [];
  readonly #starts: number[] = [];
  #chunks: Bytes[] = [];
  #held = 0;
  #ended = false;
  #waiting: (() => void)[] = [];

  get size(): number | undefined {
    return this.#ended ? this.length : undefined;
  }

  /** Takes all of a stream in; what it fails with is noted, and not thrown. */
  async fill(
    stream: ReadableStream<Bytes>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const reader = stream.getReader();
      signal.addEventListener("abort", () => reader.cancel().catch(() => {}));
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        this.#take(value);
      }
    } catch (error) {
      this.failure = error;
    }
    this.#flush();
    this.#ended = true;
    this.#wake();
  }

  async read(from: number, to: number): Promise<Bytes> {
    while (this.length < to && !this.#ended) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const end = Math.min(to, this.length);
    if (from >= end) return new Uint8Array(0);
    if (end > this.length - this.#held) this.#flush();
    const pieces: Blob[] = [];
    for (let i = this.#partAt(from); i < this.#parts.length; i++) {
      const start = this.#starts[i]!;
      if (start >= end) break;
      pieces.push(
        this.#parts[i]!.slice(Math.max(0, from - start), end - start),
      );
    }
    return new Uint8Array(await new Blob(pieces).arrayBuffer());
  }

  #take(chunk: Bytes): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    this.length += chunk.length;
    if (this.#held >= PART) this.#flush();
    this.#wake();
  }

  #flush(): void {
    if (this.#held === 0) return;
    this.#starts.push(this.length - this.#held);
    this.#parts.push(new Blob([concat(this.#chunks)]));
    this.#chunks = [];
    this.#held = 0;
  }

  #partAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
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

/** Bytes of a chunk, where all are read in order. */
const STEP = 256 << 10;

/** Bytes from the first to the last, some at a time. */
export function streamOfBytes(
  bytes: Random,
  signal: AbortSignal,
): ReadableStream<Bytes> {
  let offset = 0;
  return new ReadableStream<Bytes>({
    async pull(controller) {
      signal.throwIfAborted();
      const chunk = await bytes.read(offset, offset + STEP);
      offset += chunk.length;
      if (chunk.length > 0) controller.enqueue(chunk);
      if (chunk.length < STEP) {
        if (bytes instanceof Spool && bytes.failure !== undefined) {
          controller.error(bytes.failure);
        } else controller.close();
      }
    },
  }, { highWaterMark: 0 });
}
