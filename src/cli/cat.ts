import { toArrayBuffer } from "@std/streams/to-array-buffer";
import {
  DETECT_BYTES,
  detectBytes,
  type Format,
  open,
  type Source,
  urlSource,
} from "../../mod.ts";
import { ioError } from "./errors.ts";
import { fileSource, isUrl, openInput, openOutput, STDIO } from "./files.ts";
import {
  between,
  type FormatChoice,
  identify,
  reader,
  writer,
} from "./formats.ts";
import { sweeping } from "./sweep.ts";

/** What `cat` is told. */
export interface CatOptions extends Omit<FormatChoice, "from" | "to"> {
  readonly input: string;
  readonly output: string;
  /** The first value. @default {0} */
  readonly from: number | undefined;
  /** The value after the last. @default {Infinity} */
  readonly to: number | undefined;
  /** The format of the output. */
  readonly format: string | undefined;
}

/** Some of the values of a stream at rest, or of any other. */
export async function cat(options: CatOptions): Promise<void> {
  const { input, output, from = 0, to = Infinity, format } = options;
  const target = writer(
    output,
    { ...options, to: format, from: undefined },
    "ndjson",
  );
  const isPart = from > 0 || to < Infinity;
  const values = isPart && await seekable(input)
    ? (await open(sourceOf(input))).values(from, to).pipeThrough(singles())
    : await streamed(options, target.format, from, to);
  const bytes = values.pipeThrough(target.stage.encoder());
  const { around } = target;
  const coded = around ? bytes.pipeThrough(around.encoder()) : bytes;
  await coded.pipeThrough(sweeping()).pipeTo(await openOutput(output));
}

function sourceOf(input: string): Source {
  return isUrl(input) ? urlSource(input) : fileSource(input);
}

/** Whether the bytes can be read from any place, and are brine, with nothing around them. */
async function seekable(input: string): Promise<boolean> {
  if (input === STDIO) return false;
  try {
    const source = sourceOf(input);
    const length = Math.min(await source.size(), DETECT_BYTES);
    const head = await toArrayBuffer(await source.read(0, length));
    return detectBytes(new Uint8Array(head)).format?.name === "brine";
  } catch (error) {
    throw ioError("open", input, error);
  }
}

async function streamed(
  options: CatOptions,
  target: Format,
  from: number,
  to: number,
): Promise<ReadableStream<readonly unknown[]>> {
  const { format, readable } = await identify(await openInput(options.input));
  const choice = { ...options, from: undefined, to: undefined };
  const values = readable
    .pipeThrough(reader(format, choice).decoder())
    .pipeThrough(slice(from, to));
  return between(values, format, target, choice);
}

/** Of all values, those from one position to another; ends there. */
function slice(
  from: number,
  to: number,
): TransformStream<readonly unknown[], readonly unknown[]> {
  let position = 0;
  return new TransformStream({
    transform(batch, controller) {
      const start = Math.max(0, from - position);
      const part = batch.slice(start, Math.max(start, to - position));
      position += batch.length;
      if (part.length > 0) controller.enqueue(part);
      if (position >= to) controller.terminate();
    },
  });
}

function singles<T>(): TransformStream<T, readonly T[]> {
  return new TransformStream({
    transform: (value, controller) => controller.enqueue([value]),
  });
}
