import {
  type Bytes,
  compress,
  DeserializeBatchesStream,
  type Format,
  FormatError,
  type Header,
  type Message,
  type PackedMessage,
  PackedMessageStream,
  split,
} from "../../mod.ts";
import { asDamage } from "./errors.ts";
import { openInput, writeOut } from "./files.ts";
import { identify, reader } from "./formats.ts";
import { progressBar } from "./progress_bar.ts";
import { isEnvelope } from "./rows.ts";
import { sweeping } from "./sweep.ts";
import { plural } from "./text.ts";

/** What `verify` is told. */
export interface VerifyOptions {
  readonly input: string;
  readonly from?: string | undefined;
  readonly deep: boolean;
  readonly quiet: boolean;
}

/** Reads everything there is, and says that it is well; or throws what is wrong with it. */
export async function verify(options: VerifyOptions): Promise<void> {
  const input = await openInput(options.input);
  const bar = progressBar({ total: input.size, quiet: options.quiet });
  const readable = input.readable.pipeThrough(bar);
  const { format, readable: bytes } = await identify(
    { ...input, readable },
    options.from,
  );
  const found = await read(format, bytes, options.deep).catch((error) => {
    throw asDamage(error);
  });
  if (!options.quiet) await writeOut(`${input.name}: ok, ${found}\n`);
}

async function read(
  format: Format,
  bytes: ReadableStream<Bytes>,
  deep: boolean,
): Promise<string> {
  if (format.name === "brine") return await verifyBrine(bytes, deep);
  return await countValues(bytes.pipeThrough(reader(format, {}).decoder()));
}

async function verifyBrine(
  bytes: ReadableStream<Bytes>,
  deep: boolean,
): Promise<string> {
  const index = new IndexCheck();
  const messages = bytes
    .pipeThrough(new PackedMessageStream())
    .pipeThrough(index.stream());
  if (!deep) {
    await messages.pipeTo(new WritableStream());
    return `${index.summary}, checksums, end and index are right`;
  }
  const values = messages
    .pipeThrough(compress().decoder())
    .pipeThrough(sweeping())
    .pipeThrough(split().decoder())
    .pipeThrough(new DeserializeBatchesStream());
  const found = await countValues(values);
  return `${index.summary}, and reading them gives ${found}`;
}

async function countValues(
  batches: ReadableStream<readonly unknown[]>,
): Promise<string> {
  let count = 0;
  for await (const batch of batches) count += batch.length;
  return plural(count, "value");
}

/**
 * Whether the index points at messages, with as many values before them as it says. The stage before it has compared
 * the counts of messages and values already.
 */
class IndexCheck {
  // Sixteen bytes for each message: an index is told only at the end.
  readonly #offsets: number[] = [];
  readonly #firstValues: number[] = [];
  #values = 0;

  get summary(): string {
    const messages = plural(this.#offsets.length, "message");
    return `${messages} with ${plural(this.#values, "value")}`;
  }

  /** Lets the messages pass that hold values. */
  stream(): TransformStream<PackedMessage, Message> {
    return new TransformStream({
      transform: ({ message, offset }, controller) => {
        const { header } = message;
        if (header.end) this.#check(header, offset);
        if (isEnvelope(header)) return;
        this.#offsets.push(offset);
        this.#firstValues.push(this.#values);
        if (header.stream === undefined) this.#values += header.values ?? 1;
        controller.enqueue(message);
      },
    });
  }

  #check({ index }: Header, offset: number): void {
    const entries: readonly unknown[] = Array.isArray(index) ? index : [];
    if (entries.length === 0 && this.#offsets.length > 0) {
      throw new FormatError("frames", "there is no index", { offset });
    }
    let at = 0;
    for (const entry of entries) {
      const [place, value] = Array.isArray(entry) ? entry : [];
      while (this.#offsets[at]! < place) at++;
      const fits = this.#offsets[at] === place &&
        this.#firstValues[at] === value;
      if (fits) continue;
      throw new FormatError(
        "frames",
        `the index tells of value ${value} at byte ${place}, where it is not`,
        { offset },
      );
    }
  }
}
