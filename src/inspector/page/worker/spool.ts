/// <reference lib="dom" />
import { concat } from "../../../bytes.ts";
import type { Bytes } from "../../../types.ts";
import { DiskFile } from "./disk.ts";
import type { Random } from "./random.ts";

/** Bytes that are gathered before they become a blob, which the browser may keep on disk. */
const PART = 8 << 20;

/**
 * What a stream brings, kept outside of the heap so that it can be read again from any place: on disk, or, where there is none to be
 * had, in blobs.
 */
export class Spool implements Random {
  /** What the stream failed with. */
  failure: unknown;
  /** How many bytes have come. */
  length = 0;
  readonly #parts: Blob[] = [];
  readonly #starts: number[] = [];
  #chunks: Bytes[] = [];
  #held = 0;
  #disk: DiskFile | undefined;
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
      this.#disk = await DiskFile.create();
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
    if (this.#disk) return this.#disk.read(from, end);
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

  /** Lets go of what it has; nothing can be read any more. */
  close(): void {
    this.#disk?.remove();
  }

  #take(chunk: Bytes): void {
    if (this.#disk) {
      this.#disk.write(chunk);
      this.length += chunk.length;
      return this.#wake();
    }
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
