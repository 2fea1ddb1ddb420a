import type { Bytes } from "./types.ts";

/** The parts end to end; a single part is given back as it is. */
export function concat(parts: readonly Bytes[]): Bytes {
  if (parts.length === 1) return parts[0]!;
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Any view's bytes, aliased. */
export function bytesOf(view: ArrayBufferView<ArrayBuffer>): Bytes {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/**
 * Chunks in, runs of any length out; a run inside one chunk is a view, not a copy.
 * Taking is linear in what is taken, however many chunks there are: a head index, and no `shift`.
 */
export class ByteQueue {
  #chunks: Bytes[] = [];
  #head = 0;
  #length = 0;
  #taken = 0;

  /** Bytes that can be taken now. */
  get length(): number {
    return this.#length;
  }

  /** Bytes taken so far: the offset of the next one in the input. */
  get offset(): number {
    return this.#taken;
  }

  push(chunk: Bytes): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The next `length` bytes; the caller has checked that they are there. */
  take(length: number): Bytes {
    const parts: Bytes[] = [];
    this.#length -= length;
    this.#taken += length;
    while (length > 0) {
      const chunk = this.#chunks[this.#head]!;
      if (chunk.length > length) {
        parts.push(chunk.subarray(0, length));
        this.#chunks[this.#head] = chunk.subarray(length);
        break;
      }
      parts.push(chunk);
      length -= chunk.length;
      this.#chunks[this.#head++] = NOTHING;
    }
    if (this.#head > 32 && this.#head > this.#chunks.length / 2) {
      this.#chunks = this.#chunks.slice(this.#head);
      this.#head = 0;
    }
    return concat(parts);
  }
}

/** Bytes gathered in one buffer that doubles as it fills, so that gathering is linear. */
export class GrowingBuffer {
  #buffer: Bytes = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = length;
  }

  /** A view of what is gathered; good until the next `append`. */
  view(): Bytes {
    return this.#buffer.subarray(0, this.#length);
  }

  /** What is gathered, for good: the next `append` begins a new buffer. */
  take(): Bytes {
    const taken = this.view();
    this.#buffer = new Uint8Array(1024);
    this.#length = 0;
    return taken;
  }
}

/** Put in place of a chunk that was taken, so that the queue does not keep it alive. */
const NOTHING: Bytes = new Uint8Array(0);
