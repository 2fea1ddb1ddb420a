import { TruncatedError } from "../../../errors.ts";
import type { Bytes } from "../../../types.ts";
import { unpackLine } from "../../../wire/lines.ts";
import { type Format, formatOf } from "../../../../streams/formats.ts";
import { collect, streamOf } from "../../../../streams/_collect.ts";
import { type Context, isAboutInput, told } from "./context.ts";
import { damagedRow, Envelope, noteRow, rowOf } from "./index_messages.ts";
import { LIMITS } from "./next_message.ts";

/** Bytes that are read at a time, and, of formats without messages, what is about one row. */
const WINDOW = 4 << 20;
const BLOCK = 64 << 10;
const NEWLINE = 10;

/** Runs of whole lines, of at least so many bytes each if there is more than one. */
async function* blocks(
  { bytes, signal }: Context,
  least: number,
): AsyncGenerator<{ readonly block: Bytes; readonly offset: number }> {
  let offset = 0;
  let wanted = WINDOW;
  for (;;) {
    signal.throwIfAborted();
    const window = await bytes.read(offset, offset + wanted);
    if (window.length === 0) return;
    const isLast = window.length < wanted;
    let at = 0;
    while (at < window.length) {
      const end = window.indexOf(NEWLINE, Math.min(at + least, window.length)) +
        1;
      if (end === 0 && !isLast) break;
      const stop = end || window.length;
      yield { block: window.subarray(at, stop), offset: offset + at };
      at = stop;
    }
    // A line longer than what was read: more is read then.
    wanted = at === 0 ? wanted * 2 : WINDOW;
    if (wanted > LIMITS.maxMessageBytes) {
      throw new TruncatedError("lines", "a line is too long to be shown", {
        offset,
      });
    }
    offset += at;
    if (isLast) return;
  }
}

/** Notes down every line of the wire as text. A line that is damaged is a row, and the next is read. */
export async function indexLines(context: Context): Promise<void> {
  const envelope = new Envelope("lines");
  let end = 0;
  for await (const { block, offset } of blocks(context, 0)) {
    const line = block.at(-1) === NEWLINE ? block.subarray(0, -1) : block;
    end = offset + block.length;
    try {
      const message = unpackLine(line, offset);
      const packed = { message, offset, byteLength: block.length };
      noteRow(context, rowOf(packed, envelope.accept(packed)?.message));
    } catch (error) {
      if (!isAboutInput(error)) throw error;
      envelope.broken = true;
      noteRow(context, damagedRow(offset, block.length, told(error).text));
    }
    await context.advance(end);
  }
  if (!envelope.ended) {
    const text = "the stream has no end: it was cut";
    context.damage({ row: undefined, offset: end, text });
  }
}

/** Notes down blocks of lines of a format that has a value in each. */
export async function indexText(context: Context, name: string): Promise<void> {
  const format = formatOf(name);
  for await (const { block, offset } of blocks(context, BLOCK)) {
    const { values, faults } = await readBlock(block, format);
    const byteLength = block.length;
    const [first, ...more] = faults;
    const note = first &&
      (more.length > 0
        ? `${first.text} (and ${more.length} more lines)`
        : first.text);
    const row = context.rows.add({
      ...damagedRow(offset, byteLength, ""),
      status: first ? "damaged" : "ok",
      family: name,
      codecs: "none",
      values: values.length,
      plainBytes: byteLength,
      note,
    });
    for (const fault of faults) {
      context.damage({ row, offset: offset + fault.offset, text: fault.text });
    }
    await context.advance(offset + byteLength);
  }
}

/** A line that cannot be read, and where it is in its block. */
interface Fault {
  readonly text: string;
  readonly offset: number;
}

/** The values of a block, and what is wrong in it. */
export async function readBlock(
  block: Bytes,
  format: Format,
): Promise<{ values: unknown[]; faults: Fault[] }> {
  try {
    return { values: await decode(block, format), faults: [] };
  } catch (error) {
    if (!isAboutInput(error)) throw error;
  }
  // Something is wrong: line by line, to keep what is not.
  const values: unknown[] = [];
  const faults: Fault[] = [];
  for (let at = 0; at < block.length;) {
    const end = block.indexOf(NEWLINE, at) + 1 || block.length;
    try {
      for (const value of await decode(block.subarray(at, end), format)) {
        values.push(value);
      }
    } catch (error) {
      if (!isAboutInput(error)) throw error;
      const { text, offset = 0 } = told(error);
      faults.push({ text, offset: at + offset });
    }
    at = end;
  }
  return { values, faults };
}

async function decode(bytes: Bytes, format: Format): Promise<unknown[]> {
  const batches = streamOf([bytes]).pipeThrough(format.batches().decoder());
  return (await collect(batches)).flat(1);
}
