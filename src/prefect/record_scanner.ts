import { GrowingBuffer } from "../bytes.ts";
import { FormatError, LimitError, TruncatedError } from "../errors.ts";
import type { Bytes } from "../types.ts";
import { readJson } from "./read.ts";
import { StringReader } from "./string_reader.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Keys and metadata are not longer. */
const MAX_MEMBER = 1 << 24;
/** Under which names the serializer's blob is found, in the formats that there were. */
const BODIES: ReadonlySet<string> = new Set(["result", "data", "blob"]);

type State =
  | "start"
  | "key"
  | "name"
  | "colon"
  | "value"
  | "body"
  | "next"
  | "end";

/**
 * Reads a record as it comes: an object whose members are small, but for one that is the blob, as text. That one is given piece
 * by piece.
 */
export class RecordScanner {
  /** The members that have come, but for a body that is text. */
  readonly members: Map<string, unknown> = new Map();
  /** The name of the body, once that is known. */
  body: string | undefined;
  /** Whether the body is text. */
  isText = false;
  #state: State = "start";
  #name = "";
  readonly #gathered = new GrowingBuffer();
  #depth = 0;
  #inString = false;
  #escaped = false;
  readonly #string = new StringReader();
  #offset = 0;
  readonly #maxBytes: number;

  /** @param maxBytes Bytes of a body that is no text. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether the object is complete. */
  get done(): boolean {
    return this.#state === "end";
  }

  /** Reads on; gives back what of the body was there. */
  push(bytes: Bytes): Bytes[] {
    const out: Bytes[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === "body") {
        const { taken, text, done } = this.#string.read(
          bytes,
          at,
          this.#offset,
        );
        at = taken;
        if (text.length > 0) out.push(text);
        if (done) this.#state = "next";
      } else if (this.#state === "value") at = this.#gather(bytes, at);
      else this.#step(bytes[at]!, this.#offset + at++);
    }
    this.#offset += bytes.length;
    return out;
  }

  /** There is no more. */
  end(): void {
    if (this.#state === "end") return;
    const offset = this.#offset;
    throw new TruncatedError("record", "the input ends too early", { offset });
  }

  #step(byte: number, offset: number): void {
    if (this.#state === "name") return this.#nameByte(byte);
    if (
      byte === 0x20 || (byte >= 9 && byte <= 13 && byte !== 11 && byte !== 12)
    ) return;
    const character = String.fromCharCode(byte);
    switch (this.#state + character) {
      case "start{":
        this.#state = "key";
        return;
      case 'key"':
        this.#state = "name";
        this.#gathered.append(Uint8Array.of(QUOTE));
        return;
      case "colon:":
        this.#state = "value";
        return;
      case "next,":
        this.#state = "key";
        return;
      case "next}":
        this.#state = "end";
        return;
    }
    // An object without members.
    if (this.#state === "key" && byte === 0x7d && this.members.size === 0) {
      this.#state = "end";
      return;
    }
    const message = `it is no record: ${
      JSON.stringify(character)
    } is out of place`;
    throw new FormatError("record", message, { offset });
  }

  #nameByte(byte: number): void {
    this.#append(Uint8Array.of(byte), MAX_MEMBER);
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#name = String(this.#take());
      this.#state = "colon";
    }
  }

  /** Gathers a value, to its end or to that of the bytes. */
  #gather(bytes: Bytes, at: number): number {
    const isBody = BODIES.has(this.#name);
    let i = at;
    for (; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (byte === QUOTE) {
        const isFirst = this.#depth === 0 && this.#gathered.length === 0;
        if (isBody && isFirst && isBlank(bytes.subarray(at, i))) {
          this.#beginBody(this.#offset + i);
          return i + 1;
        }
        this.#inString = true;
      } else if (byte === 0x5b || byte === 0x7b) this.#depth++;
      else if (this.#depth > 0) {
        if (byte === 0x5d || byte === 0x7d) this.#depth--;
      } else if (byte === 0x2c || byte === 0x7d) break;
    }
    this.#append(bytes.subarray(at, i), isBody ? this.#maxBytes : MAX_MEMBER);
    if (i < bytes.length) this.#endValue(isBody, this.#offset + i);
    return i;
  }

  #beginBody(offset: number): void {
    this.#claimBody(offset);
    this.isText = true;
    this.#state = "body";
  }

  #claimBody(offset: number): void {
    if (this.body !== undefined) {
      const message = `it has both ${this.body} and ${this.#name}`;
      throw new FormatError("record", message, { offset });
    }
    this.body = this.#name;
  }

  #endValue(isBody: boolean, offset: number): void {
    if (isBody) this.#claimBody(offset);
    this.members.set(this.#name, this.#take());
    this.#state = "next";
  }

  #append(bytes: Bytes, most: number): void {
    const length = this.#gathered.length + bytes.length;
    if (length > most) throw new LimitError("record", "a member", length, most);
    this.#gathered.append(bytes);
  }

  #take(): unknown {
    return readJson(this.#gathered.take(), {
      strict: true,
      maxDepth: 1000,
      decoder: undefined,
      tagsOnly: true,
    });
  }
}

function isBlank(bytes: Bytes): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 9 && byte <= 13));
}
