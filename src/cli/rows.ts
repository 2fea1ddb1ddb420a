import type { Header, PackedMessage } from "../../mod.ts";
import { defaultDaskRegistry } from "../dask/default_registry.ts";
import { plainBytes } from "./plain_bytes.ts";

/** What is shown of a message. */
export interface Row {
  /** Where it begins, in bytes. */
  readonly offset: number;
  readonly family: string;
  /** Whether it holds values that plain JSON cannot. */
  readonly tagged: boolean;
  readonly values: number;
  readonly frames: number;
  /** Each once, `none` for frames that are as they were. */
  readonly codecs: readonly string[];
  /** All of it as it stands there, with its header. */
  readonly storedBytes: number;
  /** Its frames decompressed; `null` where only decompressing would tell. */
  readonly plainBytes: number | null;
}

/** What is shown of the last message. */
export interface EndRow {
  readonly messages: number;
  readonly values: number;
  /** Places in the index. */
  readonly index: number;
}

/** A row for a message; none for the first and the last of a stream, which only hold it together. */
export function describeMessage(
  { message: { header, frames }, offset, byteLength }: PackedMessage,
): Row | undefined {
  if (isEnvelope(header)) return undefined;
  const { serializer, compression, values = 1, tagged = false } = header;
  const codecOf = (i: number) => compression?.[i] || null;
  const plain = frames.map((frame, i) => plainBytes(codecOf(i), frame));
  const sum = plain.reduce<number>((sum, bytes) => sum + (bytes ?? NaN), 0);
  return {
    offset,
    family: String(serializer),
    tagged,
    values,
    frames: frames.length,
    codecs: [...new Set(frames.map((_, i) => codecOf(i) ?? "none"))],
    storedBytes: byteLength,
    plainBytes: Number.isNaN(sum) ? null : sum,
  };
}

/** A row for a blob of Dask: what it is of, and how its frames are compressed. */
export function describeBlob(
  { message: { header, frames }, offset, byteLength }: PackedMessage,
): Row {
  const { compression } = header;
  const names = frames.map((_, i) => compression?.[i] || null);
  const { compressions } = defaultDaskRegistry;
  const plain = frames.map((frame, i) => {
    const name = names[i];
    if (!name) return frame.length;
    return compressions.get(name)?.sizeOf?.(frame) ?? NaN;
  });
  const plainBytes = plain.reduce((sum, bytes) => sum + bytes, 0);
  return {
    offset,
    family: familyOf(header),
    tagged: false,
    values: 1,
    frames: frames.length,
    codecs: [...new Set(names.map((name) => name ?? "none"))],
    storedBytes: byteLength,
    plainBytes: Number.isNaN(plainBytes) ? null : plainBytes,
  };
}

/** `dask numpy.ndarray`, `list of 3`, or the family alone. */
function familyOf(header: Header): string {
  const { serializer, type, "sub-headers": items } = header;
  if (Object.hasOwn(header, "is-collection")) {
    const count = Array.isArray(items) ? items.length : "?";
    return `${header["type-serialized"]} of ${count}`;
  }
  return type === undefined ? `${serializer}` : `${serializer} ${type}`;
}

/** Whether a message is the first or the last of its stream. */
export function isEnvelope(header: Header): boolean {
  return Object.hasOwn(header, "brine") || Object.hasOwn(header, "end");
}

/** What the rows come to. */
export class Totals {
  /** The last message, once it has come. */
  end: EndRow | undefined;
  #messages = 0;
  #values = 0;
  #storedBytes = 0;
  #plainBytes = 0;

  add({ message: { header }, byteLength }: PackedMessage, row?: Row): void {
    this.#storedBytes += byteLength;
    if (row) {
      this.#messages++;
      this.#values += row.values;
      this.#plainBytes += row.plainBytes ?? NaN;
    } else if (header.end) {
      const { messages, values, index } = header;
      this.end = {
        messages: messages as number,
        values: values as number,
        index: Array.isArray(index) ? index.length : 0,
      };
    }
  }

  toJSON(): {
    messages: number;
    values: number;
    storedBytes: number;
    plainBytes: number | null;
    ratio: number | null;
  } {
    const plain = Number.isNaN(this.#plainBytes) ? null : this.#plainBytes;
    const ratio = plain === null ? null : plain / this.#storedBytes;
    return {
      messages: this.#messages,
      values: this.#values,
      storedBytes: this.#storedBytes,
      plainBytes: plain,
      ratio: ratio === null ? null : Math.round(ratio * 100) / 100,
    };
  }
}
