import { FormatError } from "../../../errors.ts";
import type { Header, Message } from "../../../types.ts";
import { countOf, EnvelopeReader } from "../../../wire/envelope.ts";
import type { PackedMessage } from "../../../wire/frames.ts";
import { isPart } from "../../../wire/parts.ts";
import { type Context, isAboutInput, told } from "./context.ts";
import { messageAtHand, nextMessage } from "./next_message.ts";
import { plainBytes } from "./plain.ts";
import { Cursor } from "./random.ts";
import { findNext } from "./resync.ts";
import type { NewRow } from "./rows.ts";

/** Notes every message down. Of what is damaged, one row, and it goes on behind that. */
export async function indexMessages(context: Context): Promise<void> {
  const { bytes, rows, signal } = context;
  let cursor = new Cursor(bytes, 0);
  const envelope = new Envelope("frames");
  for (;;) {
    const { offset } = cursor;
    try {
      // Waiting takes longer than reading, where messages are small.
      const packed = messageAtHand(cursor, offset) ??
        await laterMessage(cursor, offset);
      if (!packed) break;
      const error = envelope.accept(packed);
      noteRow(context, rowOf(packed, error?.message));
    } catch (error) {
      if (!isAboutInput(error)) throw error;
      signal.throwIfAborted();
      envelope.broken = true;
      const next = await findNext(bytes, offset, signal);
      const end = next ?? await endOf(context);
      const text = told(error).text;
      noteRow(context, damagedRow(offset, end - offset, text));
      if (next === undefined) return;
      cursor = new Cursor(bytes, next);
    }
    const pause = context.advance(cursor.offset);
    if (pause) await pause;
  }
  if (!envelope.ended) {
    const text = rows.length === 0
      ? "the input is empty"
      : "the stream has no end: it was cut";
    context.damage({ row: undefined, offset: cursor.offset, text });
  }
}

/** Notes a row down, and, if something is wrong with it, that too. */
export function noteRow({ rows, damage }: Context, row: NewRow): void {
  const index = rows.add(row);
  const { offset, note } = row;
  if (note !== undefined) damage({ row: index, offset, text: note });
}

/** What has to be true of the messages together, as long as none was lost. */
export class Envelope {
  broken = false;
  ended = false;
  readonly #stage: string;
  readonly #reader: EnvelopeReader;

  constructor(stage: string) {
    this.#stage = stage;
    this.#reader = new EnvelopeReader(stage);
  }

  accept({ message, offset }: PackedMessage): Error | undefined {
    if (this.ended) {
      return new FormatError(this.#stage, "there are bytes after the end", {
        offset,
      });
    }
    if (Object.hasOwn(message.header, "end")) this.ended = true;
    if (this.broken) return undefined;
    try {
      this.#reader.accept(message, offset);
    } catch (error) {
      this.broken = true;
      return error as Error;
    }
    return undefined;
  }
}

/** The next message, once there is enough of it; `undefined` at the end. */
async function laterMessage(
  cursor: Cursor,
  offset: number,
): Promise<PackedMessage | undefined> {
  if (!cursor.take(1) && !(await cursor.fill(1))) return undefined;
  cursor.offset = offset;
  return await nextMessage(cursor, offset);
}

async function endOf({ bytes }: Context): Promise<number> {
  if (bytes.size !== undefined) return bytes.size;
  // Of a stream that is on its way, the end is known when it has come.
  await bytes.read(Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER);
  return bytes.size!;
}

export function rowOf(
  { message, offset, byteLength }: PackedMessage,
  note: string | undefined,
): NewRow {
  const { header, frames } = message;
  const status = Object.hasOwn(header, "brine")
    ? "start"
    : Object.hasOwn(header, "end")
    ? "end"
    : header.serializer === "error"
    ? "failure"
    : "ok";
  const isMessage = status === "ok" || status === "failure";
  return {
    offset,
    byteLength,
    status: note === undefined ? status : "damaged",
    family: isMessage ? labelOf(header) : "",
    codecs: isMessage ? codecsOf(message) : "",
    tagged: header.tagged === true,
    values: isMessage ? countOf(header) : 0,
    frames: frames.length,
    plainBytes: isMessage ? sumOf(message) : null,
    note: note ?? (status === "failure" ? failureOf(message) : undefined),
  };
}

export function damagedRow(
  offset: number,
  byteLength: number,
  note: string,
): NewRow {
  return {
    offset,
    byteLength,
    status: "damaged",
    family: "",
    codecs: "",
    tagged: false,
    values: 0,
    frames: 0,
    plainBytes: null,
    note,
  };
}

/** Of parts of streams, which there may be many of, the kind; the number is in the header. */
function labelOf(header: Header): string {
  const { serializer = "?", part } = header;
  return (isPart(header) ? `stream: ${part}` : String(serializer)).slice(0, 40);
}

function codecsOf({ header: { compression }, frames }: Message): string {
  const nameOf = (i: number) => String(compression?.[i] || "none").slice(0, 20);
  if (frames.length === 1) return nameOf(0);
  return [...new Set(frames.map((_, i) => nameOf(i)))].join(", ");
}

function sumOf({ header: { compression }, frames }: Message): number | null {
  let sum = 0;
  for (let i = 0; i < frames.length; i++) {
    sum += plainBytes(compression?.[i], frames[i]!) ?? NaN;
  }
  return Number.isNaN(sum) ? null : sum;
}

function failureOf({ frames: [first] }: Message): string {
  const text = new TextDecoder().decode(first?.subarray(0, 500));
  return `the writer failed: ${text}`;
}
