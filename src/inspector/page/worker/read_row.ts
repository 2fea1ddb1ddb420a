import { lazyRegistry } from "../../../lazy_registry.ts";
import type { Bytes, Message } from "../../../types.ts";
import { unpackFrames } from "../../../wire/frames.ts";
import { unpackLine } from "../../../wire/lines.ts";
import { isPart } from "../../../wire/parts.ts";
import { collect, streamOf } from "../../../../streams/_collect.ts";
import { compress } from "../../../../streams/compress.ts";
import { formatOf } from "../../../../streams/formats.ts";
import { split } from "../../../../streams/split.ts";
import type { Part, Row } from "../protocol.ts";
import { readBlock } from "./index_lines.ts";
import { loadPython } from "./load_python.ts";
import { LIMITS } from "./next_message.ts";
import { plainBytes } from "./plain.ts";
import { readPython } from "./python_files.ts";

/** All that is in a row. */
export interface RowContent {
  readonly values: readonly (readonly [key: string, value: unknown])[];
  readonly parts: readonly Part[];
  readonly header: unknown;
  readonly notes: readonly string[];
  readonly error?: string;
  readonly listing?:
    | { readonly title: string; readonly text: string }
    | undefined;
}

const PYTHON = ["pickle", "prefect", "dask", "npy", "npz"];

/** Reads a row again. */
export async function readRow(
  format: string,
  row: Row,
  bytes: Bytes,
): Promise<RowContent> {
  const whole: Part[] = [
    {
      label: row.family || "bytes",
      offset: row.offset,
      byteLength: row.byteLength,
      codec: null,
      plainBytes: row.byteLength,
    },
  ];
  if (format === "brine" || format === "lines") {
    return await readMessageRow(format, row, bytes, whole);
  }
  if (PYTHON.includes(format)) {
    if (row.status === "damaged") {
      return { ...nothing(whole), error: row.note! };
    }
    const { values, header, notes = [], listing } = await readPython(
      format,
      bytes,
    );
    return { values, parts: whole, header, notes, listing };
  }
  const { values, faults } = await readBlock(bytes, formatOf(format));
  const notes = faults.map(({ text, offset }) =>
    `byte ${row.offset + offset}: ${text}`
  );
  return { ...nothing(whole), values: numbered(values, row.firstValue), notes };
}

function nothing(parts: Part[]): RowContent {
  return { values: [], parts, header: undefined, notes: [] };
}

function numbered(
  values: readonly unknown[],
  first: number,
): [string, unknown][] {
  return values.map((value, i) => [String(first + i), value]);
}

async function readMessageRow(
  format: string,
  row: Row,
  bytes: Bytes,
  whole: Part[],
): Promise<RowContent> {
  let message: Message;
  try {
    message = format === "brine"
      ? unpackFrames(bytes, LIMITS)
      : unpackLine(lineOf(bytes), 0);
  } catch {
    return { ...nothing(whole), error: row.note ?? "it cannot be read" };
  }
  const parts = format === "brine" ? partsOf(message, row) : whole;
  const content = { ...nothing(parts), header: message.header };
  if (row.status === "start" || row.status === "end") return content;
  if (row.status === "failure") return { ...content, error: row.note! };
  try {
    const values = await valuesOf(message);
    return { ...content, values: numbered(values, row.firstValue) };
  } catch (error) {
    const { message: text } = error as Error;
    return {
      ...content,
      values: await rawValues(message),
      notes: [`shown as it is on the wire: ${text}`],
    };
  }
}

function lineOf(bytes: Bytes): Bytes {
  return bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes;
}

/** Where the pieces of a message are. */
function partsOf(
  { header: { compression }, frames }: Message,
  row: Row,
): Part[] {
  const lengths = 8 * (2 + frames.length);
  const inFrames = frames.reduce((sum, { length }) => sum + length, 0);
  const headerBytes = row.byteLength - lengths - inFrames;
  const part = (label: string, offset: number, byteLength: number): Part => ({
    label,
    offset: row.offset + offset,
    byteLength,
    codec: null,
    plainBytes: byteLength,
  });
  const parts = [
    part("lengths", 0, lengths),
    part("header", lengths, headerBytes),
  ];
  let at = lengths + headerBytes;
  for (const [i, frame] of frames.entries()) {
    parts.push({
      ...part(`frame ${i}`, at, frame.length),
      codec: compression?.[i] || null,
      plainBytes: plainBytes(compression?.[i], frame),
    });
    at += frame.length;
  }
  return parts;
}

/** The message with its frames as the family wrote them. */
async function plainMessage(message: Message): Promise<Message> {
  const stream = streamOf([message])
    .pipeThrough(
      compress(undefined, { maxFrameBytes: 2 ** 30, maxMessageBytes: 2 ** 30 })
        .decoder(),
    )
    .pipeThrough(split().decoder());
  return (await collect(stream))[0]!;
}

async function valuesOf(message: Message): Promise<readonly unknown[]> {
  const plain = await plainMessage(message);
  const { serializer, part } = plain.header;
  if (isPart(plain.header)) {
    if (part === "bytes" || part === "content") return plain.frames;
    if (part === "end") return [];
    if (part === "error") return [new TextDecoder().decode(plain.frames[0])];
    const { stream: _, part: __, ...header } = plain.header;
    return lazyRegistry.deserializeBatch({ ...plain, header });
  }
  if (serializer === "pickle") await loadPython();
  if (serializer === "dask") {
    await loadPython();
    const { readMessage } = await import("./dask.ts");
    return [readMessage(plain)];
  }
  return lazyRegistry.deserializeBatch(plain);
}

/** What stands in the frames, for a reader that does not know the types. */
async function rawValues(message: Message): Promise<[string, unknown][]> {
  let { frames } = message;
  const { serializer, values = 1 } = message.header;
  try {
    frames = (await plainMessage(message)).frames;
    if (serializer === "json") {
      const tree = JSON.parse(new TextDecoder().decode(frames[0]));
      const rest = frames.slice(1).map((
        frame,
        i,
      ): [string, unknown] => [`frame ${i + 1}`, frame]);
      const all = values > 1 && Array.isArray(tree) ? tree : [tree];
      return [...numbered(all, 0), ...rest];
    }
  } catch {
    // Then there is nothing better than the frames.
  }
  return frames.map((frame, i) => [`frame ${i}`, frame]);
}

/** The values of a row, for those who do not want to look at anything else; of a damaged one, what is whole of it. */
export async function valuesOfRow(
  format: string,
  row: Row,
  bytes: Bytes,
): Promise<readonly unknown[]> {
  if (row.status === "start" || row.status === "end") return [];
  if (format === "brine") return await valuesOf(unpackFrames(bytes, LIMITS));
  if (format === "lines") return await valuesOf(unpackLine(lineOf(bytes), 0));
  if (!PYTHON.includes(format)) {
    return (await readBlock(bytes, formatOf(format))).values;
  }
  const { values } = await readPython(format, bytes);
  if (values.length === 1) return [values[0]![1]];
  return [Object.fromEntries(values)];
}
