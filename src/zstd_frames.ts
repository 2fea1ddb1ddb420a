import type { Bytes } from "./types.ts";
import { FormatError, LimitError } from "./errors.ts";

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const MAX_BLOCK = 128 * 1024;
const STAGE = "zstd";

/** Where a piece of the input stands, and what follows it. */
export interface ZstdPiece {
  /** Where the piece ends in the bytes that were given; it begins where the one before it ended. */
  readonly end: number;
  /** Whether the piece belongs to a frame with data, not to one that is skipped. */
  readonly data: boolean;
  /** The piece is the last of a block or of a whole frame; nothing, if more of it is to come. */
  readonly ends: "block" | "frame" | undefined;
}

/** What the header of a frame says. */
export interface ZstdHeader {
  /** Bytes that the decoder must keep at hand. */
  readonly window: number;
  /** Plain bytes in the frame, if it says so. */
  readonly contentSize: number | undefined;
  /** Whether a checksum follows the last block. */
  readonly checksum: boolean;
}

/**
 * Walks the structure of zstd frames (RFC 8878, section 3.1) as the bytes go by, because no engine tells where a frame
 * ends, nor that its input was cut. It looks at headers alone and keeps nothing but the beginning of one.
 */
export class ZstdFrames {
  readonly #maxWindow: number;
  readonly #fields = new Uint8Array(18);
  #have = 0;
  #want = 4;
  #state: "magic" | "descriptor" | "header" | "block" | "skip size" | "body" =
    "magic";
  /** What comes after the body at hand. */
  #after: "block" | "checksum" | "frame" = "block";
  #left = 0;
  #offset = 0;
  #frames = 0;
  #data = false;
  #header: ZstdHeader = { window: 0, contentSize: undefined, checksum: false };

  /** @param maxWindow Bytes of window that a frame may ask for. */
  constructor(maxWindow: number) {
    this.#maxWindow = maxWindow;
  }

  /** Bytes walked so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether a frame has ended just here, and nothing of another has come. */
  get complete(): boolean {
    return this.#frames > 0 && this.#state === "magic" && this.#have === 0;
  }

  /** The header of the frame at hand, once it has come. */
  get header(): ZstdHeader {
    return this.#header;
  }

  /** Walks to the end of the block or frame, or to that of the bytes. The first four of a frame are one piece. */
  next(bytes: Bytes, start: number): ZstdPiece {
    let at = start;
    while (at < bytes.length) {
      if (this.#state === "body") {
        const step = Math.min(this.#left, bytes.length - at);
        at += step;
        this.#offset += step;
        this.#left -= step;
        if (this.#left > 0) break;
        const ends = this.#endBody();
        if (ends) return { end: at, data: this.#data, ends };
        continue;
      }
      this.#fields[this.#have++] = bytes[at++]!;
      this.#offset++;
      if (this.#state === "magic") this.#checkMagic();
      if (this.#have === this.#want) {
        const isMagic = this.#state === "magic";
        const ends = this.#read();
        if (isMagic || ends) return { end: at, data: this.#data, ends };
      }
    }
    return { end: at, data: this.#data, ends: undefined };
  }

  /** Whether the bytes of a magic number are still being waited for, so that the kind of the frame is not known. */
  get undecided(): boolean {
    return this.#state === "magic";
  }

  #expect(state: "magic" | "descriptor" | "header" | "block" | "skip size") {
    this.#state = state;
    this.#have = 0;
    this.#want = state === "block" ? 3 : state === "descriptor" ? 1 : 4;
  }

  #expectBody(length: number, after: "block" | "checksum" | "frame") {
    this.#state = "body";
    this.#left = length;
    this.#after = after;
    return length === 0 ? this.#endBody() : undefined;
  }

  #endBody(): "block" | "frame" | undefined {
    if (this.#after === "checksum" && this.#header.checksum) {
      return this.#expectBody(4, "frame");
    }
    const ends = this.#after === "block" ? "block" : "frame";
    if (ends === "frame") this.#frames++;
    this.#expect(ends === "frame" ? "magic" : "block");
    return ends;
  }

  /** Each byte at once, so that what is not zstd is refused where it begins. */
  #checkMagic(): void {
    const i = this.#have - 1;
    const byte = this.#fields[i]!;
    const shift = 8 * i;
    const skippable = byte === (SKIPPABLE >>> shift & 255) ||
      (i === 0 && (byte & 0xf0) === 0x50);
    const plain = byte === (MAGIC >>> shift & 255);
    // The two kinds differ in their first byte, and each goes on in one way.
    const first = this.#fields[0] === (MAGIC & 255);
    if (first ? plain : skippable) return;
    const message = this.#frames > 0
      ? "there are bytes after the end"
      : "it is not zstd";
    throw this.#refuse(message, this.#offset - this.#have);
  }

  #read(): "block" | "frame" | undefined {
    switch (this.#state) {
      case "magic":
        this.#data = this.#fields[0] === (MAGIC & 255);
        return void this.#expect(this.#data ? "descriptor" : "skip size");
      case "skip size":
        return this.#expectBody(this.#number(0, 4), "frame");
      case "descriptor":
        return this.#readDescriptor();
      case "header":
        return this.#readHeader();
      default:
        return this.#readBlock();
    }
  }

  /** Says how long the rest of the header is, which comes into the same fields. */
  #readDescriptor(): undefined {
    const descriptor = this.#fields[0]!;
    if (descriptor & 8) {
      throw this.#refuse("a reserved bit is set", this.#offset - 1);
    }
    const single = (descriptor >> 5) & 1;
    const size = descriptor >> 6;
    const sizeLength = size === 0 ? single : 1 << size;
    const dictionaryLength = [0, 1, 2, 4][descriptor & 3]!;
    this.#state = "header";
    this.#want = 1 + (1 - single) + dictionaryLength + sizeLength;
    return undefined;
  }

  #readHeader(): undefined {
    const fields = this.#fields;
    const descriptor = fields[0]!;
    const single = (descriptor & 32) !== 0;
    const dictionary = [0, 1, 2, 4][descriptor & 3]!;
    const at = single ? 1 : 2;
    if (this.#number(at, dictionary) !== 0) {
      throw this.#refuse("it needs a dictionary", this.#offset - this.#have);
    }
    const sizeAt = at + dictionary;
    const sizeLength = this.#have - sizeAt;
    const contentSize = sizeLength === 0
      ? undefined
      : this.#number(sizeAt, sizeLength) + (sizeLength === 2 ? 256 : 0);
    const base = 2 ** (10 + (fields[1]! >> 3));
    const window = single ? contentSize! : base + base / 8 * (fields[1]! & 7);
    if (window > this.#maxWindow) {
      throw new LimitError(STAGE, "a window", window, this.#maxWindow, {
        offset: this.#offset - this.#have,
      });
    }
    this.#header = { window, contentSize, checksum: (descriptor & 4) !== 0 };
    this.#expect("block");
    return undefined;
  }

  #readBlock(): "block" | "frame" | undefined {
    const head = this.#number(0, 3);
    const kind = (head >> 1) & 3;
    const size = head >>> 3;
    if (kind === 3) {
      throw this.#refuse("a block is of a reserved kind", this.#offset - 3);
    }
    if (size > MAX_BLOCK) {
      throw this.#refuse("a block is too large", this.#offset - 3);
    }
    const last = (head & 1) !== 0;
    // A block of one byte repeated is that byte and a count.
    return this.#expectBody(kind === 1 ? 1 : size, last ? "checksum" : "block");
  }

  /** A number of the header, lowest byte first; beyond 2^53 it is not exact, but no such size is ever accepted. */
  #number(start: number, length: number): number {
    let value = 0;
    for (let i = length - 1; i >= 0; i--) {
      value = value * 256 + this.#fields[start + i]!;
    }
    return value;
  }

  #refuse(message: string, offset: number): FormatError {
    return new FormatError(STAGE, message, { offset });
  }
}
