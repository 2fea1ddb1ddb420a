import {
  type Bytes,
  type Codec,
  DETECT_BYTES,
  detectBytes,
  type Detected,
  detectName,
  type Format,
  formatOf,
  type FormatOptions,
  type Stage,
} from "../../mod.ts";
import { plainFor } from "../../streams/_plain_for.ts";
import { compressor } from "./compression.ts";
import { CliError, EXIT } from "./errors.ts";
import { type Input, isUrl } from "./files.ts";
import { sweeping } from "./sweep.ts";

/** A stage between batches of values and bytes. */
export type BatchStage = Stage<readonly unknown[], Bytes>;

/** What the user says of formats and compression. */
export interface FormatChoice {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** A codec's name, or `none`. */
  readonly compress?: string | undefined;
  readonly level?: number | undefined;
  readonly family?: string | undefined;
  readonly path?: string | undefined;
  readonly lossy?: boolean | undefined;
  /** Whether the input comes as fast as it is read: then nothing is sent on before it is worth it. */
  readonly isPrompt?: boolean;
}

/** Bytes of a known format, without any compression around them. */
export interface Identified {
  readonly format: Format;
  readonly readable: ReadableStream<Bytes>;
  /** What was around the bytes. */
  readonly codec: Codec | undefined;
}

/**
 * Finds out what some input is: by what the user says, else by its name, else by how it begins.
 *
 * @param input The input, which is read from here on.
 * @param from The format, if the user has named it.
 * @param typedOnly Only brine and lines will do, or others that are named, and only the first bytes tell which.
 */
export async function identify(
  { name, readable }: Input,
  from?: string,
  typedOnly: boolean | readonly string[] = false,
): Promise<Identified> {
  const named = byName(name);
  const told = from === undefined ? undefined : formatOf(from);
  const expected = told ?? (typedOnly ? undefined : named.format);
  let seen: Detected;
  [seen, readable] = await detect(readable);
  const codec = named.codec ?? trusted(seen.codec, expected);
  if (codec) {
    readable = readable.pipeThrough(codec.decoder());
    [seen, readable] = await detect(readable);
  }
  const format = expected ?? seen.format;
  const problem = problemOf(format, seen, typedOnly);
  if (format && !problem) {
    return { format, readable: readable.pipeThrough(sweeping()), codec };
  }
  await readable.cancel();
  throw new CliError(`Cannot read ${name}: ${problem}`, EXIT.badInput);
}

/** Why there is no point in reading on. */
function problemOf(
  format: Format | undefined,
  seen: Detected,
  typedOnly: boolean | readonly string[],
): string | undefined {
  const isBrine = format?.name === "brine";
  if (isBrine && seen.format !== format) {
    return "it does not begin as brine does";
  }
  const isOther = Array.isArray(typedOnly) &&
    typedOnly.includes(format?.name ?? "");
  if (typedOnly && !format?.typed && !isOther) {
    return format ? `it is ${format.name}, not brine` : "it is not brine";
  }
  return format
    ? undefined
    : "its format cannot be told, so name it with --from";
}

function byName(name: string): Detected {
  return detectName(isUrl(name) ? new URL(name).pathname : name);
}

/** Some msgpack begins like deflate, so where that is expected, only the name of a file can tell. */
function trusted(
  codec: Codec | undefined,
  format: Format | undefined,
): Codec | undefined {
  const isDoubtful = codec?.name === "deflate" && format?.name === "msgpack";
  return isDoubtful ? undefined : codec;
}

/** Of a first chunk, so much is looked at. */
const MAX_HEAD = 1 << 16;

async function detect(
  readable: ReadableStream<Bytes>,
): Promise<[Detected, ReadableStream<Bytes>]> {
  const reader = readable.getReader();
  const head: Bytes[] = [];
  let length = 0;
  while (length < DETECT_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    head.push(value);
    length += value.length;
  }
  const start = new Uint8Array(Math.min(length, MAX_HEAD));
  let at = 0;
  for (const chunk of head) {
    const part = chunk.subarray(0, start.length - at);
    start.set(part, at);
    at += part.length;
  }
  return [detectBytes(start), chain(head, reader)];
}

/**
 * The chunks, and then what the reader gives. `concatReadableStreams` of `@std/streams` does the same, but does not
 * cancel a stream that it waits for at that moment.
 */
function chain(
  head: Bytes[],
  reader: ReadableStreamDefaultReader<Bytes>,
): ReadableStream<Bytes> {
  let next = 0;
  return new ReadableStream<Bytes>({
    async pull(controller) {
      if (next < head.length) return controller.enqueue(head[next++]!);
      head.length = 0;
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

/** How the values of some input are read. */
export function reader(format: Format, choice: FormatChoice): BatchStage {
  // A path leads to an array in a document: whoever names one wants its elements.
  const isInside = choice.path !== undefined && format.name === "json";
  return batches(isInside ? formatOf("json-array") : format, optionsOf(choice));
}

function batches(format: Format, options: FormatOptions): BatchStage {
  try {
    return format.batches(options);
  } catch (error) {
    // A path that is none.
    if (!(error instanceof SyntaxError)) throw error;
    throw new CliError(error.message, EXIT.usage);
  }
}

/** Values of one format, ready to be written in another. */
export function between(
  values: ReadableStream<readonly unknown[]>,
  from: Format,
  to: Format,
  { lossy }: FormatChoice,
): ReadableStream<readonly unknown[]> {
  return from.python ? plainFor(values, to, lossy) : values;
}

/** How output is written: batches of values, and the codec around everything. */
export interface Writer {
  readonly format: Format;
  readonly stage: BatchStage;
  readonly around: Codec | undefined;
}

/**
 * What to write, by what the user says, else by the name of the output.
 *
 * @param otherwise The format, if neither tells.
 */
export function writer(
  name: string,
  choice: FormatChoice,
  otherwise?: string,
): Writer {
  const named = byName(name);
  const told = choice.to ?? named.format?.name ?? otherwise;
  if (told === undefined) {
    throw new CliError(
      `Cannot tell what to make of ${name}: name its format with --to`,
      EXIT.usage,
    );
  }
  const format = formatOf(told);
  const codec = compressor(choice.compress, choice.level);
  // These two compress each frame on its own, so that they stay seekable; in others it is all or nothing.
  const inside = format.typed && codec ? { codec } : undefined;
  const around = choice.compress === undefined
    ? named.codec
    : inside
    ? undefined
    : codec;
  const stage = batches(format, { ...optionsOf(choice), ...inside });
  return { format, stage, around };
}

/** The longest that a timer can be set to. */
const NEVER = 2 ** 31 - 1;

function optionsOf(
  { family, path, lossy, isPrompt }: FormatChoice,
): FormatOptions {
  return {
    // Else the output would depend on how busy the machine was.
    ...(isPrompt ? { maxDelay: NEVER } : {}),
    ...(family === undefined ? {} : { family }),
    ...(path === undefined ? {} : { path }),
    ...(lossy === undefined ? {} : { lossy }),
  };
}
