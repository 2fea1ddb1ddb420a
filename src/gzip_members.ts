import type { Bytes } from "./types.ts";
import { ByteQueue } from "./bytes.ts";
import { crc32 } from "./crc32.ts";
import { FormatError, LimitError } from "./errors.ts";

/** Names and comments in a header have no length; nobody needs longer ones. */
const MAX_HEADER = 1 << 20;
const TRAILER = 8;

/**
 * What stands around the deflated data of one gzip member (RFC 1952): a header before, and a trailer behind with the
 * checksum and the length. Bytes are pushed in pieces of any size; what comes back is the rest, behind the part.
 */
export class GzipMember {
  readonly #queue: ByteQueue = new ByteQueue();
  readonly #header: Generator<number, void, Bytes>;
  #want: number | undefined;
  #crc = 0;
  #length = 0;

  /** @param start Where the member begins in the input. */
  constructor(start: number) {
    this.#header = readHeader(start);
    this.#want = this.#header.next().value as number;
  }

  /** Bytes of the header; `undefined` as long as it is not complete, else what stands behind it. */
  pushHeader(bytes: Bytes): Bytes | undefined {
    this.#queue.push(bytes);
    while (this.#want !== undefined) {
      if (this.#queue.length < this.#want) return undefined;
      const step = this.#header.next(this.#queue.take(this.#want));
      this.#want = step.done ? undefined : step.value;
    }
    return this.#queue.take(this.#queue.length);
  }

  /** Plain bytes of the member, for the checksum. */
  update(bytes: Bytes): void {
    this.#crc = crc32(bytes, this.#crc);
    this.#length = (this.#length + bytes.length) >>> 0;
  }

  /** Bytes of the trailer, as for the header. */
  pushTrailer(bytes: Bytes, offset: number): Bytes | undefined {
    this.#queue.push(bytes);
    if (this.#queue.length < TRAILER) return undefined;
    const { buffer, byteOffset } = this.#queue.take(TRAILER);
    const view = new DataView(buffer, byteOffset, TRAILER);
    const refuse = (what: string) =>
      new FormatError("gzip", `the ${what} does not match`, { offset });
    if (view.getUint32(0, true) !== this.#crc) throw refuse("checksum");
    if (view.getUint32(4, true) !== this.#length) throw refuse("length");
    return this.#queue.take(this.#queue.length);
  }
}

/** Bits of the header's flags. */
const HEADER_CRC = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const RESERVED = 0xe0;

function* readHeader(start: number): Generator<number, void, Bytes> {
  let crc = 0;
  let length = 0;
  const refuse = (message: string, offset: number) =>
    new FormatError("gzip", message, { offset });
  const read = function* (count: number): Generator<number, Bytes, Bytes> {
    const bytes = yield count;
    crc = crc32(bytes, crc);
    length += count;
    return bytes;
  };
  const skipText = function* (): Generator<number, void, Bytes> {
    while ((yield* read(1))[0] !== 0) {
      if (length > MAX_HEADER) {
        throw new LimitError("gzip", "a header", length, MAX_HEADER, {
          offset: start,
        });
      }
    }
  };
  // One by one, so that what is not gzip at all is refused at its first byte.
  for (const byte of [0x1f, 0x8b]) {
    if ((yield* read(1))[0] !== byte) throw refuse("it is not gzip", start);
  }
  const [method, flags = 0] = yield* read(8);
  if (method !== 8) throw refuse("the method is not deflate", start + 2);
  if (flags & RESERVED) throw refuse("the flags are unknown", start + 3);
  if (flags & EXTRA) {
    const [low = 0, high = 0] = yield* read(2);
    yield* read(low | high << 8);
  }
  if (flags & NAME) yield* skipText();
  if (flags & COMMENT) yield* skipText();
  if (flags & HEADER_CRC) {
    const expected = crc & 0xffff;
    const [low = 0, high = 0] = yield* read(2);
    if ((low | high << 8) !== expected) {
      throw refuse("the checksum of the header does not match", start);
    }
  }
}
