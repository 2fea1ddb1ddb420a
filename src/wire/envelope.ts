import { FormatError } from "../errors.ts";
import { told } from "../told.ts";
import type { Bytes, Header, Message } from "../types.ts";
import { isPart } from "./parts.ts";

/** The version of the wire that is written, and the only one that is read. */
const VERSION = 1;
/** At the very end of a stream, after the length of the last message in eight bytes. */
export const TRAILER_MAGIC: Bytes = new TextEncoder().encode("brineEND");
/** Bytes of the last message's only frame. */
export const TRAILER_BYTES = 16;
/** The index holds at most this many places; of longer streams, every second, fourth, … message. */
const MAX_INDEX = 4_096;

/** Where a message begins, and how many values come before it. */
export type IndexEntry = readonly [offset: number, firstValue: number];

/** What the last message tells of a stream. */
export interface EndHeader extends Header {
  readonly end: true;
  /** The version of the wire, for those who begin at the end. */
  readonly version: number;
  /** Messages between the first and the last. */
  readonly messages: number;
  /** The values in them. */
  readonly values: number;
  /** Places to begin reading at. */
  readonly index: readonly IndexEntry[];
}

/** To Dask, a list of nothing: so its reader passes over the first message and the last. */
const EMPTY_LIST = {
  "is-collection": true,
  "type-serialized": "list",
  "sub-headers": [],
  "frame-lengths": [],
};
/** What only the first message and the last may have in their headers. */
const RESERVED = ["brine", "end"];

/** How many values a message holds; those of a stream inside a value are not counted. */
export function countOf(header: Header): number {
  return isPart(header) ? 0 : header.values ?? 1;
}

/** What the writer of a stream keeps count of: it makes the first message and the last. */
export class EnvelopeWriter {
  #messages = 0;
  #values = 0;
  #offset = 0;
  #index: IndexEntry[] = [];
  /** Every so many messages one is in the index. */
  #stride = 1;

  /** The first message. */
  start(): Message {
    return { header: { brine: VERSION, ...EMPTY_LIST }, frames: [] };
  }

  /** Refuses a message that a reader would take for the first or the last, or would refuse. */
  check({ header }: Message): void {
    const count: unknown = countOf(header);
    if (!isCount(count)) {
      throw new TypeError(`Cannot write a message of ${told(count)} values`);
    }
    const key = RESERVED.find((key) => Object.hasOwn(header, key));
    if (key !== undefined) {
      throw new TypeError(`Cannot write a header with the key "${key}"`);
    }
  }

  /** Counts bytes that were written: those of one message, or of the first or last. */
  wrote(byteLength: number, header?: Header): void {
    if (header) {
      if (this.#messages % this.#stride === 0) {
        this.#index.push([this.#offset, this.#values]);
      }
      if (this.#index.length > MAX_INDEX) {
        this.#index = this.#index.filter((_, i) => i % 2 === 0);
        this.#stride *= 2;
      }
      this.#messages++;
      this.#values += countOf(header);
    }
    this.#offset += byteLength;
  }

  /** The last message; its trailer is for the framing to fill in. */
  end(): Message {
    const header: EndHeader = {
      end: true,
      version: VERSION,
      messages: this.#messages,
      values: this.#values,
      index: this.#index,
      ...EMPTY_LIST,
    };
    return { header, frames: [] };
  }
}

/** What the reader of a stream keeps count of: that it begins, ends, and holds what its end says. */
export class EnvelopeReader {
  readonly #stage: string;
  #state: "before" | "inside" | "after" = "before";
  #messages = 0;
  #values = 0;

  /** @param stage The stage that errors name. */
  constructor(stage: string) {
    this.#stage = stage;
  }

  /** Whether the last message has come. */
  get ended(): boolean {
    return this.#state === "after";
  }

  /**
   * Takes the next message in.
   *
   * @returns Whether it is one that the writer was given: neither the first nor the last.
   */
  accept({ header }: Message, offset: number): boolean {
    if (this.#state === "before") {
      this.#begin(header, offset);
      return false;
    }
    if (Object.hasOwn(header, "brine")) {
      this.#fail("a second first message", offset);
    }
    if (!Object.hasOwn(header, "end")) {
      this.#messages++;
      this.#values += this.#count(header, offset);
      return true;
    }
    this.#state = "after";
    this.#compare("messages", header.messages, this.#messages, offset);
    this.#compare("values", header.values, this.#values, offset);
    return false;
  }

  #count(header: Header, offset: number): number {
    const count: unknown = countOf(header);
    if (isCount(count)) return count;
    return this.#fail(`a message holds ${told(count)} values`, offset);
  }

  #begin(header: Header, offset: number): void {
    if (!Object.hasOwn(header, "brine")) {
      this.#fail("the stream does not begin with its first message", offset);
    }
    checkVersion(this.#stage, header.brine, offset);
    this.#state = "inside";
  }

  #compare(what: string, told: unknown, seen: number, offset: number): void {
    if (told === seen) return;
    this.#fail(
      `there were ${seen} ${what}, and its end tells another number`,
      offset,
    );
  }

  #fail(message: string, offset: number): never {
    throw new FormatError(this.#stage, message, { offset });
  }
}

/** Whether something read is a number of things. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Refuses a stream of another version of the wire. */
export function checkVersion(
  stage: string,
  version: unknown,
  offset: number,
): void {
  if (version === VERSION) return;
  throw new FormatError(
    stage,
    `version ${told(version)} of the wire is not known, only ${VERSION}`,
    { offset },
  );
}
